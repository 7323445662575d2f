"""umap-learn on the same rows, its numba functions compiled by a first call, and the trustworthiness of its picture."""

import json
import sys
import warnings

import numpy as np
import umap
from measure import load, measure, tell
from sklearn.manifold import trustworthiness

warnings.filterwarnings("ignore")
given = json.load(sys.stdin)
x = load(given["file"], given["columns"])
sample = load(given["sample"], 1, np.int32)[:, 0]
# A seed would hold umap-learn to one thread, whatever is given.
options = {"n_neighbors": given["neighbors"], "n_jobs": given["threads"]}
if given["threads"] == 1:
    options["random_state"] = given["seed"]
umap.UMAP(**options).fit_transform(x[:5000])
picture, times = measure(lambda: umap.UMAP(**options).fit_transform(x))
near = trustworthiness(x[sample], picture[sample], n_neighbors=given["neighbors"])
tell(**times, trustworthiness=near)
