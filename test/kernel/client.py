"""A small client: starts a kernel, runs cells, and keeps every message of each."""

import queue
import tempfile
import time
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

    def shell(self, kind, content, buffers=None):
        """Sends any message on the shell channel; returns its id."""
        message = self.client.session.msg(kind, content)
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
