"""Runs single cells of a notebook with its kernel, for the `hysim` command, which decides which and in what order.

Reads one JSON request a line from standard input and writes one JSON answer a line to standard output:

    {"run": 3, "id": "…"}  runs the fourth cell of the file  ->  {"status": "ok" | "error" | "dead", …, "runs": […]}
    {"save": true}         writes the notebook, whole or not ->  {"status": "ok", "hash": "…"} or {"status": "error", …}
    {"end": true}          shuts the kernel down

`runs` are the kernel's notes of its runs (common/dataflow/wire.ts). Cells that are not run keep what they have. Decides
nothing itself.
"""

import hashlib
import json
import os
import re
import sys
import time
import uuid
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbclient.util import run_sync

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
TARGET = "hysim.dataflow"


class Changed(Exception):
    """The file is no longer what was read."""


class Session:
    """One notebook and one kernel."""

    def __init__(self, path, kernel):
        self.path = path
        self.bytes = path.read_bytes()
        self.notebook = nbformat.reads(self.bytes.decode("utf-8-sig"), as_version=4)
        self.client = NotebookClient(
            self.notebook,
            kernel_name=kernel or self.notebook.metadata.get("kernelspec", {}).get("name") or "hysim",
            timeout=None,
            startup_timeout=120,
            record_timing=False,
            resources={"metadata": {"path": str(path.resolve().parent)}},
        )
        self.comm = uuid.uuid4().hex
        self.cell_id = ""

    def start(self):
        """Names the cell in each request, as JupyterLab does, and opens the comm on which the kernel tells its runs."""
        self.client.create_kernel_manager()
        self.client.start_new_kernel(cwd=str(self.path.resolve().parent))
        self.client.start_new_kernel_client()
        kernel = self.client.kc

        def execute(code, store_history=True, stop_on_error=True, **_):
            content = {
                "code": code,
                "silent": False,
                "store_history": store_history,
                "user_expressions": {},
                "allow_stdin": False,
                "stop_on_error": stop_on_error,
            }
            request = kernel.session.msg("execute_request", content, metadata={"cellId": self.cell_id})
            kernel.shell_channel.send(request)
            return request["header"]["msg_id"]

        kernel.execute = execute
        self.send("comm_open", {"comm_id": self.comm, "target_name": TARGET, "data": {}})

    def send(self, kind, content):
        kernel = self.client.kc
        kernel.shell_channel.send(kernel.session.msg(kind, content))

    def runs(self):
        """The kernel's notes of its runs; none from a kernel that keeps none."""
        request = uuid.uuid4().hex
        self.send("comm_msg", {"comm_id": self.comm, "data": {"op": "runs", "request": request}})
        end = time.monotonic() + 20
        while time.monotonic() < end:
            try:
                message = run_sync(self.client.kc.get_iopub_msg)(timeout=1)
            except Exception:  # the queue is empty
                continue
            content = message["content"]
            if message["msg_type"] == "comm_close" and content.get("comm_id") == self.comm:
                break
            data = content.get("data") or {}
            if message["msg_type"] == "comm_msg" and data.get("request") == request:
                return data.get("runs", [])
        return []

    def run(self, place, cell_id):
        self.cell_id = cell_id
        cell = self.notebook.cells[place]
        try:
            self.client.execute_cell(cell, place)
        except CellExecutionError as error:
            reason = ESCAPES.sub("", f"{error.ename}: {error.evalue}" if error.ename else error.evalue)
            return {"status": "error", "reason": reason, "runs": self.runs()}
        except (DeadKernelError, CellTimeoutError, RuntimeError) as error:
            return {"status": "dead", "reason": f"the kernel ended: {error}", "runs": []}
        return {"status": "ok", "runs": self.runs()}

    def save(self):
        """Writes to a name beside the file, then renames. The file is whole at every moment."""
        if self.path.read_bytes() != self.bytes:
            raise Changed
        # A link stays one: what it leads to is written.
        target = self.path.resolve()
        text = nbformat.writes(self.notebook)
        data = (text if text.endswith("\n") else text + "\n").encode("utf-8")
        part = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.part")
        try:
            part.write_bytes(data)
            os.chmod(part, target.stat().st_mode & 0o7777)
            os.replace(part, target)
        finally:
            part.unlink(missing_ok=True)
        self.bytes = data
        return {"status": "ok", "hash": hashlib.sha256(data).hexdigest()}

    def keep_aside(self):
        """Where the notebook goes when the file was changed meanwhile by somebody else."""
        for number in range(1, 1000):
            other = self.path.with_name(f"{self.path.stem}.executed-{number}.ipynb")
            if not other.exists():
                other.write_text(nbformat.writes(self.notebook), encoding="utf-8")
                return str(other)
        raise OSError("too many executed copies lie beside the notebook")

    def end(self):
        if self.client.km is not None:
            run_sync(self.client._async_cleanup_kernel)()


def answer(session, request):
    if "run" in request:
        return session.run(request["run"], request["id"])
    try:
        return session.save()
    except Changed:
        aside = session.keep_aside()
        return {"status": "error", "reason": f"the file was changed by another program while its cells ran; what they gave is in {aside}"}
    except OSError as error:
        return {"status": "error", "reason": f"the notebook cannot be written: {error.strerror or error}"}


def main():
    path, kernel = Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None

    def tell(message):
        print(json.dumps(message), flush=True)

    session = Session(path, kernel)
    try:
        session.start()
    except NoSuchKernel as error:
        tell({"status": "error", "reason": f"the kernel \"{error.name}\" is not installed: npm start sets it up"})
        return 1
    except RuntimeError as error:
        tell({"status": "error", "reason": f"the kernel did not start: {error}"})
        return 1
    try:
        tell({"status": "ok", "hash": hashlib.sha256(session.bytes).hexdigest()})
        for line in sys.stdin:
            request = json.loads(line)
            if "end" in request:
                break
            tell(answer(session, request))
    except KeyboardInterrupt:
        pass
    finally:
        session.end()
    return 0


if __name__ == "__main__":
    sys.exit(main())
