"""scikit-learn's local outlier factor, with its defaults: {"file", "columns", "neighbors"}."""

import json
import sys

from measure import load, measure, tell
from sklearn.neighbors import LocalOutlierFactor

options = json.load(sys.stdin)
x = load(options["file"], options["columns"])


def run():
    return LocalOutlierFactor(n_neighbors=options["neighbors"], n_jobs=options["threads"]).fit_predict(x)


_, times = measure(run)
tell(**times)
