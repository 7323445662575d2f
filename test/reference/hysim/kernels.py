"""Distances and the median heuristic."""
import numpy as np


def sqd(a, b):
    """Squared distances [len(a), len(b)]; rounding below 0 is taken off."""
    return np.maximum((a * a).sum(1)[:, None] + (b * b).sum(1)[None] - 2 * a @ b.T, 0)


def lower_median_distance(x):
    """Median distance of all rows, the lower of the middle two: as the product takes it."""
    D = np.sort(sqd(x, x)[np.triu_indices(len(x), 1)])
    return float(np.sqrt(D[(len(D) + 1) // 2 - 1]))


def med(x, cap=500, seed=0):
    """Median distance of at most `cap` rows. The generator is made here (errata.md E, item 3)."""
    x = x[np.random.default_rng(seed).permutation(len(x))[:cap]]
    return float(np.sqrt(np.median(sqd(x, x)[np.triu_indices(len(x), 1)])))
