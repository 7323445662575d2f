"""Living views over a real client: what a page asks over its comm, while cells run and after the kernel is gone."""

import struct

import pytest
from client import Kernel, Page

MIME = "application/vnd.hysim.v1+json"
TRAIN = (
    "const long = await hysim.finetune({ data: known }, "
    "{ hidden: 512, epochs: 10000, patience: 10000, batch: 256, seed: 1 });"
)


def open_page(kernel):
    return Page(kernel, "hysim.views")


def payload_of(kernel, code):
    """What the cell's result shows under our mime type."""
    return kernel.ok(code, timeout=60).of("execute_result")[0]["data"][MIME]


def job_event(kernel, accept, timeout=60):
    message = kernel.wait_iopub(
        lambda m: m["msg_type"] == "comm_msg" and "job" in m["content"]["data"] and accept(m["content"]["data"]),
        timeout=timeout,
    )
    return message["content"]["data"]


@pytest.fixture(scope="module")
def kernel():
    kernel = Kernel()
    kernel.ok(
        'import * as hysim from "hysim-lab";\n'
        "const known = await hysim.simulate({ source_papers: 300, target_papers: 60 });\n"
        "const space = await hysim.embed({ data: known });\n"
        "const clean = await hysim.denoise({ space });\n"
        "const quick = await hysim.finetune({ data: known }, { epochs: 1 });",
        timeout=120,
    )
    yield kernel
    kernel.stop()


class TestViews:
    def test_a_page_asks_for_all_rows_and_gets_them_as_bytes(self, kernel):
        key = payload_of(kernel, "space")["live"]["key"]
        page = open_page(kernel)
        assert page.ask(op="know", key=key)[0]["status"] == "ok"
        answer, buffers = page.ask(op="whole", key=key)
        payload = answer["payload"]
        rows = int(kernel.ok("known.length").value)
        assert payload["shown"] == payload["n"] == rows
        assert payload["x"]["data"] == "" and payload["x"]["length"] == rows
        # x, y, domain, four columns of categories, and the numbers of the rows, in this order.
        assert [column["name"] for column in payload["columns"]] == ["domain", "label", "fold", "paper"]
        assert [len(b) for b in buffers] == [4 * rows, 4 * rows, rows, rows, rows, rows, rows, 4 * rows]
        index = struct.unpack(f"<{rows}f", bytes(buffers[-1]))
        assert list(index) == list(range(rows))

    def test_rows_are_told_but_for_those_that_certify(self, kernel):
        key = payload_of(kernel, "clean")["live"]["key"]
        closed = int(kernel.ok("known.fold.indexOf('V')").value)
        told = int(kernel.ok("known.fold.indexOf('F')").value)
        answer, _ = open_page(kernel).ask(op="rows", key=key, rows=[closed, told])
        assert [row["row"] for row in answer["rows"]] == [told]

    def test_a_wrong_question_is_answered_in_words_and_the_page_goes_on(self, kernel):
        page = open_page(kernel)
        answer, _ = page.ask(op="steal")
        assert answer["status"] == "error" and "steal" in answer["message"]
        assert page.ask(op="know", key="nothing")[0]["status"] == "gone"

    def test_a_probe_answers_while_a_model_trains(self, kernel):
        key = payload_of(kernel, "clean")["live"]["key"]
        page = open_page(kernel)
        # The first starts the engine of probes.
        page.ask(op="probe", key=key, params={"neighbors": 10})
        sent = kernel.send(TRAIN)
        event = job_event(kernel, lambda e: (e.get("fraction") or 0) > 0)
        for fdr in (0.05, 0.2, 0.3):
            answer, _ = page.ask(op="probe", key=key, params={"fdr": fdr})
            assert answer["payload"]["live"]["tune"]["params"]["fdr"] == fdr
        answer, _ = page.ask(op="probe", key=key, params={"neighbors": 30})
        assert answer["status"] == "ok" and answer["payload"]["kind"] == "distribution"
        still = job_event(kernel, lambda e: e["job"] == event["job"])
        assert still["status"] == "running"
        kernel.manager.interrupt_kernel()
        assert kernel.finish(sent).status == "error"

    def test_a_training_shows_its_curves_and_ends_when_it_is_asked_to(self, kernel):
        page = open_page(kernel)
        sent = kernel.send(TRAIN)
        event = job_event(kernel, lambda e: e.get("view"))
        assert event["finishable"] is True
        # Long curves are thinned, so that it is not their length that tells how far they have come.
        first = event["view"]["curves"][1]["x"]
        later = job_event(kernel, lambda e: e.get("view"))
        assert later["view"]["curves"][1]["x"][-1] > first[-1] > 0
        assert len(first) <= 300
        assert page.ask(op="finish", job=event["job"])[0]["status"] == "ok"
        result = kernel.finish(sent)
        assert result.status == "ok", result.reply
        assert kernel.ok("[long.training.ended, long.provenance.deterministic]").value == "[ 'person', false ]"
        scored = kernel.ok("(await hysim.evaluate({ data: known, model: long }, { repeats: 100 })).parts.rows > 0", timeout=60)
        assert scored.value == "true"
        assert page.ask(op="finish", job=event["job"])[0]["status"] == "gone"

    def test_after_a_restart_a_view_is_gone(self, kernel):
        key = payload_of(kernel, "clean")["live"]["key"]
        kernel.manager.restart_kernel(now=True)
        kernel.client.wait_for_ready(timeout=60)
        page = open_page(kernel)
        assert page.ask(op="know", key=key, timeout=60)[0] == {"status": "gone", "request": "r0"}
        kernel.ok('import * as hysim from "hysim-lab";', timeout=120)
        assert page.ask(op="whole", key=key)[0]["status"] == "gone"
