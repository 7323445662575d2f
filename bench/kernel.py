"""The kernel against stock tslab in the same run, and ipykernel for scale.

ready: from the start of the process to the reply to a first, empty cell.
cell: a small cell that reads a variable of an earlier one, median of many.
complete, inspect: a name of the library, in a text that is new each time, after the cells; ipykernel asks jedi.
complete-stage, inspect-stage: a stage and a parameter of it, after the cells, against the limit of 150 ms.
first-complete: the same right after the cell that imports the stages, in a kernel that has had a moment of rest.
comm-busy: the round trip of a comm while a cell awaits and a model trains, against the same kernel when idle.

The kernels take turns, so that a busy moment of the machine meets both. Medians; figures in milliseconds.
"""

import argparse
import json
import os
import queue
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NODE = os.environ.get("HYSIM_NODE", "node")
sys.path.insert(0, str(ROOT / "test" / "kernel"))

# Milliseconds: beyond this a list of completions is felt to lag behind the keys.
LIMIT = 150

SPECS = {
    "hysim": {
        "argv": [NODE, "--no-force-async-hooks-checks", str(ROOT / "lib/kernel/jupyter/main.js"), "{connection_file}"],
        "display_name": "ours",
        "language": "typescript",
        "interrupt_mode": "message",
    },
    "tslab": {
        "argv": [NODE, str(ROOT / "node_modules/tslab/bin/tslab"), "kernel", "--config-path={connection_file}"],
        "display_name": "stock tslab",
        "language": "typescript",
    },
    "ipykernel": {
        "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "ipykernel",
        "language": "python",
    },
}


def install_specs():
    folder = Path(tempfile.mkdtemp(prefix="hysim-bench-"))
    for name, spec in SPECS.items():
        place = folder / "kernels" / f"bench-{name}"
        place.mkdir(parents=True)
        (place / "kernel.json").write_text(json.dumps(spec))
    os.environ["JUPYTER_PATH"] = str(folder)


def start(name):
    """A started kernel and the milliseconds until it had run an empty cell."""
    from jupyter_client.manager import KernelManager

    begun = time.perf_counter()
    manager = KernelManager(kernel_name=f"bench-{name}")
    manager.start_kernel(cwd=tempfile.mkdtemp(prefix="hysim-bench-cwd-"))
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    run(client, "0")
    return manager, client, (time.perf_counter() - begun) * 1e3


def run(client, code):
    """Milliseconds from sending a cell to its being idle."""
    begun = time.perf_counter()
    sent = client.execute(code)
    while True:
        message = client.get_iopub_msg(timeout=60)
        if message["parent_header"].get("msg_id") == sent and message["content"].get("execution_state") == "idle":
            break
    took = (time.perf_counter() - begun) * 1e3
    while client.get_shell_msg(timeout=60)["parent_header"].get("msg_id") != sent:
        pass
    return took


def ask(client, send, code, position):
    """Milliseconds from a question of completion or inspection to its reply, which must have found something."""
    begun = time.perf_counter()
    sent = send(code, position)
    while True:
        try:
            reply = client.get_shell_msg(timeout=60)
        except queue.Empty:
            raise AssertionError(f"no answer to {code!r}") from None
        if reply["parent_header"].get("msg_id") == sent:
            break
    took = (time.perf_counter() - begun) * 1e3
    content = reply["content"]
    assert content.get("matches") or content.get("found"), (code, content)
    return took


def stop(manager, client):
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def report(case, ours, peer, peer_name):
    line = {"name": "kernel", "case": case, "ours": round(ours, 2), "peer": round(peer, 2)}
    print(json.dumps({**line, "peerName": peer_name, "ratio": round(ours / peer, 3), "unit": "ms"}), flush=True)


def ready_and_cell(rounds, cells):
    ready = {name: [] for name in SPECS}
    cell = {name: [] for name in SPECS}
    complete = {name: [] for name in SPECS}
    inspect = {name: [] for name in SPECS}
    for _ in range(rounds):
        started = {}
        for name in SPECS:
            manager, client, took = start(name)
            ready[name].append(took)
            run(client, "import math; x = 1" if name == "ipykernel" else "let x = 1")
            started[name] = (manager, client)
        for i in range(cells):
            for name, (_, client) in started.items():
                cell[name].append(run(client, f"x = x + {i}; x"))
        for i in range(cells):
            for name, (_, client) in started.items():
                if name == "ipykernel":
                    code, hover = f"q{i} = math.cei", f"q{i} = math.ceil"
                else:
                    code, hover = f"const q{i} = Math.cb", f"const q{i} = Math.sqrt"
                complete[name].append(ask(client, client.complete, code, len(code)))
                inspect[name].append(ask(client, client.inspect, hover, len(hover)))
        for manager, client in started.values():
            stop(manager, client)
    for case, figures in (("ready", ready), ("cell", cell), ("complete", complete), ("inspect", inspect)):
        for peer in ("tslab", "ipykernel"):
            report(case, statistics.median(figures["hysim"]), statistics.median(figures[peer]), peer)


def stages(rounds, cells):
    first, complete, inspect = [], [], []
    for _ in range(rounds):
        manager, client, _ = start("hysim")
        # As when a person opens a notebook: what the kernel does while it rests is part of what it is.
        time.sleep(4)
        run(client, 'import * as hysim from "hysim-lab"')
        code = "await hysim.den"
        first.append(ask(client, client.complete, code, len(code)))
        run(client, "const space = undefined as unknown as hysim.Space")
        for i in range(30):
            run(client, f"const v{i} = {{ n: {i} }}; function f{i}(x: number) {{ return x + v{i}.n }}")
        for i in range(cells):
            for code in (f"const d{i} = await hysim.den", f"const d{i} = await hysim.denoise({{ space }}, {{ nei"):
                complete.append(ask(client, client.complete, code, len(code)))
            for code in (f"const d{i} = await hysim.denoise", f"const d{i} = await hysim.denoise({{ space }}, {{ rank"):
                inspect.append(ask(client, client.inspect, code, len(code)))
        stop(manager, client)
    figures = (("first-complete", first), ("complete-stage", complete), ("inspect-stage", inspect))
    for case, took in figures:
        report(case, statistics.median(took), LIMIT, "limit")


def comm_busy(messages):
    from client import Kernel

    kernel = Kernel(name="bench-hysim")
    kernel.ok('jupyter.registerCommTarget("echo", comm => { comm.onMessage = m => comm.send(m.data) })')
    kernel.ok(
        'import * as hysim from "hysim-lab";\n'
        "const data = await hysim.simulate({ source_papers: 300, target_papers: 60 });\n"
        "await hysim.finetune({ data }, { epochs: 1 });",
        timeout=120,
    )
    kernel.shell("comm_open", {"comm_id": "c", "target_name": "echo", "data": {}})

    def trips():
        took = []
        for i in range(messages):
            begun = time.perf_counter()
            kernel.shell("comm_msg", {"comm_id": "c", "data": {"i": i}})
            kernel.wait_iopub(lambda m, i=i: m["msg_type"] == "comm_msg" and m["content"]["data"].get("i") == i)
            took.append((time.perf_counter() - begun) * 1e3)
            time.sleep(0.01)
        return statistics.median(took)

    idle = trips()
    sent = kernel.send("await hysim.finetune({ data }, { hidden: 512, epochs: 10000, patience: 10000, batch: 256 });")
    kernel.wait_iopub(lambda m: m["msg_type"] == "comm_msg" and (m["content"]["data"].get("fraction") or 0) > 0)
    busy = trips()
    kernel.manager.interrupt_kernel()
    kernel.finish(sent)
    kernel.stop()
    report("comm-busy", busy, idle, "idle")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cells", type=int, default=30)
    parser.add_argument("--messages", type=int, default=200)
    options = parser.parse_args()
    install_specs()
    ready_and_cell(options.rounds, options.cells)
    stages(options.rounds, options.cells)
    comm_busy(options.messages)
