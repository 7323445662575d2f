"""The dataflow over a real client: what the kernel notes of runs, and tells pages that ask or listen."""

import pytest
from client import Kernel, Page


class Flow(Page):
    def __init__(self, kernel):
        super().__init__(kernel, "hysim.dataflow")

    def runs(self):
        return self.ask(op="runs")[0]["runs"]

    def last(self, cell):
        return [run for run in self.runs() if run.get("cell") == cell][-1]


@pytest.fixture(scope="module")
def kernel():
    kernel = Kernel()
    yield kernel
    kernel.stop()


def test_a_run_says_what_it_read_and_made(kernel):
    page = Flow(kernel)
    kernel.run_cell("a", "let count = 2;\nconst label = 'x';\ninterface Row { n: number }")
    kernel.run_cell("b", "const twice: Row = { n: count * 2 };")
    first, second = page.last("a"), page.last("b")
    assert first["status"] == second["status"] == "done"
    assert set(first["writes"]) == {"count", "label", "Row"}
    assert first["writes"]["count"]["id"] == "number:2"
    assert second["reads"]["count"] == first["writes"]["count"]
    assert second["reads"]["Row"]["run"] == first["run"]
    assert set(second["writes"]) == {"twice"}
    assert second["seconds"] > 0 and second["source"].startswith("const twice")


def test_a_page_that_listens_is_told_of_each_run_unasked(kernel):
    page = Flow(kernel)
    page.ask(op="runs")
    kernel.run_cell("told", "const told = 1;")
    event, _ = page.next(lambda data: data.get("event") == "run" and data["run"].get("cell") == "told")
    assert event["run"]["writes"]["told"]["id"] == "number:1"


def test_what_failed_or_was_stopped_says_so_and_keeps_what_it_had_made(kernel):
    page = Flow(kernel)
    kernel.run_cell("bad", "const early = 1;\nthrow new RangeError('too far');")
    bad = page.last("bad")
    assert bad["status"] == "failed" and bad["reason"] == "RangeError: too far"
    assert "early" in bad["writes"]
    kernel.run_cell("wrong", "const never: number = 'text';")
    assert page.last("wrong")["status"] == "failed"
    assert page.last("wrong")["writes"] == {}


def test_what_is_the_same_when_it_runs_again_is_known_by_its_content(kernel):
    page = Flow(kernel)
    kernel.run_cell("import", "import * as path from 'node:path';")
    before = page.last("import")
    kernel.run_cell("import", "import * as path from 'node:path';")
    again = page.last("import")
    assert again["run"] > before["run"]
    assert again["writes"]["path"]["id"] == before["writes"]["path"]["id"]
    # A module beside the notebook may have changed meanwhile.
    kernel.run_cell("file", "import fs from 'node:fs';\nfs.writeFileSync('own.ts', 'export const one = 1;');")
    kernel.run_cell("own", "import * as own from './own';")
    assert "id" not in page.last("own")["writes"]["own"]


def test_what_leaves_no_trace_is_not_noted(kernel):
    page = Flow(kernel)
    kernel.run_cell("silent", "globalThis.silently = 1;", silent=True)
    assert not [r for r in page.runs() if r.get("cell") == "silent"]


def test_a_stage_value_is_described_and_can_be_looked_at(kernel):
    page = Flow(kernel)
    kernel.run_cell(
        "s",
        'import * as hysim from "hysim-lab";\n'
        "const data = await hysim.simulate({ source_papers: 20, target_papers: 20 });",
    )
    written = page.last("s")["writes"]["data"]
    assert written["kind"] == "data" and len(written["id"]) == 32
    assert "source" in written["summary"]
    look, _ = page.ask(op="look", name="data")
    assert look["status"] == "ok" and look["payload"]["kind"] == "table"
    assert page.ask(op="look", name="no_such_name")[0]["status"] == "gone"
    kernel.run_cell("n", "const plain = 5;")
    assert page.ask(op="look", name="plain")[0]["status"] == "gone"


def test_a_question_that_is_none_is_answered_with_an_error(kernel):
    page = Flow(kernel)
    assert page.ask(op="dance")[0]["status"] == "error"
    assert page.ask(op="plan", cells="none")[0]["status"] == "ok"
    assert page.ask(op="plan", cells=[{"id": 1}, None])[0]["status"] == "ok"


IMPORT = 'import * as hysim from "hysim-lab";'
DATA = "const data = await hysim.simulate({ source_papers: 20, target_papers: 20 });"
SPACE = "const space = await hysim.embed({ data }, { encoder: 'vectors' });"
CLEAN = "const clean = await hysim.denoise({ space }, { neighbors: 8 });"


def cells(*sources):
    return [{"id": f"c{i}", "source": source} for i, source in enumerate(sources)]


def test_after_a_restart_the_cache_answers_for_cells_that_no_cell_has_run(tmp_path):
    first = Kernel(folder=str(tmp_path))
    try:
        for i, source in enumerate((IMPORT, DATA, SPACE)):
            first.run_cell(f"c{i}", source, timeout=60)
    finally:
        first.stop()
    second = Kernel(folder=str(tmp_path))
    try:
        page = Flow(second)

        def cached(*sources):
            return [cell["cell"] for cell in page.ask(op="plan", cells=cells(*sources))[0]["cached"]]

        assert cached(IMPORT, DATA, SPACE, CLEAN) == ["c1", "c2"]
        # In another order of cells, and under another name: what counts is what goes in.
        assert cached(SPACE.replace("{ data }", "{ data: d2 }"), IMPORT, DATA.replace("const data", "const d2")) == [
            "c2",
            "c0",
        ]
        assert cached(IMPORT, DATA.replace("20", "21"), SPACE) == []
        # What only running tells is not guessed.
        assert cached(IMPORT, DATA.replace("20", "10 + 10"), SPACE) == []
        for i, source in enumerate((IMPORT, DATA, SPACE)):
            second.run_cell(f"c{i}", source, timeout=60)
        assert page.last("c2")["writes"]["space"]["cached"] is True
    finally:
        second.stop()
