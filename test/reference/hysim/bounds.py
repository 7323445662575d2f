"""Upper confidence bounds of a bounded mean (theory.md 2.2, errata.md E11)."""
import numpy as np
from scipy import stats


def _check(z, lo, hi):
    """A value outside its declared range would make the bound false, so it raises (errata.md E11)."""
    slack = 1e-9 * max(1.0, hi - lo)
    if len(z) == 0 or not (np.min(z) >= lo - slack and np.max(z) <= hi + slack):
        raise ValueError(f"values must lie in [{lo}, {hi}] and there must be some")


def mp_ucb(z, lo, hi, delta):
    """Maurer and Pontil's empirical Bernstein bound."""
    _check(z, lo, hi)
    n, log = len(z), np.log(2 / delta)
    return z.mean() + np.sqrt(2 * z.var(ddof=1) * log / n) + 7 * (hi - lo) * log / (3 * (n - 1))


def clt_ucb(z, lo, hi, delta):
    """Normal approximation: ESTIMATED, for comparison."""
    return z.mean() + stats.norm.ppf(1 - delta) * z.std(ddof=1) / np.sqrt(len(z))


def hoef_ucb(z, lo, hi, delta):
    _check(z, lo, hi)
    return z.mean() + (hi - lo) * np.sqrt(np.log(1 / delta) / (2 * len(z)))


def cp_ucb(k, n, delta):
    """Clopper and Pearson, exact, for k of n."""
    return 1.0 if k >= n else float(stats.beta.ppf(1 - delta, k + 1, n - k))


def bet_lcb(y, delta, c=0.75, v0=None, steps=40):
    """Betting lower bound for the mean of y in [0, 1] (Waudby-Smith and Ramdas). The log-capital falls in m.

    v0 is the first variance: from fold C or a constant, never from y itself."""
    _check(y, 0.0, 1.0)
    n, i = len(y), np.arange(1, len(y) + 1)
    v0 = 0.25 if v0 is None else v0
    mu = (0.5 + np.cumsum(y)) / (i + 1)
    var = (v0 + np.cumsum((y - mu) ** 2)) / (i + 1)
    before = np.concatenate([[v0], var[:-1]])
    bet = np.sqrt(2 * np.log(1 / delta) / (n * np.maximum(before, 1e-12)))
    threshold = np.log(1 / delta)

    def rejects(m):
        return np.cumsum(np.log1p(np.minimum(bet, c / max(m, 1e-12)) * (y - m))).max() >= threshold

    low, high = 1e-9, float(y.mean())
    if not rejects(low):
        return 0.0
    for _ in range(steps):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if rejects(middle) else (low, middle)
    return low


def bet_ucb(z, lo, hi, delta, c=0.75, v0=None):
    """Betting upper bound for the mean of z in [lo, hi]; v0 in squared units of z."""
    _check(z, lo, hi)
    y = np.clip((hi - z) / (hi - lo), 0, 1)
    return hi - (hi - lo) * bet_lcb(y, delta, c, None if v0 is None else v0 / (hi - lo) ** 2)


UCB = dict(mp=mp_ucb, bet=bet_ucb, clt=clt_ucb, hoef=hoef_ucb)
