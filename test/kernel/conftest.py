"""A kernelspec for the kernel as it is built in lib/, in a temporary folder of its own."""

import json
import os
import shutil
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MAIN = ROOT / "lib" / "kernel" / "jupyter" / "main.js"

SPEC = {
    "argv": [
        shutil.which("node") or "node",
        "--no-force-async-hooks-checks",
        str(MAIN),
        "{connection_file}",
    ],
    "display_name": "HySim (TypeScript)",
    "language": "typescript",
    "interrupt_mode": "message",
}


def pytest_configure(config):
    assert MAIN.exists(), f"{MAIN} is missing: build the kernel first (npx tsc -b kernel)"
    folder = tempfile.mkdtemp(prefix="hysim-kernelspec-")
    spec = Path(folder) / "kernels" / "hysim"
    spec.mkdir(parents=True)
    (spec / "kernel.json").write_text(json.dumps(SPEC))
    # First, so that an installed kernelspec of the same name is not what is tested.
    os.environ["JUPYTER_PATH"] = os.pathsep.join(
        [folder, *filter(None, [os.environ.get("JUPYTER_PATH")])]
    )
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
