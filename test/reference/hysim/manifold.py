"""Global PCA by Marchenko and Pastur, local PCA, intrinsic dimension, off-manifold scores (theory.md 2c and 5)."""
import numpy as np

from .kernels import sqd


def knn(Q, X, k, excl=False, block=2000):
    """k nearest rows of X: (indices, distances). excl: query i is row i, or excl[i] is (-1: none); by index."""
    own = np.arange(len(Q)) if excl is True else (None if excl is False else np.asarray(excl))
    found, near = [], []
    for i in range(0, len(Q), block):
        D = sqd(Q[i : i + block], X)
        if own is not None:
            here = own[i : i + block]
            rows = np.flatnonzero(here >= 0)
            D[rows, here[rows]] = np.inf
        idx = np.argpartition(D, k - 1, axis=1)[:, :k]
        d = np.take_along_axis(D, idx, 1)
        order = np.argsort(d, 1)
        found.append(np.take_along_axis(idx, order, 1))
        near.append(np.sqrt(np.take_along_axis(d, order, 1)))
    return np.vstack(found), np.vstack(near)


def lpca(Q, X, k, m, excl=False):
    """Local PCA: (projection, residual, local spectrum). The smaller Gram matrix is taken."""
    idx, _ = knn(Q, X, k, excl)
    P, R, ev = np.empty_like(Q), np.empty(len(Q)), np.empty((len(Q), min(k, Q.shape[1])))
    for i in range(len(Q)):
        c = X[idx[i]].mean(0)
        Y = X[idx[i]] - c
        if k < Q.shape[1]:
            lam, V = np.linalg.eigh(Y @ Y.T)
            lam, V = np.maximum(lam[::-1], 1e-18), V[:, ::-1]
            U = Y.T @ (V[:, :m] / np.sqrt(lam[:m]))
        else:
            lam, V = np.linalg.eigh(Y.T @ Y)
            lam, U = np.maximum(lam[::-1], 0), V[:, ::-1][:, :m]
        t = Q[i] - c
        p = U @ (U.T @ t)
        P[i], R[i], ev[i] = c + p, np.linalg.norm(t - p), lam[: ev.shape[1]] / (k - 1)
    return P, R, ev


def twonn(X, trim=0.1):
    _, d = knn(X, X, 2, excl=True)
    mu = np.sort(d[:, 1] / np.maximum(d[:, 0], 1e-12))[: int(len(d) * (1 - trim))]
    F = np.arange(1, len(mu) + 1) / (len(mu) / (1 - trim))
    x, y = np.log(mu), -np.log(1 - F)
    return (x @ y) / (x @ x)


def lb_mle(X, k1=10, k2=20):
    """Levina and Bickel with MacKay and Ghahramani's average."""
    _, d = knn(X, X, k2, excl=True)
    log = np.log(np.maximum(d, 1e-12))
    votes = [1 / ((log[:, k - 1][:, None] - log[:, : k - 1]).sum(1) / (k - 2)).mean() for k in range(k1, k2 + 1)]
    return float(np.mean(votes))


def lpca_dim(X, k, sigma=0.0, frac=0.1, seed=0):
    """Median over points of #{local eigenvalues > max(frac lambda_1, 2 sigma^2 (1 + sqrt(q / k))^2)}."""
    rows, q, counts = np.random.default_rng(seed).permutation(len(X))[:200], X.shape[1], []
    for near in knn(X[rows], X, k)[0]:
        Y = X[near] - X[near].mean(0)
        lam = np.maximum(np.linalg.eigvalsh(Y @ Y.T if k < q else Y.T @ Y)[::-1], 1e-15) / (k - 1)
        counts.append((lam > max(frac * lam[0], 2 * sigma**2 * (1 + np.sqrt(q / k)) ** 2)).sum())
    return float(np.median(counts))


def _mp_median(beta, grid=4000):
    lo, hi = (1 - np.sqrt(beta)) ** 2, (1 + np.sqrt(beta)) ** 2
    x = np.linspace(lo, hi, grid)[1:-1]
    c = np.cumsum(np.sqrt((hi - x) * (x - lo)) / (2 * np.pi * beta * x))
    return x[np.searchsorted(c / c[-1], 0.5)]


def mp_edge_dim(X):
    """Global rank and noise scale: eigenvalues above the Marchenko-Pastur edge, sigma from their median."""
    n, d = X.shape
    lam = np.maximum(np.linalg.eigvalsh(np.cov(X.T)), 0)[::-1]
    beta = d / n
    median = _mp_median(min(beta, 1 / beta)) * (1 if beta <= 1 else beta)
    s2 = np.median(lam[: min(n - 1, d)]) / median
    return int((lam > s2 * (1 + np.sqrt(beta)) ** 2).sum()), float(np.sqrt(s2))


def frame(X, cap=64, least=2):
    """Mean, principal directions [d, q] and noise scale of X."""
    rank, sigma = mp_edge_dim(X)
    q = max(least, min(rank, cap, X.shape[1] - 1))
    mu = X.mean(0)
    return mu, np.linalg.svd(X - mu, full_matrices=False)[2][:q].T, sigma


def evaluate_frame(mu, V, fit, Q, k, m, excl=False):
    """(tangent residual, residual outside, log kNN radius) of rows Q; fit: rows of the fit in PCA space."""
    inside = (Q - mu) @ V
    _, tangent, _ = lpca(inside, fit, k, m, excl)
    outside = np.sqrt(np.maximum(((Q - mu) ** 2).sum(1) - (inside**2).sum(1), 0))
    return tangent, outside, np.log(knn(inside, fit, k, excl)[1][:, -1])


def max3(own, rows):
    """Largest of three robust z-scores; centre and scale from the fold that trained the score (errata.md E14)."""

    def z(values, reference):
        centre = np.median(reference)
        return (values - centre) / (1.4826 * np.median(np.abs(reference - centre)) + 1e-9)

    return np.maximum.reduce([z(a, b) for a, b in zip(rows, own)])
