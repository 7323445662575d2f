"""Conformal p-values, Benjamini and Hochberg, clean weights (theory.md 2b and 5, errata.md D)."""
import numpy as np


def conformal_p(reference, scores):
    """p = (1 + #{reference >= score}) / (N + 1)."""
    reference = np.sort(reference)
    return (1 + len(reference) - np.searchsorted(reference, scores, side="left")) / (len(reference) + 1)


def bh(p, q):
    """Step-up: True where rejected."""
    order = np.argsort(p)
    passed = np.flatnonzero(p[order] <= q * np.arange(1, len(p) + 1) / len(p))
    out = np.zeros(len(p), bool)
    if len(passed):
        out[order[: passed[-1] + 1]] = True
    return out


def fit_kappa(distance):
    """d0 = the .90 quantile and h = the .99 minus the .50 quantile of trusted distances."""
    return float(np.quantile(distance, 0.9)), float(np.quantile(distance, 0.99) - np.quantile(distance, 0.5))


def kappa(distance, d0, h):
    return np.exp(-np.maximum(distance - d0, 0) ** 2 / (2 * h * h))
