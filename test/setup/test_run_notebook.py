"""scripts/run_notebook.py: what it writes, and what it does with a cell that fails. Uses Python's own kernel, so
that it says nothing about ours."""

import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

SCRIPT = Path(__file__).parents[2] / "scripts" / "run_notebook.py"
sys.path.insert(0, str(SCRIPT.parent))

from run_notebook import cell_name, plain_text, results  # noqa: E402


def execute(folder, cells, kernel="python3"):
    source = folder / "a notebook.ipynb"
    metadata = {"kernelspec": {"name": kernel, "display_name": kernel, "language": "python"}}
    nbformat.write(new_notebook(cells=cells, metadata=metadata), source)
    files = {name: folder / "out" / name for name in ("output", "html", "results")}
    files["output"] = folder / "a notebook.executed.ipynb"
    options = [text for name, file in files.items() for text in (f"--{name}", str(file))]
    command = [sys.executable, str(SCRIPT), str(source), *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    return done, files


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    cells = [
        new_markdown_cell("# Title"),
        new_code_cell("import os\nopen('beside', 'w').close()\nx = 6"),
        new_code_cell("print('said'); x * 7", metadata={"tags": ["result"]}),
        new_code_cell("print('not a result')"),
    ]
    cells[1].outputs = [nbformat.v4.new_output("stream", text="of an earlier run")]
    folder = tmp_path_factory.mktemp("run")
    return folder, *execute(folder, cells)


def test_a_good_notebook_is_executed_in_its_own_folder_and_the_source_is_not_touched(good):
    folder, done, files = good
    assert done.returncode == 0, done.stderr
    assert (folder / "beside").exists()
    executed = nbformat.read(files["output"], as_version=4)
    assert [cell.execution_count for cell in executed.cells[1:]] == [1, 2, 3]
    assert executed.cells[1].outputs == []
    source = nbformat.read(folder / "a notebook.ipynb", as_version=4)
    assert source.cells[2].execution_count is None


def test_progress_names_every_code_cell_with_its_seconds(good):
    lines = good[1].stdout.splitlines()
    assert [line.split(" ... ")[0] for line in lines] == [
        "  cell 1/3 import os",
        "  cell 2/3 print('said'); x * 7",
        "  cell 3/3 print('not a result')",
    ]
    assert all(line.endswith(" s") for line in lines)


def test_only_cells_tagged_result_are_results(good):
    assert json.loads(good[2]["results"].read_text()) == ["said\n42"]


def test_the_page_holds_what_the_cells_said(good):
    assert "not a result" in good[2]["html"].read_text()


def test_a_failing_cell_stops_the_run_and_nothing_is_taken_for_its_result(tmp_path):
    cells = [new_code_cell("print('before')"), new_code_cell("raise ValueError('too small')"), new_code_cell("1")]
    done, files = execute(tmp_path, cells)
    assert done.returncode == 1
    assert "ValueError: too small" in done.stderr
    assert "cell 2/3" in done.stdout and "FAILED" in done.stdout and "cell 3/3" not in done.stdout
    assert not any(file.exists() for file in files.values())
    failed = nbformat.read(tmp_path / "a notebook.executed.failed.ipynb", as_version=4)
    assert failed.cells[0].outputs[0].text == "before\n"


def test_a_missing_kernel_is_named(tmp_path):
    done, _ = execute(tmp_path, [new_code_cell("1")], kernel="no-such-kernel")
    assert done.returncode == 1
    assert "no-such-kernel" in done.stderr and "Traceback" not in done.stderr


def test_a_kernel_that_ends_is_said_to_have_ended(tmp_path):
    done, _ = execute(tmp_path, [new_code_cell("import os; os._exit(1)")])
    assert done.returncode == 1
    assert "kernel" in done.stderr.lower() and "Traceback" not in done.stderr


def test_cells_are_named_by_their_stages_or_their_first_line_of_code():
    assert cell_name("const a = await hysim.load({})\nconst b = await hysim.samples({ a }, {})") == "load, samples"
    assert cell_name("// why\n\nconst x = 1\nconst y = 2") == "const x = 1"
    assert len(cell_name("x" * 80)) == 50


def test_plain_text_leaves_pictures_colours_and_errors_out():
    cell = new_code_cell("x")
    cell.outputs = [
        nbformat.v4.new_output("display_data", data={"image/png": "AAAA", "text/plain": "\x1b[1mloss\x1b[0m 0.3"}),
        nbformat.v4.new_output("stream", name="stderr", text="a warning"),
        nbformat.v4.new_output("display_data", data={"image/png": "AAAA"}),
    ]
    assert plain_text(cell) == "loss 0.3"
    assert results(new_notebook(cells=[cell])) == []
