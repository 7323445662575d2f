"""Theorem 1B, its tilt, and the choice of the cap (theory.md 2.2 and 2.3, errata.md E2, E4, E12)."""
import numpy as np

from .bounds import UCB, bet_ucb, clt_ucb


def paper_means(values, papers):
    """Mean a paper, in the order of the paper numbers: the unit of every bound (errata.md E4, recipe P)."""
    count = np.bincount(papers)
    return (np.bincount(papers, values) / np.maximum(count, 1))[count > 0]


def weights_of_papers(papers):
    """Row weights of recipe P: 1 / (number of papers x rows of the paper)."""
    count = np.bincount(papers)
    return 1 / (np.sum(count > 0) * count[papers])


def tail_variable(w, cap, kappa=None):
    """b = 1 - kappa min(1, W / w), and 1 where w = 0 (errata.md E2)."""
    kept = np.where(w > 0, np.minimum(1, cap / np.maximum(w, 1e-300)), 0.0)
    return 1 - (1.0 if kappa is None else kappa) * kept


def tail_ucb(b, delta, method="bet", v0=0.01):
    """Bound of E_T b. v0 is a constant or from fold C, never from b itself."""
    return clt_ucb(b, 0, 1, delta) if method == "clt" else min(bet_ucb(b, 0.0, 1.0, delta, v0=v0), 1.0)


def certificate(loss, w, cap, target, delta, B=1.0, lo=0.0, c=0.0, gamma=1.0, method="bet", split=0.2, v0=None,
                kappa=None, target_kappa=None, papers=None, target_papers=None):
    """Theorem 1B. loss, w on held-out source rows; target: the same weight function on held-out target rows."""
    if not (lo <= c <= B and cap > 0 and gamma >= 1):
        raise ValueError("c must lie in [lo, B], the cap be positive and gamma at least 1")
    e = loss - c
    z = np.minimum(w, cap) * (1.0 if kappa is None else kappa) * np.where(e > 0, gamma * e, e / gamma)
    b = tail_variable(target, cap, target_kappa)
    z = z if papers is None else paper_means(z, papers)
    b = b if target_papers is None else paper_means(b, target_papers)
    z_lo, z_hi = -(c - lo) * cap / gamma, gamma * (B - c) * cap
    spent = delta * (1 - split)
    u = bet_ucb(z, z_lo, z_hi, spent, v0=v0) if method == "bet" else UCB[method](z, z_lo, z_hi, spent)
    tail = tail_ucb(b, delta * split, method)
    return c + u + (B - c) * tail, dict(mean=c + z.mean(), tail=tail, half=u - z.mean())


CAP_QUANTILES = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)


def pick_cap(loss, w, target, delta, B, lo, c, method="bet"):
    """On folds F and C only: the cap that minimises the certificate there, and the variance of Z at it."""
    caps = [cap for cap in np.unique(np.quantile(target, CAP_QUANTILES)) if cap > 0]
    cap = min(caps, key=lambda W: certificate(loss, w, W, target, delta, B, lo, c, 1.0, method)[0])
    z = np.minimum(w, cap) * (loss - c)
    return float(cap), float(max(z.var(), 1e-6))


def fieller_ucb(loss, w, cap, delta, B=1.0, lo=0.0, method="bet", v0=None):
    """Bound of E[w loss] / E[w] by inversion; v0 is passed on (errata.md E, item 1)."""
    w = np.minimum(w, cap)
    low, high = lo, B
    for _ in range(30):
        t = 0.5 * (low + high)
        z, ends = w * (loss - t), (-(t - lo) * cap, (B - t) * cap)
        u = bet_ucb(z, *ends, delta, v0=v0) if method == "bet" else UCB[method](z, *ends, delta)
        low, high = (t, high) if u >= 0 else (low, t)
    return high


def ratio_ucb(p, m, lo, hi, delta, t0, v0):
    """sup{t: capital of bets on t m - p >= 0 is below 1 / delta}, by bisection (errata.md E12).

    Bet sizes do not depend on t, so that the capital rises in t; t0 and v0 from fold C."""
    g = t0 * m - p
    k = len(g)
    i = np.arange(1, k + 1)
    mean = np.cumsum(g) / (i + 1)
    var = (v0 + np.cumsum((g - mean) ** 2)) / (i + 1)
    lam = np.sqrt(2 * np.log(1 / delta) / (k * np.maximum(np.concatenate([[v0], var[:-1]]), 1e-12)))

    def rejected(t):
        bet = np.minimum(lam, 0.75 / max(hi - t, 1e-12))
        return np.cumsum(np.log1p(bet * (t * m - p))).max() >= np.log(1 / delta)

    if not rejected(hi):
        return hi
    a, b = lo, hi
    for _ in range(60):
        c = 0.5 * (a + b)
        a, b = (a, c) if rejected(c) else (c, b)
    return b


def tilt_ucb(loss, w, cap, delta, t0, v0, lo=0.0, B=1.0):
    """1B-tilt: the tilted risk E[w loss] / E[w] of any weight in [0, cap]."""
    w = np.minimum(w, cap) / cap
    return ratio_ucb(w * loss, w, lo, B, delta, t0, v0)
