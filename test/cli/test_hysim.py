"""`hysim run` with the real kernel: what is run, what is saved, and what is left as it was."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ROOT = Path(__file__).parents[2]
HYSIM = ["node", str(ROOT / "scripts" / "hysim.mjs")]
KERNEL = {"kernelspec": {"name": "hysim", "display_name": "HySim (TypeScript)", "language": "typescript"}}
# Ample, so that a slow machine does not fail it.
LIMIT_S = 300

CELLS = [
    'import * as hysim from "hysim-lab";',
    'const tables = await hysim.load({ path: "data" });',
    "tables.toString().length > 0",
    "const factor = 2;",
    "console.log(21 * factor);",
    "const rows: number[] = [];",
    "rows.push(1); rows.length",
    "console.log('alone', process.pid);",
]


def write(path, sources):
    cells = [new_markdown_cell("# Title", id="title")]
    cells += [new_code_cell(source, id=f"c{i}") for i, source in enumerate(sources)]
    nbformat.write(new_notebook(cells=cells, metadata=KERNEL), path)


def edit(path, index, source):
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[index + 1].source = source
    nbformat.write(notebook, path)


def outputs(path):
    cells = nbformat.read(path, as_version=4).cells
    return [json.dumps(cell.outputs) for cell in cells if cell.cell_type == "code"]


def hysim(*args, code=0):
    done = subprocess.run([*HYSIM, *map(str, args)], capture_output=True, text=True, timeout=LIMIT_S, check=False)
    assert done.returncode == code, f"{done.stdout}\n{done.stderr}"
    return done


def ran(done):
    """Numbers of the cells that were run, as the command counts them: from 1."""
    lines = [line.split() for line in done.stdout.splitlines()]
    return [int(words[2]) for words in lines if len(words) > 2 and "/" in words[0] and words[1] == "cell"]


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    """A notebook beside a folder of data, all of which has run once."""
    folder = tmp_path_factory.mktemp("hysim run")
    (folder / "data").mkdir()
    (folder / "data" / "one.csv").write_text("Parameter,Dose 1\nCmax (ng/mL),10\n")
    path = folder / "a notebook.ipynb"
    write(path, CELLS)
    assert ran(hysim("run", path, "--stale")) == list(range(1, 9))
    return path


def test_what_has_run_is_saved_as_jupyter_saves_it(notebook):
    saved = notebook.read_text(encoding="utf-8")
    assert nbformat.writes(nbformat.reads(saved, as_version=4)) + "\n" == saved
    assert "42" in outputs(notebook)[4]
    assert not list(notebook.parent.glob(".*.part"))


def test_a_second_run_of_what_is_stale_runs_nothing_and_says_so(notebook):
    before = notebook.read_bytes()
    done = hysim("run", notebook, "--stale")
    assert ran(done) == []
    assert "Nothing to run" in done.stdout
    assert notebook.read_bytes() == before


def test_an_edited_cell_runs_with_what_it_needs_and_the_rest_keeps_its_outputs(notebook):
    before = outputs(notebook)
    edit(notebook, 4, "console.log(100 * factor);")
    done = hysim("run", notebook, "--stale")
    assert ran(done) == [4, 5]
    after = outputs(notebook)
    assert "200" in after[4]
    assert after[:3] + after[5:] == before[:3] + before[5:]
    assert ran(hysim("run", notebook, "--stale")) == []


def test_a_comment_is_no_change(notebook):
    edit(notebook, 3, "const factor = 2; // said")
    assert ran(hysim("run", notebook, "--stale")) == []


def test_a_file_that_holds_something_else_makes_what_reads_it_stale(notebook):
    (notebook.parent / "data" / "one.csv").write_text("Parameter,Dose 1\nCmax (ng/mL),11\n")
    assert ran(hysim("run", notebook, "--stale")) == [1, 2, 3]


def test_an_output_that_was_changed_by_another_counts_as_stale(notebook):
    saved = nbformat.read(notebook, as_version=4)
    saved.cells[8].outputs = []
    nbformat.write(saved, notebook)
    done = hysim("run", notebook, "--stale")
    assert ran(done) == [8]
    assert "of no run on record" in done.stdout


def test_a_cell_that_fails_is_saved_named_and_ends_with_1(notebook):
    edit(notebook, 4, "throw new RangeError('too far ' + factor);")
    done = hysim("run", notebook, "--stale", code=1)
    assert "cell 5 (throw new RangeError" in done.stderr
    assert "RangeError: too far 2" in done.stderr
    failed = nbformat.read(notebook, as_version=4).cells[5].outputs
    assert [output.output_type for output in failed] == ["error"]
    # What failed is due again, whatever it is on record.
    edit(notebook, 4, "console.log(21 * factor);")
    assert ran(hysim("run", notebook, "--stale")) == [4, 5]


def test_without_stale_everything_runs_in_the_order_of_the_graph(tmp_path):
    path = tmp_path / "n.ipynb"
    write(path, ["console.log(late);", "const late = 1;", "", "late"])
    assert ran(hysim("run", path)) == [2, 1, 4]
    assert ran(hysim("run", path, "--stale")) == []
    assert '"1\\n"' in outputs(path)[0]


def test_a_file_that_another_program_changes_meanwhile_is_not_written_over(tmp_path):
    path = tmp_path / "n.ipynb"
    write(path, ["import * as fs from 'node:fs'; fs.appendFileSync('n.ipynb', '\\n'); 'done' + 1"])
    before = path.read_bytes()
    done = hysim("run", path, code=1)
    assert path.read_bytes() == before + b"\n"
    (aside,) = tmp_path.glob("n.executed-*.ipynb")
    assert str(aside) in done.stderr
    assert "done1" in outputs(aside)[0]


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_an_interrupt_ends_the_kernel_and_keeps_what_was_saved(tmp_path):
    path = tmp_path / "n.ipynb"
    forever = "(await import('node:fs')).writeFileSync('pid', String(process.pid)); for (;;);"
    write(path, ["console.log('first');", forever])
    process = subprocess.Popen(
        [*HYSIM, "run", str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
            assert process.poll() is None, process.communicate()
            try:
                process.wait(0.1)
            except subprocess.TimeoutExpired:
                pass
        # As a terminal does, to the whole group.
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=LIMIT_S)
    finally:
        process.kill()
    assert process.returncode == 130
    assert "Stopped at cell 2" in said
    assert "Traceback" not in said
    assert "first" in outputs(path)[0]
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)
