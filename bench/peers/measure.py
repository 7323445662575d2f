"""CPU and wall time of what a peer does, for bench/peers.mjs. Each script prints one JSON object as its last line."""

import json
import resource
import time

import numpy as np


def cpu_seconds():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def measure(run, rounds=1):
    """What the last of `rounds` calls of `run` gives, and the least CPU and wall seconds of a call."""
    cpu = wall = float("inf")
    for _ in range(rounds):
        start = (cpu_seconds(), time.perf_counter())
        result = run()
        cpu = min(cpu, cpu_seconds() - start[0])
        wall = min(wall, time.perf_counter() - start[1])
    return result, {"cpu": cpu, "wall": wall}


def load(path, columns, dtype=np.float32):
    """Row-major values as bench/clock.mjs hands them over."""
    return np.fromfile(path, dtype=dtype).reshape(-1, columns)


def tell(**values):
    print(json.dumps(values))
