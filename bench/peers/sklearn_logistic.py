"""scikit-learn's LogisticRegression on [z, (z^2 - 1)/sqrt2]: {"source", "target", "heldSource", "heldTarget", "columns", "lambda"}.

Classes balanced; C = 1 / (n lambda) makes its objective ours. Also the log loss on the held-out rows.
"""

import json
import sys

import numpy as np
from measure import load, measure, tell
from sklearn.linear_model import LogisticRegression

options = json.load(sys.stdin)
source, target, held_source, held_target = (
    load(options[name], options["columns"], np.float64) for name in ("source", "target", "heldSource", "heldTarget")
)


def features(x, mean, sd):
    z = (x - mean) / sd
    return np.hstack([z, (z * z - 1) / np.sqrt(2)])


def run():
    rows = np.vstack([source, target])
    mean, sd = rows.mean(0), rows.std(0)
    label = np.r_[np.zeros(len(source)), np.ones(len(target))]
    model = LogisticRegression(C=1 / (len(rows) * options["lambda"]), class_weight="balanced", max_iter=1000, tol=1e-6)
    return model.fit(features(rows, mean, sd), label), mean, sd


(model, mean, sd), times = measure(run, options.get("rounds", 1))
score = lambda x: model.decision_function(features(x, mean, sd))
loss = 0.5 * (np.logaddexp(0, score(held_source)).mean() + np.logaddexp(0, -score(held_target)).mean())
tell(loss=float(loss), steps=int(model.n_iter_[0]), **times)
