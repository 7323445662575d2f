"""The sample analysis, run as a person runs it, in a copy of examples/ so that no earlier result is found.

Whether its numbers are right is for the stages' tests; here it runs from top to bottom, and every picture
that it promises is there, with words beside it, in the notebook and in the page made from it.
"""

import base64
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
MIME = "application/vnd.hysim.v1+json"
# Ample, so that a slow machine does not fail it: how long the analysis takes is printed, not tested.
LIMIT_S = 900


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The executed notebook, its page and its results."""
    folder = tmp_path_factory.mktemp("sample") / "examples"
    unwanted = shutil.ignore_patterns(".hysim", "*.executed*", "*.failed*", ".ipynb_checkpoints")
    shutil.copytree(ROOT / "examples", folder, ignore=unwanted)
    files = {"output": folder / "done.ipynb", "html": folder / "done.html", "results": folder / "done.json"}
    options = [text for name, file in files.items() for text in (f"--{name}", str(file))]
    command = [sys.executable, str(ROOT / "scripts" / "run_notebook.py"), str(folder / "pk-sample.ipynb"), *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    notebook = nbformat.read(files["output"], as_version=4)
    return notebook, files["html"].read_text(), json.loads(files["results"].read_text())


def views(notebook):
    """The bundles of our mime type, in order."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return [output.data for output in outputs if MIME in output.get("data", {})]


def test_no_cell_says_anything_on_standard_error(run):
    outputs = [output for cell in run[0].cells for output in cell.get("outputs", [])]
    assert [output.text for output in outputs if output.get("name") == "stderr"] == []


def test_it_shows_every_kind_of_view(run):
    kinds = {bundle[MIME]["kind"] for bundle in views(run[0])}
    assert {"embedding", "distribution", "training", "report", "certificate"} <= kinds


def test_every_view_has_a_picture_that_is_not_blank_and_words(run):
    for bundle in views(run[0]):
        kind = bundle[MIME]["kind"]
        png = base64.b64decode(bundle["image/png"])
        assert png.startswith(b"\x89PNG"), kind
        # A blank canvas of this size packs to a few kilobytes.
        assert len(png) > 8_000, kind
        assert len(bundle["text/plain"]) > 40, kind


def test_every_view_is_in_the_page_too(run):
    pictures = re.findall(r"data:image/png;base64,([A-Za-z0-9+/=\s]+)", run[1])
    page = {re.sub(r"\s", "", picture) for picture in pictures}
    for bundle in views(run[0]):
        assert re.sub(r"\s", "", bundle["image/png"]) in page, bundle[MIME]["kind"]


def test_every_picture_has_its_size_and_an_alternative_text(run):
    pictures = re.findall(r"<img[^>]*data:image/png[^>]*>", run[1])
    assert pictures
    for picture in pictures:
        assert re.search(r'width="?960', picture), picture[:200]
        assert re.search(r'alt="[^"]{10,}', picture), picture[:200]


def test_the_results_are_words_and_name_the_certificate(run):
    assert run[2], "no cell is tagged result"
    text = "\n".join(run[2])
    assert re.search(r"vacuous|says nothing", text, re.IGNORECASE), text
    assert re.search(r"\bpapers?\b", text)


def test_it_tells_its_story_in_markdown(run):
    markdown = [cell for cell in run[0].cells if cell.cell_type == "markdown"]
    assert len(markdown) >= 8
