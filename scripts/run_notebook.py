"""Executes a notebook with its own kernel, cell by cell, and says how it goes.

Writes the executed notebook, a page of HTML with all pictures inside, and a JSON file with the plain text of the
cells tagged "result". Not a judge of results: a cell fails when its kernel says so, and then this program ends
with exit code 1 and the cell's error, having written the notebook so far as OUTPUT with ".failed" in its name.
"""

import argparse
import json
import os
import re
import sys
import time
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbconvert import HTMLExporter

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def cell_name(source):
    """A short name for a code cell: the stages that it calls, else its first line of code."""
    stages = re.findall(r"\bhysim\.(\w+)\s*\(", source)
    if stages:
        return ", ".join(dict.fromkeys(stages))
    lines = [line.strip() for line in source.splitlines()]
    code = [line for line in lines if line and not line.startswith(("//", "#", "/*", "*"))]
    first = (code or lines or [""])[0]
    return first if len(first) <= 50 else first[:49] + "…"


def plain_text(cell):
    """What a code cell says in plain text: its standard output, and its values without their pictures."""
    parts = []
    for output in cell.get("outputs", []):
        if output.output_type == "stream":
            if output.name == "stdout":
                parts.append(output.text)
        elif output.output_type in ("execute_result", "display_data"):
            parts.append(output.data.get("text/plain", ""))
    return ESCAPES.sub("", "\n".join(part.rstrip("\n") for part in parts if part.strip()))


def results(notebook):
    """The plain text of the cells tagged "result", in order."""
    tagged = [c for c in notebook.cells if c.cell_type == "code" and "result" in c.metadata.get("tags", [])]
    return [text for text in map(plain_text, tagged) if text]


class Progress:
    """One line a code cell: its number, its name, its seconds."""

    def __init__(self, notebook):
        code = [i for i, c in enumerate(notebook.cells) if c.cell_type == "code" and c.source.strip()]
        self.number = {index: n for n, index in enumerate(code, start=1)}
        self.started = 0.0

    def start(self, cell, cell_index, **_):
        if cell_index in self.number:
            self.started = time.monotonic()
            place = f"{self.number[cell_index]}/{len(self.number)}"
            print(f"  cell {place} {cell_name(cell.source)} ... ", end="", flush=True)

    def end(self, cell, cell_index, execute_reply, **_):
        if cell_index in self.number:
            failed = execute_reply["content"]["status"] != "ok"
            print(f"{'FAILED after ' if failed else ''}{time.monotonic() - self.started:.1f} s", flush=True)


def write_whole(path, text):
    """Writes a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path)
    parser.add_argument("--output", type=Path, required=True, help="the executed notebook")
    parser.add_argument("--html", type=Path, required=True, help="the same as a page")
    parser.add_argument("--results", type=Path, required=True, help="JSON: texts of the cells tagged result")
    options = parser.parse_args()

    notebook = nbformat.read(options.source, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []
            cell.execution_count = None
    progress = Progress(notebook)
    client = NotebookClient(
        notebook,
        timeout=None,
        startup_timeout=120,
        record_timing=False,
        resources={"metadata": {"path": str(options.source.resolve().parent)}},
        on_cell_start=progress.start,
        on_cell_executed=progress.end,
    )
    failure = None
    try:
        client.execute()
    except CellExecutionError as error:
        failure = f"The cell failed:\n\n{ESCAPES.sub('', str(error)).strip()}"
    except (DeadKernelError, RuntimeError) as error:
        failure = f"The kernel ended or did not start: {error}"
    except NoSuchKernel as error:
        failure = f"The notebook's kernel is not installed: {error}"
    if failure:
        kept = options.output.with_name(options.output.stem + ".failed.ipynb")
        write_whole(kept, nbformat.writes(notebook))
        print(f"\n{failure}\n\nThe notebook as far as it came: {kept}", file=sys.stderr)
        return 1

    page, _ = HTMLExporter().from_notebook_node(notebook)
    write_whole(options.html, page)
    write_whole(options.results, json.dumps(results(notebook), ensure_ascii=False))
    write_whole(options.output, nbformat.writes(notebook))
    return 0


if __name__ == "__main__":
    sys.exit(main())
