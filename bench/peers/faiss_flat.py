"""faiss's exact flat index: {"file", "columns", "neighbors"}. The row itself is found too, so one more is asked for."""

import json
import sys

import faiss
from measure import load, measure, tell

options = json.load(sys.stdin)
x = load(options["file"], options["columns"])
faiss.omp_set_num_threads(options["threads"])


def run():
    index = faiss.IndexFlatL2(x.shape[1])
    index.add(x)
    return index.search(x, options["neighbors"] + 1)


_, times = measure(run)
tell(**times)
