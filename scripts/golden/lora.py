"""Golden values for LoRA on a BERT encoder: PyTorch's loss, gradients and AdamW steps; and adapters in peft.

Not run by `npm test`. Needs torch and numpy, and for the adapters peft and transformers:
    python scripts/golden/lora.py
        writes test/golden/lora.json and test/golden/tiny-bert/, a random encoder as a sentence-transformers folder
    python scripts/golden/lora.py peft ENCODER ADAPTER PREDICTIONS.json
        loads ADAPTER (as Model.save writes it) on ENCODER with peft, and holds the logits of texts against ours

The encoder is written out here in PyTorch, so that its values need no other package than torch.
"""

import json
import math
import struct
import sys
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

ROOT = Path(__file__).resolve().parents[2]
VOCABULARY, WIDTH, LAYERS, HEADS, INNER, POSITIONS, EPSILON = 40, 12, 2, 3, 20, 16, 1e-6
RANK, ALPHA, CLASSES, STEPS, LR, DECAY = 3, 6.0, 3, 4, 0.01, 0.05
LENGTHS = [6, 4, 6, 1, 3]


def encoder_weights() -> dict[str, torch.Tensor]:
    """Random weights under Hugging Face's names; layer norms away from 1 and 0, so that they matter."""
    generator = torch.Generator().manual_seed(7)
    draw = lambda *shape, scale=0.3: scale * torch.randn(*shape, generator=generator)
    norm = lambda: {"weight": 1 + draw(WIDTH, scale=0.1), "bias": draw(WIDTH, scale=0.1)}
    out = {
        "embeddings.word_embeddings.weight": draw(VOCABULARY, WIDTH, scale=1.0),
        "embeddings.position_embeddings.weight": draw(POSITIONS, WIDTH),
        "embeddings.token_type_embeddings.weight": draw(2, WIDTH),
    }
    out |= {f"embeddings.LayerNorm.{k}": v for k, v in norm().items()}
    for layer in range(LAYERS):
        at = f"encoder.layer.{layer}"
        for name, outputs, inputs in modules(at):
            out |= {f"{name}.weight": draw(outputs, inputs), f"{name}.bias": draw(outputs, scale=0.1)}
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            out |= {f"{at}.{name}.{k}": v for k, v in norm().items()}
    return out


def modules(layer: str) -> list[tuple[str, int, int]]:
    """Linear modules of a layer in the order of BertModel: name, outputs, inputs."""
    square = ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense")
    return [(f"{layer}.{name}", WIDTH, WIDTH) for name in square] + [
        (f"{layer}.intermediate.dense", INNER, WIDTH),
        (f"{layer}.output.dense", WIDTH, INNER),
    ]


def targeted(targets: list[str]) -> list[tuple[str, int, int]]:
    every = [module for layer in range(LAYERS) for module in modules(f"encoder.layer.{layer}")]
    return [m for m in every if any(m[0] == t or m[0].endswith("." + t) for t in targets)]


def encode(weights, adapter, scaling, ids, mask, pooling):
    def dense(x, name):
        y = F.linear(x, weights[f"{name}.weight"], weights[f"{name}.bias"])
        if name in adapter:
            a, b = adapter[name]
            y = y + scaling * F.linear(F.linear(x, a), b)
        return y

    def norm(x, name):
        return F.layer_norm(x, (WIDTH,), weights[f"{name}.weight"], weights[f"{name}.bias"], EPSILON)

    batch, tokens = ids.shape
    x = weights["embeddings.word_embeddings.weight"][ids]
    x = x + weights["embeddings.position_embeddings.weight"][:tokens]
    x = norm(x + weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    hidden = (mask == 0)[:, None, None, :]
    for layer in range(LAYERS):
        at = f"encoder.layer.{layer}"
        q, k, v = (
            dense(x, f"{at}.attention.self.{part}").view(batch, tokens, HEADS, -1).transpose(1, 2)
            for part in ("query", "key", "value")
        )
        scores = (q @ k.transpose(2, 3) / math.sqrt(WIDTH / HEADS)).masked_fill(hidden, float("-inf"))
        mixed = (scores.softmax(-1) @ v).transpose(1, 2).reshape(batch, tokens, WIDTH)
        x = norm(dense(mixed, f"{at}.attention.output.dense") + x, f"{at}.attention.output.LayerNorm")
        inner = F.gelu(dense(x, f"{at}.intermediate.dense"))
        x = norm(dense(inner, f"{at}.output.dense") + x, f"{at}.output.LayerNorm")
    if pooling == "first":
        return x[:, 0]
    pooled = (x * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
    return F.normalize(pooled, dim=1)


def flat(tensors) -> list[float]:
    return torch.cat([tensor.detach().reshape(-1) for tensor in tensors]).tolist()


def case(name: str, targets: list[str], rs_lora: bool, pooling: str, hidden: int, clip: float | None):
    generator = torch.Generator().manual_seed(11 + len(targets))
    draw = lambda *shape: torch.randn(*shape, generator=generator)
    weights = encoder_weights()
    scaling = ALPHA / (math.sqrt(RANK) if rs_lora else RANK)
    adapter = {
        # B away from its usual start of zero: otherwise the gradient of A would be zero.
        module: [nn.Parameter(0.3 * draw(RANK, inputs)), nn.Parameter(0.2 * draw(outputs, RANK))]
        for module, outputs, inputs in targeted(targets)
    }
    sizes = [(hidden, WIDTH), (CLASSES, hidden)] if hidden else [(CLASSES, WIDTH)]
    head = [nn.Parameter(0.5 * draw(*shape)) for o, i in sizes for shape in ((o, i), (o,))]
    ids = torch.randint(3, VOCABULARY, (len(LENGTHS), max(LENGTHS)), generator=generator)
    mask = torch.tensor([[1.0] * n + [0.0] * (max(LENGTHS) - n) for n in LENGTHS])
    y = torch.tensor([0, 2, 1, 1, 0])
    w = torch.tensor([1.0, 0.25, 2.0, 0.5, 0.0])
    centre, spread = 0.1 * draw(WIDTH), 0.2 + draw(WIDTH).abs()

    def logits():
        x = (encode(weights, adapter, scaling, ids, mask, pooling) - centre) / spread
        if hidden:
            x = F.relu(F.linear(x, head[0], head[1]))
        return F.linear(x, head[-2], head[-1])

    trained = [tensor for pair in adapter.values() for tensor in pair] + head
    out = {"name": name, "targetModules": targets, "rsLora": rs_lora, "pooling": pooling, "hidden": hidden}
    out |= {"rank": RANK, "alpha": ALPHA, "classes": CLASSES, "clipNorm": clip, "lr": LR, "weightDecay": DECAY}
    out |= {"tokens": max(LENGTHS), "ids": ids.flatten().tolist(), "mask": mask.flatten().tolist()}
    out |= {"y": y.tolist(), "w": w.tolist(), "centre": centre.tolist(), "spread": spread.tolist()}
    out |= {"initial": flat(trained), "logits": flat([logits()])}
    optimiser = torch.optim.AdamW(trained, lr=LR, weight_decay=DECAY)
    losses = []
    for step in range(STEPS):
        optimiser.zero_grad()
        loss = (w * F.cross_entropy(logits(), y, reduction="none")).sum() / w.sum()
        loss.backward()
        losses.append(loss.item())
        if step == 0:
            out["gradient"] = flat(p.grad for p in trained)
        if clip is not None:
            nn.utils.clip_grad_norm_(trained, clip)
        optimiser.step()
    return out | {"losses": losses, "final": flat(trained)}


def write_safetensors(path: Path, tensors: dict[str, torch.Tensor]) -> None:
    header, offset = {}, 0
    for name, tensor in tensors.items():
        size = 4 * tensor.numel()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    body = b"".join(tensor.contiguous().numpy().astype("<f4").tobytes() for tensor in tensors.values())
    path.write_bytes(struct.pack("<Q", len(text)) + text + body)


def write_encoder(folder: Path) -> None:
    """A sentence-transformers folder with a word-level tokenizer of the words w5, w6, ..."""
    (folder / "1_Pooling").mkdir(parents=True, exist_ok=True)
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    words = special + [f"w{i}" for i in range(len(special), VOCABULARY)]
    added = [
        {"id": i, "content": token, "single_word": False, "lstrip": False, "rstrip": False}
        | {"normalized": False, "special": True}
        for i, token in enumerate(special)
    ]
    frame = lambda token: {"SpecialToken": {"id": token, "type_id": 0}}
    tokenizer = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": added,
        "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True}
        | {"strip_accents": None, "lowercase": True},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [frame("[CLS]"), {"Sequence": {"id": "A", "type_id": 0}}, frame("[SEP]")],
            "pair": [],
            "special_tokens": {
                token: {"id": token, "ids": [special.index(token)], "tokens": [token]} for token in ("[CLS]", "[SEP]")
            },
        },
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##"}
        | {"max_input_chars_per_word": 100, "vocab": {word: i for i, word in enumerate(words)}},
    }
    config = {"model_type": "bert", "architectures": ["BertModel"], "hidden_act": "gelu", "type_vocab_size": 2}
    config |= {"vocab_size": VOCABULARY, "hidden_size": WIDTH, "num_hidden_layers": LAYERS}
    config |= {"num_attention_heads": HEADS, "intermediate_size": INNER, "max_position_embeddings": POSITIONS}
    config |= {"layer_norm_eps": EPSILON, "hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
    files = {
        "modules.json": [
            {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for i, (path, kind) in enumerate([("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")])
        ],
        "config.json": config,
        "sentence_bert_config.json": {"max_seq_length": POSITIONS, "do_lower_case": False},
        "1_Pooling/config.json": {"word_embedding_dimension": WIDTH, "pooling_mode_mean_tokens": True},
        "tokenizer.json": tokenizer,
        "tokenizer_config.json": {"tokenizer_class": "BertTokenizer", "model_max_length": POSITIONS}
        | {"unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]", "pad_token": "[PAD]"},
    }
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content, indent=1) + "\n")
    write_safetensors(folder / "model.safetensors", encoder_weights())


def check_peft(encoder: str, adapter: str, predictions: str) -> None:
    """PREDICTIONS.json holds texts and our logits [texts][classes]."""
    from peft import PeftModel
    from safetensors.torch import load_file
    from transformers import AutoModel, AutoTokenizer

    given = json.loads(Path(predictions).read_text())
    base = AutoModel.from_pretrained(encoder, attn_implementation="eager").eval()
    model = PeftModel.from_pretrained(base, adapter).eval()
    loaded = sum(p.numel() for name, p in model.named_parameters() if "lora_" in name)
    head = load_file(str(Path(adapter) / "head.safetensors"))
    tokens = AutoTokenizer.from_pretrained(encoder)(given["texts"], padding=True, return_tensors="pt")
    with torch.no_grad():
        states = model(input_ids=tokens["input_ids"], attention_mask=tokens["attention_mask"]).last_hidden_state
        mask = tokens["attention_mask"][..., None]
        vectors = F.normalize((states * mask).sum(1) / mask.sum(1), dim=1)
        x = (vectors - head["input.mean"]) / head["input.scale"]
        if "hidden.weight" in head:
            x = F.relu(F.linear(x, head["hidden.weight"], head["hidden.bias"]))
        theirs = F.linear(x, head["output.weight"], head["output.bias"])
    ours = torch.tensor(given["logits"])
    worst = ((ours - theirs).abs().max() / theirs.abs().max()).item()
    print(json.dumps({"loraParameters": loaded, "texts": len(given["texts"]), "largestRelativeDifference": worst}))
    if worst > 1e-4:
        sys.exit("logits differ by more than 1e-4 of the largest")


def main() -> None:
    if sys.argv[1:2] == ["peft"]:
        check_peft(*sys.argv[2:])
        return
    torch.set_default_dtype(torch.float32)
    write_encoder(ROOT / "test/golden/tiny-bert")
    every = ["query", "key", "value", "attention.output.dense", "intermediate.dense", "output.dense"]
    cases = [
        case("query and value", ["query", "value"], False, "mean", 0, None),
        case("every module, rank-stabilised, clipped", every, True, "mean", 5, 0.5),
        case("first token", ["key", "intermediate.dense"], False, "first", 0, None),
    ]
    path = ROOT / "test/golden/lora.json"
    path.write_text(json.dumps({"madeBy": f"torch {torch.__version__}", "cases": cases}) + "\n")
    print(f"{len(cases)} cases -> {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
