"""Golden values for the classification head: PyTorch's loss, gradient and AdamW steps; and the checks of onnx.

Not run by `npm test`. Needs torch, and for the check of model files onnx:
    python scripts/golden/head.py                 writes test/golden/head.json
    python scripts/golden/head.py FILE.onnx ...   runs onnx.checker (full_check) on models, says "ok" for each
"""

import json
import sys
from pathlib import Path

import torch

ROOT = Path(__file__).resolve().parents[2]
FEATURES, CLASSES, ROWS, STEPS, LR, DECAY = 7, 4, 6, 5, 0.02, 0.05


def weighted_loss(model, x, y, w):
    """sum(w l) / sum(w): a full batch of the step loss sum(w l) / (N_step x mean training weight)."""
    each = torch.nn.functional.cross_entropy(model(x), y, reduction="none")
    return (w * each).sum() / w.sum()


def flat(tensors):
    return torch.cat([tensor.detach().reshape(-1) for tensor in tensors]).tolist()


def case(name: str, hidden: int, activation: str, clip: float | None, dtype: torch.dtype):
    torch.manual_seed(3 + hidden)
    x = torch.randn(ROWS, FEATURES)
    y = torch.tensor([0, 1, 2, 3, 1, 0])
    w = torch.tensor([1.0, 0.5, 2.0, 0.0, 1.5, 0.25])
    act = torch.nn.ReLU() if activation == "relu" else torch.nn.GELU()
    layers = [torch.nn.Linear(FEATURES, hidden), act, torch.nn.Linear(hidden, CLASSES)]
    model = torch.nn.Sequential(*(layers if hidden else [torch.nn.Linear(FEATURES, CLASSES)])).to(dtype)
    out = {"name": name, "features": FEATURES, "classes": CLASSES, "hidden": hidden, "activation": activation}
    out |= {"clipNorm": clip, "lr": LR, "weightDecay": DECAY, "x": x.flatten().tolist(), "y": y.tolist()}
    out |= {"w": w.tolist(), "initial": flat(model.parameters())}
    x, w = x.to(dtype), w.to(dtype)
    optimiser = torch.optim.AdamW(model.parameters(), lr=LR, weight_decay=DECAY)
    losses = []
    for step in range(STEPS):
        optimiser.zero_grad()
        loss = weighted_loss(model, x, y, w)
        loss.backward()
        losses.append(loss.item())
        if step == 0:
            out["gradient"] = flat(p.grad for p in model.parameters())
        if clip is not None:
            torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
        optimiser.step()
    return out | {"losses": losses, "final": flat(model.parameters())}


def check(paths: list[str]) -> None:
    import onnx

    for path in paths:
        onnx.checker.check_model(path, full_check=True)
        print(f"{path}: onnx {onnx.__version__} full_check ok")


def main() -> None:
    if sys.argv[1:]:
        check(sys.argv[1:])
        return
    cases = [
        case("linear", 0, "relu", None, torch.float32),
        case("hidden relu", 5, "relu", None, torch.float32),
        case("hidden gelu, clipped", 5, "gelu", 0.1, torch.float32),
    ]
    path = ROOT / "test/golden/head.json"
    path.write_text(json.dumps({"madeBy": f"torch {torch.__version__}", "cases": cases}, indent=1) + "\n")
    print(f"{len(cases)} cases -> {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
