"""What the conformance suite leaves out: comms, stdin, interrupts, a busy kernel, errors, imports."""

import array
import json
import os
import re
import statistics
import threading
import time
from pathlib import Path

import pytest
import zmq
from client import Kernel


@pytest.fixture(scope="class")
def kernel():
    """One kernel for a class of tests, in an empty folder."""
    kernel = Kernel()
    yield kernel
    kernel.stop()


def floats(*values):
    return array.array("f", values).tobytes()


@pytest.mark.usefixtures("kernel")
class TestCells:
    def test_a_cell_prints_in_order_and_in_few_messages(self, kernel):
        result = kernel.ok('for (let i = 0; i < 10000; i++) console.log(i)')
        assert result.text().split() == [str(i) for i in range(10000)]
        assert len(result.of("stream")) < 100

    def test_output_streams_keep_their_order(self, kernel):
        result = kernel.ok('console.log("a"); console.error("b"); console.log("c")')
        streams = [(c["name"], c["text"]) for c in result.of("stream")]
        assert streams == [("stdout", "a\n"), ("stderr", "b\n"), ("stdout", "c\n")]

    def test_a_loop_that_never_yields_still_prints_while_it_runs(self, kernel):
        msg_id = kernel.send(
            'const t = Date.now(); while (Date.now() - t < 1500) { if ((Date.now() - t) % 100 === 0) console.log("tick") }'
        )
        kernel.wait_iopub(lambda m: m["msg_type"] == "stream")
        started = time.monotonic()
        kernel.finish(msg_id)
        assert time.monotonic() - started > 0.5

    def test_a_shorthand_property_reads_an_earlier_cells_variable(self, kernel):
        kernel.ok('const id = "p"; const count = 3')
        assert kernel.ok("({ id, count })").value == "{ id: 'p', count: 3 }"

    def test_a_renamed_binding_reads_an_earlier_cells_record(self, kernel):
        kernel.ok("const record = { inner: { deep: 5 }, other: 6 }")
        assert kernel.ok("const { inner: { deep: renamed }, other: b } = record; [renamed, b]").value == "[ 5, 6 ]"

    def test_a_closure_sees_what_a_later_cell_assigns(self, kernel):
        kernel.ok("let counter = 0; const read = () => counter; function bump() { counter++ }")
        kernel.ok("counter = 10; bump()")
        assert kernel.ok("[counter, read()]").value == "[ 11, 11 ]"

    def test_exported_declarations_are_declarations(self, kernel):
        kernel.ok("export const shown = 4; export function twice(x: number) { return 2 * x }")
        assert kernel.ok("twice(shown)").value == "8"

    def test_silent_cells_leave_no_trace(self, kernel):
        before = kernel.ok("1").reply["execution_count"]
        result = kernel.run("2", silent=True)
        assert [m["msg_type"] for m in result.messages] == ["status", "status"]
        assert result.reply["execution_count"] == before
        failed = kernel.run('throw new Error("quiet")', silent=True)
        assert failed.status == "error" and not failed.of("error")

    def test_store_history_false_keeps_the_count(self, kernel):
        before = kernel.ok("1").reply["execution_count"]
        assert kernel.ok("2", store_history=False).reply["execution_count"] == before

    def test_user_expressions_are_evaluated_after_the_cell(self, kernel):
        result = kernel.ok("const base = 20", user_expressions={"sum": "base + 1", "bad": "nothere.x"})
        expressions = result.reply["user_expressions"]
        assert expressions["sum"]["data"]["text/plain"] == "21"
        assert expressions["bad"]["status"] == "error"
        assert "nothere" in expressions["bad"]["evalue"]

    def test_a_value_displays_itself_even_asynchronously(self, kernel):
        result = kernel.ok(
            '({ [Symbol.for("Jupyter.display")]: async () => ({ "text/html": "<b>1</b>", "image/png": new Uint8Array([1, 2, 3]) }) })'
        )
        data = result.of("execute_result")[0]["data"]
        assert data["text/html"] == "<b>1</b>"
        assert data["image/png"] == "AQID"
        assert "text/plain" in data

    def test_a_display_may_carry_metadata_of_its_pictures(self, kernel):
        show = '({ [Symbol.for("Jupyter.display")]: () => ({ "text/plain": "p", [Symbol.for("Jupyter.metadata")]: { "image/png": { width: 9 } } }) })'
        shown = kernel.ok(show).of("execute_result")[0]
        assert shown["metadata"] == {"image/png": {"width": 9}}
        assert shown["data"] == {"text/plain": "p"}
        plain = kernel.ok("({ n: 1 })").of("execute_result")[0]
        assert plain["metadata"] == {}

    def test_a_display_that_fails_is_told_and_the_value_is_shown_as_text(self, kernel):
        result = kernel.ok('({ a: 1, [Symbol.for("Jupyter.display")]() { throw new Error("no picture") } })')
        assert "no picture" in result.text("stderr")
        assert "a: 1" in result.value

    def test_a_display_with_an_id_is_replaced(self, kernel):
        code = 'await jupyter.display({ "text/plain": "one" }, "d1"); await jupyter.display({ "text/plain": "two" }, "d1")'
        result = kernel.ok(code)
        assert result.of("display_data")[0]["transient"] == {"display_id": "d1"}
        assert result.of("update_display_data")[0]["data"] == {"text/plain": "two"}
        # The same cell again: its output was cleared, so there is nothing to replace.
        assert len(kernel.ok(code).of("display_data")) == 1

    def test_completions_carry_code_point_offsets(self, kernel):
        msg_id = kernel.client.complete('"\U0001f600\U0001f600\U0001f600\U0001f600"; Math.cbr', 16)
        reply = kernel.reply(msg_id)
        assert reply["matches"] == ["cbrt"]
        assert (reply["cursor_start"], reply["cursor_end"]) == (13, 16)

    def test_inspection_tells_type_and_documentation(self, kernel):
        kernel.ok("/** Adds one. */\nfunction increment(x: number): number { return x + 1 }")
        reply = kernel.reply(kernel.client.inspect("increment(", 10))
        assert reply["found"]
        assert "increment(x: number): number" in reply["data"]["text/plain"]
        assert "Adds one." in reply["data"]["text/markdown"]

    def test_unknown_and_unsupported_requests_are_refused(self, kernel):
        for kind in ["debug_request", "create_subshell_request", "made_up_request"]:
            reply = kernel.reply(kernel.shell(kind, {}))
            assert reply["status"] == "error" and kind in reply["evalue"]

    def test_variables_of_a_reset_cell_survive_its_failure(self, kernel):
        kernel.ok("let kept = 1; const fixed = 2")
        kernel.run('throw new Error("early"); let kept = "never"')
        assert kernel.ok("[kept + 1, fixed]").value == "[ 2, 2 ]"


@pytest.mark.usefixtures("kernel")
class TestErrors:
    def test_an_error_has_its_class_its_message_and_the_cells_lines(self, kernel):
        kernel.ok("class ParameterError extends Error { override name = 'ParameterError' }")
        result = kernel.run(
            'interface Ignored { a: number }\n\nfunction check() {\n  throw new ParameterError("k is 3")\n}\ncheck()'
        )
        (error,) = result.of("error")
        assert (error["ename"], error["evalue"]) == ("ParameterError", "k is 3")
        assert (result.reply["ename"], result.reply["evalue"]) == ("ParameterError", "k is 3")
        text = "\n".join(error["traceback"])
        count = result.reply["execution_count"]
        assert f"cell[{count}]:4:9" in text and f"cell[{count}]:6:1" in text
        assert not re.search(r"node:|tslab|lib/kernel|\.js:", text)

    def test_errors_of_the_project_keep_their_class(self, kernel):
        result = kernel.run(
            'import { ParameterError } from "hysim-lab/lib/common/errors.js";\n'
            'throw new ParameterError("denoise", "neighbors", "neighbors is 3, below 4")'
        )
        assert result.reply["ename"] == "ParameterError"

    def test_a_type_error_names_the_line_and_runs_nothing(self, kernel):
        kernel.ok("let touched = 0")
        result = kernel.run('touched = 1;\nconst s: string = 4;\n')
        (error,) = result.of("error")
        assert error["ename"] == "TypeScriptError"
        assert error["evalue"].startswith("line 2:7 - ")
        assert "const s: string = 4;" in "\n".join(error["traceback"])
        assert kernel.ok("touched").value == "0"

    def test_columns_after_mended_text_are_the_cells_own(self, kernel):
        kernel.ok("const one = 1")
        result = kernel.run("const both = { one }; const bad: string = 2")
        assert result.reply["evalue"].startswith("line 1:29 - ")

    def test_anything_can_be_thrown(self, kernel):
        assert kernel.run('throw "words"').reply["evalue"] == "words"
        assert kernel.run("throw { code: 7 }").reply["evalue"] == "{ code: 7 }"
        assert kernel.run("throw undefined").reply["evalue"] == "undefined"

    def test_cells_queued_behind_an_error_are_aborted(self, kernel):
        first = kernel.send('await new Promise(r => setTimeout(r, 100)); throw new Error("stop")')
        queued = [kernel.send("1"), kernel.send("2")]
        assert kernel.reply(first)["status"] == "error"
        assert [kernel.reply(m)["status"] for m in queued] == ["aborted", "aborted"]
        assert kernel.ok("3").value == "3"

    def test_a_cell_sent_right_after_an_error_runs(self, kernel):
        for i in range(10):
            assert kernel.run("nothere").status == "error"
            assert kernel.ok(f"{i}").value == str(i)

    def test_stop_on_error_false_goes_on(self, kernel):
        first = kernel.send('throw new Error("go on")', stop_on_error=False)
        second = kernel.send("5")
        assert kernel.reply(first)["status"] == "error"
        assert kernel.finish(second).value == "5"

    def test_late_errors_are_told_and_the_kernel_lives(self, kernel):
        result = kernel.ok(
            'setTimeout(() => { throw new Error("too late") }, 5); Promise.reject(new Error("dropped"));'
            " await new Promise(r => setTimeout(r, 100))"
        )
        assert "too late" in result.text("stderr") and "dropped" in result.text("stderr")
        assert kernel.ok("1").value == "1"

    def test_output_after_the_cell_does_not_crash(self, kernel):
        msg_id = kernel.send('setTimeout(() => console.log("afterwards"), 200)')
        kernel.finish(msg_id)
        late = kernel.wait_iopub(lambda m: m["msg_type"] == "stream")
        assert late["content"]["text"] == "afterwards\n"
        assert late["parent_header"]["msg_id"] == msg_id

    def test_process_exit_is_an_error_and_the_kernel_lives(self, kernel):
        assert "Restart" in kernel.run("process.exit(1)").reply["evalue"]
        assert kernel.ok("1").value == "1"

    def test_messages_with_a_bad_signature_are_dropped(self, kernel):
        client = kernel.client
        key = client.session.key
        client.session.key = b"another key"
        client.execute('globalThis["forged"] = true')
        client.session.key = key
        socket = client.shell_channel.socket
        socket.send_multipart([b"<IDS|MSG>", b"", b"{", b"{}", b"{}", b"{}"])
        socket.send_multipart([b"nonsense"])
        assert kernel.ok('"forged" in globalThis').value == "false"


@pytest.mark.usefixtures("kernel")
class TestComms:
    ECHO = """
    jupyter.registerCommTarget("echo", (comm, opened) => {
      comm.send({ hello: opened.data });
      comm.onMessage = message => {
        const sum = message.buffers.length ? new Float32Array(message.buffers[0]).reduce((a, b) => a + b, 0) : 0;
        comm.send({ sum, echo: message.data }, [new Float32Array([sum, 2, 3]), new Uint8Array([7]).buffer]);
      };
      comm.onClose = () => console.log("closed by the front end");
    })
    """

    def open(self, kernel, comm_id):
        content = {"comm_id": comm_id, "target_name": "echo", "data": {"x": 1}}
        kernel.shell("comm_open", content)
        hello = kernel.wait_iopub(lambda m: m["msg_type"] == "comm_msg")
        assert hello["content"] == {"comm_id": comm_id, "data": {"hello": {"x": 1}}}

    def echo(self, kernel, comm_id, data, buffers=None):
        msg_id = kernel.shell("comm_msg", {"comm_id": comm_id, "data": data}, buffers)
        return kernel.wait_iopub(
            lambda m: m["msg_type"] == "comm_msg" and m["content"]["comm_id"] == comm_id,
        )

    def test_a_front_end_opens_a_comm_and_buffers_go_both_ways(self, kernel):
        kernel.ok(self.ECHO)
        self.open(kernel, "c1")
        # An odd header before it: alignment is the kernel's doing, not chance.
        message = self.echo(kernel, "c1", {"k": "v"}, [floats(1.5, 2.5), b"odd"])
        assert message["content"]["data"] == {"sum": 4, "echo": {"k": "v"}}
        first, second = (bytes(b) for b in message["buffers"])
        assert first == floats(4, 2, 3) and second == b"\x07"

    def test_comm_info_lists_what_is_open(self, kernel):
        reply = kernel.reply(kernel.shell("comm_info_request", {}))
        assert reply["comms"]["c1"] == {"target_name": "echo"}
        other = kernel.reply(kernel.shell("comm_info_request", {"target_name": "nothing"}))
        assert other["comms"] == {}

    def test_comms_are_answered_fast_while_a_cell_awaits(self, kernel):
        running = kernel.send("await new Promise(r => setTimeout(r, 2500)); 'done'")
        times = []
        for i in range(20):
            started = time.perf_counter()
            assert self.echo(kernel, "c1", {"i": i})["content"]["data"]["echo"] == {"i": i}
            times.append(time.perf_counter() - started)
        assert statistics.median(times) < 0.05, times
        assert kernel.finish(running).value == "'done'"

    def test_the_kernel_stays_busy_while_others_are_answered(self, kernel):
        running = kernel.send("await new Promise(r => setTimeout(r, 500))")
        states = []
        asked = kernel.client.kernel_info()

        def idle(message):
            if message["msg_type"] == "status":
                parent = message["parent_header"]["msg_id"]
                states.append((message["content"]["execution_state"], parent))
            return states[-1:] == [("idle", running)]

        kernel.wait_iopub(idle)
        kernel.reply(running)
        after = states[states.index(("idle", asked)) + 1]
        assert after == ("busy", running)

    def test_closing_ends_a_comm(self, kernel):
        kernel.shell("comm_close", {"comm_id": "c1", "data": {}})
        closed = kernel.wait_iopub(lambda m: m["msg_type"] == "stream")
        assert "closed by the front end" in closed["content"]["text"]
        assert kernel.reply(kernel.shell("comm_info_request", {}))["comms"] == {}

    def test_a_comm_for_an_unknown_target_is_closed(self, kernel):
        kernel.shell("comm_open", {"comm_id": "c9", "target_name": "nobody", "data": {}})
        closed = kernel.wait_iopub(lambda m: m["msg_type"] == "comm_close")
        assert closed["content"]["comm_id"] == "c9"

    def test_a_comm_waits_for_the_cell_that_registers_its_target(self, kernel):
        running = kernel.send(
            'await new Promise(r => setTimeout(r, 300)); jupyter.registerCommTarget("later", c => { c.onMessage = m => c.send({ got: m.data }) })'
        )
        kernel.shell("comm_open", {"comm_id": "c2", "target_name": "later", "data": {}})
        kernel.shell("comm_msg", {"comm_id": "c2", "data": {"n": 1}})
        message = kernel.wait_iopub(lambda m: m["msg_type"] in ("comm_msg", "comm_close"))
        assert message["content"] == {"comm_id": "c2", "data": {"got": {"n": 1}}}
        kernel.reply(running)

    def test_a_cell_opens_a_comm_with_buffers(self, kernel):
        result = kernel.ok('const comm = jupyter.openComm("view", { kind: "points" }, [new Float64Array([1, 2])]); comm.send({ n: 1 }); comm.close(); comm.close(); comm.closed')
        kinds = [m["msg_type"] for m in result.messages if m["msg_type"].startswith("comm")]
        assert kinds == ["comm_open", "comm_msg", "comm_close"]
        opened = next(m for m in result.messages if m["msg_type"] == "comm_open")
        assert opened["content"]["target_name"] == "view"
        assert bytes(opened["buffers"][0]) == array.array("d", [1, 2]).tobytes()
        assert result.value == "true"
        assert "closed" in kernel.run("comm.send({})").reply["evalue"]

    def test_a_listener_that_throws_is_told_and_the_kernel_lives(self, kernel):
        kernel.ok('jupyter.registerCommTarget("bad", () => { throw new Error("no comm today") })')
        kernel.shell("comm_open", {"comm_id": "c3", "target_name": "bad", "data": {}})
        told = kernel.wait_iopub(lambda m: m["msg_type"] == "stream")
        assert "no comm today" in told["content"]["text"]
        assert kernel.ok("1").value == "1"

    def test_the_host_reports_jobs_over_a_comm(self, kernel):
        result = kernel.ok(
            'const host = (globalThis as any)[Symbol.for("hysim.host")];\n'
            'const report = (status: string, fraction: number) => host.job({ job: "j", stage: "denoise", status, fraction, elapsed: 0 });\n'
            "for (let i = 0; i < 100; i++) report('running', i / 100);\n"
            "await new Promise(r => setTimeout(r, 120)); report('done', 1)"
        )
        opened = result.of("comm_open")
        assert [c["target_name"] for c in opened] == ["hysim.jobs"]
        events = [c["data"] for c in result.of("comm_msg")]
        # The first, the latest of those that came too fast, the end.
        assert [(e["status"], e["fraction"]) for e in events] == [("running", 0), ("running", 0.99), ("done", 1)]


@pytest.mark.usefixtures("kernel")
class TestInput:
    def test_a_cell_asks_and_gets_the_answer(self, kernel):
        asked = []

        def answer(message):
            asked.append(message["content"])
            kernel.client.input("Bob")

        result = kernel.run('"hello " + await jupyter.input("name? ")', allow_stdin=True, on_stdin=answer)
        assert asked == [{"prompt": "name? ", "password": False}]
        assert result.value == "'hello Bob'"

    def test_two_questions_are_asked_one_after_the_other(self, kernel):
        asked = []

        def answer(message):
            asked.append((message["content"]["prompt"], message["content"]["password"]))
            kernel.client.input(str(len(asked)))

        result = kernel.run(
            'await Promise.all([jupyter.input("a"), jupyter.input("b", { password: true })])',
            allow_stdin=True,
            on_stdin=answer,
        )
        assert asked == [("a", False), ("b", True)]
        assert result.value == "[ '1', '2' ]"

    def test_without_a_person_asking_is_an_error(self, kernel):
        result = kernel.run('await jupyter.input("name? ")', allow_stdin=False)
        assert "nobody can be asked" in result.reply["evalue"]


@pytest.mark.usefixtures("kernel")
class TestInterrupts:
    def interrupt(self, kernel, code, delay=0.7):
        """Runs a cell, interrupts it, and checks that it ended soon and as an interrupt."""
        kernel.ok("state.n++")
        threading.Timer(delay, kernel.manager.interrupt_kernel).start()
        started = time.monotonic()
        result = kernel.run(code)
        assert result.reply["ename"] == "KeyboardInterrupt", result.reply
        assert time.monotonic() - started < 10
        return result

    def check(self, kernel, count):
        assert kernel.ok(f"await new Promise(r => setTimeout(r, 20)); [state.n, state.name]").value == f"[ {count}, 'kept' ]"

    def test_variables_survive_the_three_kinds(self, kernel):
        kernel.ok("const state = { n: 0, name: 'kept' }")
        self.interrupt(kernel, "await new Promise(r => setTimeout(r, 60000))")
        self.check(kernel, 1)
        self.interrupt(kernel, "while (true) {}")
        self.check(kernel, 2)
        self.interrupt(kernel, "await 0; while (true) {}")
        self.check(kernel, 3)
        # Again: what the first termination left behind must not break the second.
        self.interrupt(kernel, "await 0; while (true) {}")
        self.check(kernel, 4)
        self.interrupt(kernel, "await new Promise(r => setTimeout(r, 50)); while (true) {}")
        self.check(kernel, 5)

    def test_what_the_interrupted_cell_had_made_is_there(self, kernel):
        kernel.ok("const state = { n: 0, name: 'kept' }")
        self.interrupt(
            kernel,
            "const made: number[] = []; for (;;) { made.push(1); await new Promise(r => setTimeout(r, 10)) } const after = 1",
        )
        assert kernel.ok("made.length > 5").value == "true"
        assert kernel.run("after").status == "error"

    def test_a_loop_with_an_await_stops_and_may_tidy_up(self, kernel):
        kernel.ok("const state = { n: 0, name: 'kept' }; let ticks = 0; let tidied = ''")
        self.interrupt(
            kernel,
            "try { for (;;) { ticks++; await new Promise(r => setTimeout(r, 10)) } }"
            " finally { await new Promise(r => setTimeout(r, 20)); tidied = 'yes' }",
        )
        kernel.ok("const seen = ticks; await new Promise(r => setTimeout(r, 200))")
        assert kernel.ok("[ticks > 5, ticks === seen, tidied]").value == "[ true, true, 'yes' ]"

    def test_listeners_hear_of_the_interrupt_before_the_cell_ends(self, kernel):
        kernel.ok("const state = { n: 0, name: 'kept' }")
        kernel.ok(
            "const heard: string[] = [];\n"
            'const jobs = (globalThis as any)[Symbol.for("hysim.host")];\n'
            'const off = jobs.onInterrupt(() => { heard.push("first"); throw new Error("bad listener") });\n'
            'jobs.onInterrupt(() => heard.push("second"))'
        )
        self.interrupt(kernel, "await new Promise(() => {})")
        self.interrupt(kernel, "while (true) {}")
        kernel.ok("off()")
        self.interrupt(kernel, "await new Promise(() => {})")
        assert kernel.ok("heard.join()").value == "'first,second,first,second,second'"

    def test_a_question_ends_with_its_cell(self, kernel):
        kernel.ok("const state = { n: 0, name: 'kept' }")
        threading.Timer(0.7, kernel.manager.interrupt_kernel).start()
        result = kernel.run('await jupyter.input("?")', allow_stdin=True)
        assert result.reply["ename"] == "KeyboardInterrupt"

    def test_an_interrupt_with_nothing_running_harms_nothing(self, kernel):
        kernel.manager.interrupt_kernel()
        assert kernel.ok("1 + 1").value == "2"

    def test_heartbeat_and_control_answer_while_a_loop_is_busy(self, kernel):
        running = kernel.send("const until = Date.now() + 3000; while (Date.now() < until) {}; 'ended'")
        time.sleep(0.5)
        context = zmq.Context.instance()
        socket = context.socket(zmq.REQ)
        socket.connect(f"tcp://127.0.0.1:{kernel.manager.hb_port}")
        started = time.perf_counter()
        socket.send(b"ping")
        assert socket.poll(1000), "no heartbeat while busy"
        assert socket.recv() == b"ping"
        assert time.perf_counter() - started < 0.5
        socket.close(0)
        # kernel_info too: a page that is reloaded while a cell runs connects at once.
        started = time.perf_counter()
        kernel.reply(kernel.client.kernel_info())
        assert time.perf_counter() - started < 1
        assert kernel.finish(running).value == "'ended'"


class TestImports:
    def test_the_project_is_found_from_an_empty_folder_with_types(self, tmp_path):
        kernel = Kernel(str(tmp_path))
        try:
            kernel.ok('import { Graph } from "hysim-lab/onnx"; typeof Graph')
            wrong = kernel.run("const g: number = new Graph()")
            assert wrong.reply["ename"] == "TypeScriptError"
            kernel.ok('import * as d3 from "d3"')
            assert kernel.ok("d3.mean([1, 2, 3])").value == "2"
            assert kernel.run('d3.mean("x", 3)').reply["ename"] == "TypeScriptError"
            assert kernel.ok('Buffer.from("a").length').value == "1"
            assert kernel.run("jupyter.nothing()").reply["ename"] == "TypeScriptError"
            missing = kernel.run('import * as x from "not-installed-anywhere"')
            assert "not-installed-anywhere" in missing.reply["evalue"]
            assert list(tmp_path.iterdir()) == []
        finally:
            kernel.stop()

    def test_the_stages_are_found_from_an_empty_folder_with_types(self, tmp_path):
        kernel = Kernel(str(tmp_path))
        try:
            kernel.ok('import * as hysim from "hysim-lab"')
            assert kernel.ok("typeof hysim.denoise").value == "'function'"
            wrong = kernel.run("await hysim.load({ path: 3 })")
            assert wrong.reply["ename"] == "TypeScriptError"
            failed = kernel.run('await hysim.load({ path: "nowhere" })')
            assert failed.reply["ename"] == "TableError"
            # Explained in words: only the cell's own frames follow.
            frames = [x for x in failed.reply["traceback"] if x.lstrip().startswith("at ")]
            assert len(frames) == 1 and "cell[4]:1:" in frames[0], failed.reply["traceback"]
        finally:
            kernel.stop()

    def test_a_package_beside_the_notebook_wins_and_modules_beside_it_load(self, tmp_path):
        package = tmp_path / "node_modules" / "d3"
        package.mkdir(parents=True)
        (package / "package.json").write_text(json.dumps({"name": "d3", "version": "0.0.1", "types": "index.d.ts", "main": "index.js"}))
        (package / "index.js").write_text("exports.local = 'mine'")
        (package / "index.d.ts").write_text("export const local: string;")
        (tmp_path / "helper.ts").write_text(
            'import { Graph } from "hysim-lab/onnx";\nexport const half = (x: number): number => x / 2;\nexport const name: string = Graph.name;\n'
        )
        kernel = Kernel(str(tmp_path))
        try:
            assert kernel.ok('import { local } from "d3"; local').value == "'mine'"
            assert kernel.ok('import { half, name } from "./helper"; [half(3), name]').value == "[ 1.5, 'Graph' ]"
            assert kernel.run('half("x")').reply["ename"] == "TypeScriptError"
        finally:
            kernel.stop()


class TestLife:
    def test_shutdown_answers_and_ends_the_process(self):
        kernel = Kernel()
        try:
            pid = int(kernel.ok("process.pid").value)
            kernel.client.shutdown()
            reply = kernel.client.get_control_msg(timeout=5)
            assert reply["content"]["status"] == "ok"
            for _ in range(100):
                if not kernel.manager.is_alive():
                    break
                time.sleep(0.05)
            assert not kernel.manager.is_alive()
            with pytest.raises(ProcessLookupError):
                os.kill(pid, 0)
        finally:
            kernel.stop()

    def test_a_bad_connection_file_is_told_in_words(self, tmp_path):
        import subprocess

        from conftest import SPEC

        path = Path(tmp_path) / "connection.json"
        path.write_text('{"shell_port": "x"}')
        command = [part.replace("{connection_file}", str(path)) for part in SPEC["argv"]]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30)
        assert done.returncode == 1
        assert "hb_port" in done.stderr and str(path) in done.stderr
