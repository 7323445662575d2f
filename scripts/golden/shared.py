"""What the scripts of this folder that use the reference numerics share: the reference itself, digits, and the file."""
import json
import pathlib
import sys

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "test" / "reference"))
import hysim  # noqa: E402, F401


def r(a):
    """Nested lists with enough digits to be exact to 1e-12."""
    return np.round(np.asarray(a, float), 12).tolist()


def write(name, out):
    """test/golden/NAME.json."""
    path = ROOT / "test" / "golden" / f"{name}.json"
    path.write_text(json.dumps(out, default=float) + "\n")
    print(path, path.stat().st_size, "bytes")
