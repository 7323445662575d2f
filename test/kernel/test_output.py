"""Output that comes late, errors that nobody caught, and output that is too long."""

import queue
import time

import pytest
from client import Kernel


@pytest.fixture(scope="module")
def kernel():
    kernel = Kernel()
    yield kernel
    kernel.stop()


def late(kernel, wanted, timeout=15):
    """Stream messages until each of the wanted texts has come: text -> id of the request it is counted to."""
    found = {}
    end = time.monotonic() + timeout
    while time.monotonic() < end and len(found) < len(wanted):
        try:
            message = kernel.client.get_iopub_msg(timeout=0.2)
        except queue.Empty:
            continue
        if message["msg_type"] in ("stream", "display_data"):
            text = message["content"].get("text") or message["content"]["data"]["text/plain"]
            found.update({w: message["parent_header"].get("msg_id") for w in wanted if w in text})
    assert set(found) == set(wanted), found
    return found


class TestLateOutput:
    CAUSES = {
        "printed late": 'setTimeout(() => console.log("printed late"), 400)',
        "on stderr late": 'setTimeout(() => console.error("on stderr late"), 400)',
        "thrown late": 'setTimeout(() => { throw new Error("thrown late") }, 400)',
        "rejected late": '(async () => { await new Promise(r => setTimeout(r, 400)); throw new Error("rejected late") })()',
        "shown late": 'setTimeout(() => jupyter.display({ "text/plain": "shown late" }), 400)',
        "event late": 'import { EventEmitter } from "events"; const e1 = new EventEmitter(); setTimeout(() => e1.emit("error", new Error("event late")), 400)',
        "thrown in a worker": 'import { Worker } from "worker_threads"; new Worker(\'setTimeout(() => { throw new Error("thrown in a worker") }, 300)\', { eval: true })',
        "printed in a worker": 'import { Worker as W2 } from "worker_threads"; new W2(\'setTimeout(() => console.log("printed in a worker"), 300)\', { eval: true })',
        "after a file": 'import { stat } from "fs"; setTimeout(() => stat(".", () => console.log("after a file")), 300)',
    }

    def test_it_goes_to_the_cell_that_caused_it_while_no_cell_runs(self, kernel):
        ids = {}
        for text, code in self.CAUSES.items():
            ids[text] = kernel.send(f"{{ {code} }}" if not code.startswith("import") else f"{code}; undefined")
            kernel.reply(ids[text])
        assert late(kernel, list(ids)) == ids

    def test_it_goes_to_the_cell_that_caused_it_while_another_runs(self, kernel):
        ids = {}
        for text, code in self.CAUSES.items():
            ids[text] = kernel.send(f"{{ {code} }}" if not code.startswith("import") else f"{code}; undefined")
        running = kernel.send('await new Promise(r => setTimeout(r, 1500)); console.log("its own")')
        assert late(kernel, [*ids, "its own"]) == {**ids, "its own": running}
        kernel.reply(running)

    def test_a_function_of_an_earlier_cell_prints_into_the_cell_that_calls_it(self, kernel):
        kernel.ok("const tell = async () => { await 0; console.log('told') }")
        assert kernel.ok("await tell()").text() == "told\n"

    def test_two_cells_that_print_in_turns_keep_their_lines_apart(self, kernel):
        code = "let {0} = 0; const t{0} = setInterval(() => {{ console.log('{0}' + {0}++); if ({0} === 20) clearInterval(t{0}) }}, 5); undefined"
        first = kernel.send(code.format("a"))
        second = kernel.send(code.format("b"))
        texts = {first: "", second: ""}
        end = time.monotonic() + 15
        while time.monotonic() < end and not all(t.count("\n") == 20 for t in texts.values()):
            try:
                message = kernel.client.get_iopub_msg(timeout=0.2)
            except queue.Empty:
                continue
            if message["msg_type"] == "stream":
                texts[message["parent_header"]["msg_id"]] += message["content"]["text"]
        assert texts[first].split() == [f"a{i}" for i in range(20)]
        assert texts[second].split() == [f"b{i}" for i in range(20)]
        kernel.reply(first), kernel.reply(second)

    def test_listeners_of_a_comm_print_into_the_cell_that_registered_them(self, kernel):
        registered = kernel.ok(
            'jupyter.registerCommTarget("chatty", c => { console.log("opened"); c.onMessage = () => console.log("heard") })'
        )
        cell = registered.messages[0]["parent_header"]["msg_id"]
        kernel.ok("'another cell'")
        kernel.shell("comm_open", {"comm_id": "c1", "target_name": "chatty", "data": {}})
        kernel.shell("comm_msg", {"comm_id": "c1", "data": {}})
        assert late(kernel, ["opened", "heard"]) == {"opened": cell, "heard": cell}

    def test_it_is_still_so_after_loops_were_ended_from_outside(self, kernel):
        for loop in ("while (true) {}", "await 0; while (true) {}", "setTimeout(() => { while (true) {} }); await new Promise(() => {})"):
            sent = kernel.send(loop)
            time.sleep(0.7)
            kernel.manager.interrupt_kernel()
            assert kernel.finish(sent).reply["ename"] == "KeyboardInterrupt"
        cause = kernel.send('setTimeout(() => console.log("still right"), 300); undefined')
        kernel.reply(cause)
        kernel.ok("1")
        assert late(kernel, ["still right"]) == {"still right": cause}


class TestLimits:
    def length(self, result):
        return sum(len(c["text"]) for c in result.of("stream"))

    def test_a_cell_that_prints_without_end_can_be_interrupted_and_its_output_has_an_end(self, kernel):
        sent = kernel.send('while (true) console.log("x".repeat(100))')
        time.sleep(2)
        kernel.manager.interrupt_kernel()
        result = kernel.finish(sent)
        assert result.reply["ename"] == "KeyboardInterrupt"
        assert 1_000_000 <= self.length(result) < 1_002_000
        assert "jupyter.outputLimit" in result.text("stdout")
        assert "characters were left out.]" in result.text("stderr")
        assert kernel.ok("1").value == "1"

    def test_the_same_in_a_loop_that_awaits(self, kernel):
        sent = kernel.send('for (;;) { console.log("y".repeat(10000)); await 0 }')
        time.sleep(1.5)
        kernel.manager.interrupt_kernel()
        result = kernel.finish(sent)
        assert result.reply["ename"] == "KeyboardInterrupt"
        assert self.length(result) < 1_002_000

    def test_one_huge_text_is_cut_and_the_notice_counts_the_rest(self, kernel):
        result = kernel.ok('console.log("z".repeat(1e8))')
        assert self.length(result) < 1_002_000
        assert "[99,000,001 characters were left out.]" in result.text("stderr")

    def test_the_limit_counts_for_each_cell_and_can_be_set(self, kernel):
        assert len(kernel.ok('console.log("a".repeat(900_000))').text()) == 900_001
        assert len(kernel.ok('console.log("b".repeat(900_000))').text()) == 900_001
        try:
            kernel.ok("jupyter.outputLimit = 10")
            assert kernel.ok('console.log("c".repeat(50))').text().startswith("c" * 10 + "\n[Output ends here")
            kernel.ok("jupyter.outputLimit = Infinity")
            assert len(kernel.ok('console.log("d".repeat(1_500_000))').text()) == 1_500_001
            assert "RangeError" in kernel.run("jupyter.outputLimit = -1").reply["ename"]
        finally:
            kernel.ok("jupyter.outputLimit = 1_000_000")

    def test_late_output_counts_too(self, kernel):
        sent = kernel.send('const flood = setInterval(() => console.log("e".repeat(300_000)), 20); undefined')
        kernel.finish(sent)
        said = kernel.wait_iopub(lambda m: m["msg_type"] == "stream" and "Output ends here" in m["content"]["text"])
        assert said["parent_header"]["msg_id"] == sent
        kernel.ok("clearInterval(flood)")

    def test_values_and_errors_are_bounded(self, kernel):
        shown = kernel.ok("Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => ['k' + i, i]))").value
        assert len(shown) < 1_001_000 and "characters more" in shown
        result = kernel.ok('await jupyter.display({ "text/plain": "f".repeat(3_000_000) })')
        assert len(result.of("display_data")[0]["data"]["text/plain"]) < 1_001_000
        reply = kernel.run('throw new Error("g".repeat(1e7))').reply
        assert len(reply["evalue"]) < 30_000 and sum(map(len, reply["traceback"])) < 60_000
        assert "characters more" in reply["evalue"]

    def test_the_environment_sets_the_limit(self, monkeypatch):
        monkeypatch.setenv("HYSIM_OUTPUT_LIMIT", "2000")
        kernel = Kernel()
        try:
            assert kernel.ok("jupyter.outputLimit").value == "2000"
            assert self.length(kernel.ok('console.log("h".repeat(5000))')) < 3000
        finally:
            kernel.stop()
