"""HySim Lab's JupyterLab extension, as a Python package: its assets, found by JupyterLab. No code runs here."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("hysim_lab")
except PackageNotFoundError:  # used from a clone, where the extension is linked and not installed
    __version__ = "dev"


def _jupyter_labextension_paths():
    return [{"src": "labextension", "dest": "hysim-lab"}]
