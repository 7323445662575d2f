"""Whatever comes over the wire, the kernel stays alive, and whatever it says is valid by the specification."""

import json
import os
import queue
import random
import string

import pytest
from client import Kernel
from schema import check

SEED = int(os.environ.get("HYSIM_FUZZ_SEED", "20"))
ROUNDS = int(os.environ.get("HYSIM_FUZZ_ROUNDS", "200"))

REQUESTS = [
    "execute_request",
    "inspect_request",
    "complete_request",
    "is_complete_request",
    "history_request",
    "connect_request",
    "comm_info_request",
    "kernel_info_request",
    "comm_open",
    "comm_msg",
    "comm_close",
    "input_reply",
    "interrupt_request",
    "debug_request",
    "create_subshell_request",
]
FIELDS = {
    "code": ["1", "x = ", "await 0; ({ id: 1 })", "throw 1", "console.log(1)", "\u0000", "\ud83d\ude00."],
    "cursor_pos": [0, 1, 3, -5, 1e9, 0.5],
    "detail_level": [0, 1],
    "silent": [True, False],
    "store_history": [True, False],
    "stop_on_error": [True, False],
    "allow_stdin": [False],
    "user_expressions": [{}, {"a": "1 + 1", "b": "nothing"}],
    "hist_access_type": ["tail", "range", "search"],
    "session": [0, 1],
    "start": [0, -3],
    "stop": [5],
    "n": [0, 2, -2],
    "pattern": ["*", "[", "?("],
    "unique": [True],
    "output": [True, False],
    "raw": [True],
    "target_name": ["echo", "nobody", ""],
    "comm_id": ["c", ""],
    "data": [{}, {"a": [1]}],
    "value": ["text"],
}


class Fuzz:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def junk(self, depth=0):
        """Any JSON value."""
        r = self.random
        kind = r.randrange(8 if depth < 4 else 5)
        if kind < 2:
            return r.choice([None, True, False, 0, -1, 2**53, 1e308, "", "__proto__", "constructor"])
        if kind < 4:
            return "".join(r.choice(string.printable + "µ😀\u2028\u0000") for _ in range(r.randrange(12)))
        if kind == 4:
            return r.uniform(-1e6, 1e6)
        if kind == 5:
            return [self.junk(depth + 1) for _ in range(r.randrange(4))]
        return {str(self.junk(9)): self.junk(depth + 1) for _ in range(r.randrange(4))}

    def content(self):
        """Fields of requests, each right, of another type, or missing."""
        r = self.random
        if r.random() < 0.1:
            return self.junk()
        names = r.sample(sorted(FIELDS), r.randrange(1, len(FIELDS)))
        return {name: r.choice(FIELDS[name]) if r.random() < 0.6 else self.junk() for name in names}

    def header(self, session, kind):
        r = self.random
        header = session.msg_header(kind)
        header["date"] = "2026-01-01T00:00:00Z"
        if r.random() < 0.3:
            header[r.choice(["msg_id", "msg_type", "session", "username", "version", "date"])] = self.junk()
        if r.random() < 0.1:
            del header[r.choice(sorted(header))]
        return header if r.random() < 0.95 else self.junk()

    def frames(self, session):
        r = self.random
        kind = r.choice(REQUESTS) if r.random() < 0.85 else r.choice(["", "_request", "execute_reply", "😀_request"])
        parts = [self.header(session, kind), self.junk() if r.random() < 0.2 else {}, {}, self.content()]
        if r.random() < 0.2:
            parts[2] = self.junk()
        encoded = [json.dumps(part).encode("utf8", "surrogatepass") for part in parts]
        if r.random() < 0.1:
            i = r.randrange(4)
            encoded[i] = encoded[i][: r.randrange(len(encoded[i]) + 1)]
        if r.random() < 0.05:
            encoded[r.randrange(4)] = bytes(r.randrange(256) for _ in range(20))
        signature = session.sign(encoded)
        if r.random() < 0.1:
            signature = signature[:-1] + b"0"
        frames = [b"<IDS|MSG>", signature, *encoded]
        frames += [bytes(r.randrange(256) for _ in range(r.randrange(9))) for _ in range(r.randrange(3))]
        if r.random() < 0.1:
            frames = frames[: r.randrange(len(frames))]
        return frames or [b""]


@pytest.fixture(scope="module")
def kernel():
    kernel = Kernel()
    kernel.ok('jupyter.registerCommTarget("echo", c => { c.onMessage = m => c.send(m.data) })')
    yield kernel
    kernel.stop()


def settle(kernel):
    """Runs a cell behind all that was sent, and checks every message up to its end; returns their types."""
    seen = set()
    client = kernel.client

    def read(get, last):
        while True:
            message = get(timeout=30)
            check(message)
            seen.add(message["header"]["msg_type"])
            if message["parent_header"].get("msg_id") == sent and last(message):
                return message

    for _ in range(20):
        sent = client.execute("6 * 7")
        reply = read(client.get_shell_msg, lambda m: True)
        read(client.get_iopub_msg, lambda m: m["content"].get("execution_state") == "idle")
        # A cell that failed just before takes those behind it along.
        if reply["content"]["status"] == "ok":
            break
    else:
        raise AssertionError("no cell runs any more")
    for get in (client.get_control_msg, client.get_stdin_msg):
        try:
            while True:
                check(get(timeout=0.05))
        except queue.Empty:
            pass
    return seen


def alive(kernel):
    kernel.reply(kernel.client.kernel_info())
    assert kernel.ok("6 * 7").value == "42"


def test_malformed_mistyped_truncated_and_forged_messages_leave_the_kernel_alive(kernel):
    fuzz = Fuzz(SEED)
    client = kernel.client
    sockets = [client.shell_channel.socket, client.control_channel.socket, client.stdin_channel.socket]
    seen = set()
    for i in range(ROUNDS):
        socket = fuzz.random.choice(sockets)
        frames = fuzz.frames(client.session)
        try:
            socket.send_multipart(frames)
            if i % 25 == 24:
                seen.update(settle(kernel))
                alive(kernel)
        except AssertionError as error:
            raise AssertionError(f"seed {SEED}, message {i}: {frames}") from error
    # The fuzz reached the parts that answer.
    assert "execute_input" in seen and len(seen) >= 12, seen


def test_frames_of_any_bytes_leave_the_kernel_alive(kernel):
    r = random.Random(SEED)
    client = kernel.client
    for _ in range(60):
        frames = [bytes(r.randrange(256) for _ in range(r.randrange(40))) for _ in range(r.randrange(1, 8))]
        r.choice([client.shell_channel, client.control_channel, client.stdin_channel]).socket.send_multipart(frames)
    alive(kernel)


def test_a_cell_that_comes_on_the_stdin_channel_is_not_run(kernel):
    client = kernel.client
    message = client.session.msg("execute_request", {"code": 'globalThis["smuggled"] = 1', "silent": True})
    client.session.send(client.stdin_channel.socket, message)
    assert kernel.ok('"smuggled" in globalThis').value == "false"


def test_everything_that_cells_make_the_kernel_say_is_valid(kernel):
    cells = [
        "1",
        "undefined",
        "Symbol()",
        "(() => {})",
        "const q: string = 1",
        "throw { a: 1 }",
        "throw undefined",
        'throw Object.assign(new Error("x"), { name: 5, message: { deep: 1 }, stack: 7 })',
        "class Odd extends Error { override get message(): string { throw new Error() } } throw new Odd()",
        "new Proxy({}, { get() { throw 1 } })",
        '({ [Symbol.for("Jupyter.display")]: () => ({ "not a type": 1, "text/html": "<b>" }) })',
        '({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": undefined }) })',
        '({ [Symbol.for("Jupyter.display")]: () => { const a: any = {}; a.a = a; return { "application/json": a } } })',
        'await jupyter.display({ "text/plain": "p" }, "an id"); await jupyter.display(3, "an id")',
        "jupyter.clearOutput(true); jupyter.clearOutput('yes' as any)",
        "process.stdout.write(Buffer.from([0xff, 0xfe])); process.stderr.write('')",
        'jupyter.openComm("t", { n: 1n } as any)',
        'const c9 = jupyter.openComm("t"); c9.send({ a: NaN }); c9.close()',
        'await jupyter.display(BigInt(3)); 3n',
    ]
    for code in cells:
        result = kernel.run(code, user_expressions={"a": "1", "b": "throw"})
        for message in result.messages:
            try:
                check(message)
            except Exception as error:
                raise AssertionError(f"after {code!r}: {message['content']}") from error
        assert result.status in ("ok", "error"), code
    alive(kernel)
