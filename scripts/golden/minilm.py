"""Golden sentence vectors for the tests: all-MiniLM-L6-v2 by sentence-transformers on header texts of the sample.

Not run by `npm test`. Needs sentence-transformers (and torch) besides the encoder's folder:
    python scripts/golden/minilm.py ENCODER_FOLDER
writes test/golden/minilm.json: per text its token count and its 384 numbers (float32, base64, little-endian).
"""

import base64
import json
import sys
from pathlib import Path

import numpy as np
import sentence_transformers
import torch
from sentence_transformers import SentenceTransformer

ROOT = Path(__file__).resolve().parents[2]


def texts() -> list[str]:
    """Real headers, spread over papers and kinds of table, then texts that are awkward to tokenize."""
    rows = [json.loads(line) for line in (ROOT / "examples/data/pk-sample/headers.jsonl").open(encoding="utf-8")]
    distinct = list(dict.fromkeys(row["text"] for row in rows if row["text"].strip()))
    by_length = sorted(distinct, key=lambda text: (len(text), text))
    spread = [by_length[round(i * (len(by_length) - 1) / 19)] for i in range(20)]
    awkward = [
        "t½,z (h)",
        "AUC0–∞ (µg·h/mL) — geometric mean [CV%]",
        "CL/F (L·h⁻¹·kg⁻¹)  Θ₁ ÷ naïve 薬物動態",
        " ".join(["apparent volume of distribution at steady state"] * 60),
    ]
    return spread + awkward


def main() -> None:
    torch.manual_seed(0)
    model = SentenceTransformer(sys.argv[1], device="cpu")
    entries = []
    for text in texts():
        vector = model.encode([text], convert_to_numpy=True)[0].astype("<f4")
        features = model.tokenize([text])
        entries.append(
            {
                "text": text,
                "tokens": int(features["attention_mask"].sum()),
                "vector": base64.b64encode(vector.tobytes()).decode(),
            }
        )
        assert np.isclose(np.linalg.norm(vector), 1, atol=1e-5)
    out = {
        "madeBy": f"sentence-transformers {sentence_transformers.__version__}, torch {torch.__version__}",
        "entries": entries,
    }
    path = ROOT / "test/golden/minilm.json"
    path.write_text(json.dumps(out, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{len(entries)} texts -> {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
