"""Local PCA by numpy's batched eigh: {"file", "columns", "indices", "neighbors", "dimension", "out"}. The m largest
eigenvalues of each neighbourhood's scatter and their eigenvectors, by whichever of covariance and Gram is smaller."""

import json
import sys

import numpy as np
from measure import load, measure, tell

options = json.load(sys.stdin)
k, m = options["neighbors"], options["dimension"]
x = load(options["file"], options["columns"])
near = load(options["indices"], k, np.int32)


def run():
    values = np.empty((len(near), m))
    for start in range(0, len(near), 1000):
        y = x[near[start : start + 1000]]
        y = y - y.mean(axis=1, keepdims=True)
        gram = y @ y.transpose(0, 2, 1) if k < x.shape[1] else y.transpose(0, 2, 1) @ y
        found, vectors = np.linalg.eigh(gram)
        top = vectors[:, :, ::-1][:, :, :m]
        if k < x.shape[1]:
            top = y.transpose(0, 2, 1) @ top
        values[start : start + 1000] = found[:, ::-1][:, :m] / (k - 1)
    return values


values, times = measure(run, 3)
values.tofile(options["out"])
tell(**times)
