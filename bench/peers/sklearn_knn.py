"""scikit-learn's exact neighbours: {"file", "columns", "neighbors", "out"}."""

import json
import sys

from measure import load, measure, tell
from sklearn.neighbors import NearestNeighbors

options = json.load(sys.stdin)
x = load(options["file"], options["columns"])
k = options["neighbors"]


def run():
    search = NearestNeighbors(n_neighbors=k, algorithm="brute", n_jobs=options["threads"]).fit(x)
    return search.kneighbors(return_distance=True)


(distances, indices), times = measure(run)
if options.get("out"):
    indices.astype("<i4").tofile(options["out"])
tell(**times)
