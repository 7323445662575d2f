"""A small client: starts a kernel, runs cells, and keeps every message of each."""

import itertools
import queue
import tempfile
import time
import uuid
from dataclasses import dataclass, field

from jupyter_client.manager import start_new_kernel

TIMEOUT = 30


@dataclass
class Result:
    reply: dict
    messages: list = field(default_factory=list)

    @property
    def status(self):
        return self.reply["status"]

    def of(self, kind):
        return [m["content"] for m in self.messages if m["msg_type"] == kind]

    def text(self, name="stdout"):
        return "".join(c["text"] for c in self.of("stream") if c["name"] == name)

    @property
    def value(self):
        """Plain text of the cell's result."""
        results = self.of("execute_result")
        return results[0]["data"]["text/plain"] if results else None


class Kernel:
    def __init__(self, folder=None, name="hysim"):
        self._folder = None if folder else tempfile.TemporaryDirectory(prefix="hysim-notebook-")
        self.folder = folder or self._folder.name
        self.manager, self.client = start_new_kernel(
            kernel_name=name, startup_timeout=60, cwd=self.folder
        )
        # The sockets answer before the compiler is there: the first cell waits for it.
        self.finish(self.send("0", silent=True), timeout=120)

    def stop(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        if self._folder:
            self._folder.cleanup()

    def send(self, code, **options):
        return self.client.execute(code, **options)

    def finish(self, msg_id, timeout=TIMEOUT, on_stdin=None):
        """Collects a request's output until it is idle, then its reply."""
        messages = []
        end = time.monotonic() + timeout
        while True:
            assert time.monotonic() < end, f"no idle after {timeout} s; so far {messages}"
            if on_stdin and self.client.stdin_channel.msg_ready():
                on_stdin(self.client.get_stdin_msg(timeout=1))
            try:
                message = self.client.get_iopub_msg(timeout=0.2)
            except queue.Empty:
                continue
            if message["parent_header"].get("msg_id") != msg_id:
                continue
            messages.append(message)
            if message["content"].get("execution_state") == "idle":
                break
        return Result(self.reply(msg_id), messages)

    def reply(self, msg_id, timeout=TIMEOUT):
        """The reply to a request; replies to others that come before it are passed over."""
        while True:
            message = self.client.get_shell_msg(timeout=timeout)
            if message["parent_header"].get("msg_id") == msg_id:
                return message["content"]

    def run(self, code, timeout=TIMEOUT, on_stdin=None, **options):
        return self.finish(self.send(code, **options), timeout, on_stdin)

    def ok(self, code, **options):
        result = self.run(code, **options)
        assert result.status == "ok", result.reply
        return result

    def run_cell(self, cell, code, timeout=TIMEOUT, silent=False):
        """Runs code as JupyterLab does, which says in the metadata which cell it is."""
        content = {"code": code, "silent": silent, "store_history": not silent, "allow_stdin": False}
        return self.finish(self.shell("execute_request", content, metadata={"cellId": cell}), timeout)

    def shell(self, kind, content, buffers=None, metadata=None):
        """Sends any message on the shell channel; returns its id."""
        message = self.client.session.msg(kind, content, metadata=metadata)
        self.client.session.send(self.client.shell_channel.socket, message, buffers=buffers)
        return message["header"]["msg_id"]

    def wait_iopub(self, accept, timeout=TIMEOUT):
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            try:
                message = self.client.get_iopub_msg(timeout=0.5)
            except queue.Empty:
                continue
            if accept(message):
                return message
        raise AssertionError(f"the message did not come within {timeout} s")


class Page:
    """A page of the front end: one comm, whose answers repeat the request's id."""

    def __init__(self, kernel, target):
        self.kernel = kernel
        self.comm = uuid.uuid4().hex
        self.numbers = itertools.count()
        kernel.shell("comm_open", {"comm_id": self.comm, "target_name": target, "data": {}})

    def ask(self, timeout=60, **question):
        """The answer and its buffers."""
        request = f"r{next(self.numbers)}"
        self.kernel.shell("comm_msg", {"comm_id": self.comm, "data": {**question, "request": request}})
        return self.next(lambda data: data.get("request") == request, timeout)

    def next(self, accept, timeout=TIMEOUT):
        message = self.kernel.wait_iopub(
            lambda m: m["msg_type"] == "comm_msg"
            and m["content"]["comm_id"] == self.comm
            and accept(m["content"]["data"]),
            timeout=timeout,
        )
        return message["content"]["data"], message["buffers"]
