"""The kernel beside its engine: a real training job while comms come in, an interrupt, a killed engine."""

import os
import signal
import statistics
import time

import pytest

from client import Kernel

# Full batches of wide rows: seconds of real training, in steps short enough to be cancelled between.
TRAIN = (
    "const long = await hysim.finetune({ data: known }, "
    "{ hidden: 512, epochs: 10000, patience: 10000, batch: 256, seed: 1 });"
)


@pytest.fixture(scope="module")
def kernel():
    kernel = Kernel()
    kernel.ok(
        'import * as hysim from "hysim-lab";\n'
        "const known = await hysim.simulate({ source_papers: 300, target_papers: 60 });\n"
        "const kept = 42;\n"
        # The embedding is remembered, so that the jobs below train from their first moment.
        "const quick = await hysim.finetune({ data: known }, { epochs: 1 });",
        timeout=120,
    )
    yield kernel
    kernel.stop()


def training(kernel):
    """Starts the long training and waits until the engine reports a step of it."""
    sent = kernel.send(TRAIN)
    kernel.wait_iopub(
        lambda m: m["msg_type"] == "comm_msg" and (m["content"]["data"].get("fraction") or 0) > 0, timeout=60
    )
    return sent


def interrupt(kernel, sent):
    begun = time.monotonic()
    kernel.manager.interrupt_kernel()
    result = kernel.finish(sent)
    return result, time.monotonic() - begun


class TestTraining:
    def test_comms_are_answered_within_50_ms_while_a_model_trains(self, kernel):
        kernel.ok(
            'jupyter.registerCommTarget("echo", (comm: any) => { comm.onMessage = (message: any) => comm.send(message.data) })'
        )
        sent = training(kernel)
        kernel.shell("comm_open", {"comm_id": "c1", "target_name": "echo", "data": {}})
        took = []
        for i in range(30):
            start = time.monotonic()
            kernel.shell("comm_msg", {"comm_id": "c1", "data": {"i": i}})
            kernel.wait_iopub(
                lambda m, i=i: m["msg_type"] == "comm_msg" and m["content"]["data"].get("i") == i
            )
            took.append(time.monotonic() - start)
        result, _ = interrupt(kernel, sent)
        assert result.status == "error"
        assert statistics.median(took) < 0.05, took

    def test_an_interrupt_stops_the_job_and_keeps_every_variable(self, kernel):
        result, _ = interrupt(kernel, training(kernel))
        assert result.status == "error"
        assert result.reply["ename"] in ("KeyboardInterrupt", "CancelledError")
        assert kernel.ok("[kept, known.length > 0, quick.head.classes.length]").value == "[ 42, true, 2 ]"
        kernel.ok("const after = await hysim.finetune({ data: known }, { epochs: 1 });", timeout=60)

    def test_a_training_whose_engine_is_killed_goes_on_to_the_same_bits(self, kernel):
        # The state of a training job lies outside the engine: killed once, it goes on from there.
        sent = kernel.send("const resumed = await hysim.finetune({ data: known }, { hidden: 512, epochs: 400, patience: 400 });")
        kernel.wait_iopub(
            lambda m: m["msg_type"] == "comm_msg" and 0.05 < (m["content"]["data"].get("fraction") or 0) < 0.7,
            timeout=60,
        )
        os.kill(self.engine(kernel), signal.SIGKILL)
        result = kernel.finish(sent, timeout=120)
        assert result.status == "ok", result.reply
        kernel.ok("const straight = await hysim.finetune({ data: known }, { hidden: 512, epochs: 400, patience: 400 });", timeout=120)
        assert kernel.ok("resumed.id === straight.id").value == "true"

    def test_an_engine_killed_while_idle_is_started_again_unnoticed(self, kernel):
        os.kill(self.engine(kernel), signal.SIGKILL)
        kernel.ok("const unaware = await hysim.finetune({ data: known }, { epochs: 1 });", timeout=60)
        assert kernel.ok("unaware.id === quick.id").value == "true"

    def test_an_engine_killed_in_a_job_without_state_is_an_error_that_says_what_to_do(self, kernel):
        kernel.ok("const wide = await hysim.simulate({ source_papers: 2500, target_papers: 900, seed: 5 });")
        sent = kernel.send("const space = await hysim.embed({ data: wide });\nconst doomed = await hysim.denoise({ space });")
        kernel.wait_iopub(
            lambda m: m["msg_type"] == "comm_msg" and m["content"]["data"].get("stage") == "denoise"
            and m["content"]["data"].get("status") == "running",
            timeout=60,
        )
        time.sleep(0.3)
        os.kill(self.engine(kernel), signal.SIGKILL)
        result = kernel.finish(sent, timeout=60)
        assert result.reply["ename"] == "EngineError"
        assert "run the cell again" in result.reply["evalue"]
        assert kernel.ok("[kept, space.dimension]").value == "[ 42, 32 ]"
        kernel.ok("const again = await hysim.denoise({ space });", timeout=120)

    @staticmethod
    def engine(kernel):
        """The engine's process: the kernel's one child that runs engine/main.js."""
        parent = kernel.manager.provisioner.process.pid
        for entry in os.listdir("/proc"):
            if not entry.isdigit():
                continue
            try:
                stat = open(f"/proc/{entry}/stat").read().rsplit(")", 1)[1].split()
                command = open(f"/proc/{entry}/cmdline").read()
            except OSError:
                continue
            if int(stat[1]) == parent and "engine" in command:
                return int(entry)
        raise AssertionError("the kernel has no engine process")
