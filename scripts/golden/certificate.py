"""Writes test/golden/certificate.json: certificates of papers with many rows, by the reference numerics.

Usage: python scripts/golden/certificate.py

Needs numpy and scipy. Not part of the product; the JSON file it writes is committed.
"""
import numpy as np
from shared import hysim as h, r, write

rng = np.random.default_rng(60)


def papers(n, most):
    """Row to paper, 1 to `most` rows each."""
    return np.repeat(np.arange(n), rng.integers(1, most + 1, n))


n, nt, most, W, c, delta = 90, 70, 7, 2.5, 0.3, 0.05
of, tof = papers(n, most), papers(nt, most)
hard = rng.normal(size=n)[of]
w = np.round(rng.gamma(2.0, 0.5, len(of)), 6)
loss = (rng.random(len(of)) < 1 / (1 + np.exp(1.0 - hard))).astype(float)
base = (rng.random(len(of)) < 1 / (1 + np.exp(0.2 - hard))).astype(float)
wt = np.round(rng.gamma(2.5, 0.5, len(tof)), 6)
wt[:9] = 0.0
ww = np.minimum(w, W)
b = np.where(wt > 0, np.maximum(1 - W / np.maximum(wt, 1e-300), 0), 1.0)


def z_rows(l, c, gamma):
    e = l - c
    return gamma * ww * np.maximum(e, 0) - ww * np.maximum(-e, 0) / gamma


def paper_bound(l, a, B, c, gamma, v0):
    return h.certificate(
        l, w, W, wt, delta, B=B, lo=a, c=c, gamma=gamma, v0=v0 * gamma**2, papers=of, target_papers=tof
    )[0]


# Recipe R: sums over N_max, here N_max = the largest paper, so that no row is left out.
def row_bound(l, a, B, c, gamma, v0):
    lo, hi = -(c - a) * W / gamma, gamma * (B - c) * W
    size, tsize = np.bincount(of), np.bincount(tof)
    u = h.ratio_ucb(np.bincount(of, z_rows(l, c, gamma)) / most, size / most, lo, hi, 0.8 * delta, 0.0, v0 * gamma**2)
    ub = h.ratio_ucb(np.bincount(tof, b) / most, tsize / most, 0.0, 1.0, 0.2 * delta, 0.0, 0.01)
    return c + u + (B - c) * ub


out = dict(
    papers=of.tolist(), targetPapers=tof.tolist(), weights=r(w), targetWeights=r(wt), losses=r(loss),
    baseline=r(base), cap=W, centre=c, most=most, delta=delta, variance=0.08, gamma=[1.0, 1.3, 2.0],
    paper=[paper_bound(loss, 0.0, 1.0, c, g, 0.08) for g in (1.0, 1.3, 2.0)],
    row=[row_bound(loss, 0.0, 1.0, c, g, 0.08) for g in (1.0, 1.3, 2.0)],
    improvement=[paper_bound(loss - base, -1.0, 1.0, -0.1, g, 0.08) for g in (1.0, 1.3, 2.0)],
)
out["tilt"] = h.ratio_ucb(h.paper_means(ww / W * loss, of), h.paper_means(ww / W, of), 0.0, 1.0, delta, c, 0.08 / W**2)
out["tiltRow"] = h.ratio_ucb(
    np.bincount(of, ww / W * loss) / most, np.bincount(of, ww / W) / most, 0.0, 1.0, delta, c, 0.08 / W**2
)

# --- theorem 1A on papers: absolute grid, second moment of the capped weights (errata E10)
kl, draws, d = 3.0, 40, delta
mass = h.paper_means(ww, of)
second = h.bet_ucb(mass**2, 0.0, W * W, 0.15 * d, v0=0.01 * W**4)
dp = 0.5 * d
K = max(1, int(np.ceil(np.log2(n / (2 * np.log(1 / dp))))))
grid = np.sqrt(2) * 2.0 ** np.arange(K) * 2 * np.log(1 / dp) / n
width = (grid / 2 * second + (kl + np.log(K / dp)) / (grid * n)).min()
out["theorem1a"] = dict(
    kl=kl, draws=draws, width=width,
    bound=h.paper_means(ww * loss, of).mean() + width + mass.mean() * np.sqrt(np.log(1 / (0.2 * d)) / (2 * draws))
    + h.bet_ucb(h.paper_means(b, tof), 0.0, 1.0, 0.15 * d, v0=0.01),
)

# --- theorem 1C on papers, exact kernel
x = np.round(rng.normal(size=(len(of), 3)), 6)
t = np.round(rng.normal(size=(len(tof), 3)) + [0.6, 0, 0], 6)
width_k, R = 1.7, 0.8
kern = lambda p, q: np.exp(-((p[:, None] - q[None]) ** 2).sum(-1) / (2 * width_k**2))  # noqa: E731
a = ww / (n * np.bincount(of)[of])
q = 1 / (nt * np.bincount(tof)[tof])
mmd = np.sqrt(a @ kern(x, x) @ a - 2 * a @ kern(x, t) @ q + q @ kern(t, t) @ q)
s = np.bincount(of, a)
out["theorem1c"] = dict(
    source=r(x), target=r(t), bandwidth=width_k, norm=R, mmd=mmd,
    bound=c + a @ (loss - c) + R * (mmd + (1 + np.sqrt(2 * np.log(1 / (0.4 * d)))) / np.sqrt(nt))
    + np.sqrt(0.5 * np.log(1 / (0.6 * d)) * (s**2).sum()),
)
# Norm of the ridge fit: the ridge by leave-one-out error.
y = loss[:120] - c
Kc = kern(x[:120], x[:120])
best = None
for ridge in (1e-4, 1e-3, 1e-2, 0.1, 1.0, 10.0):
    inv = np.linalg.inv(Kc + 120 * ridge * np.eye(120))
    alpha = inv @ y
    error = ((alpha / np.diag(inv)) ** 2).sum()
    if best is None or error < best[0]:
        best = (error, float(np.sqrt(alpha @ Kc @ alpha)))
out["theorem1c"]["ridgeNorm"] = best[1]

# --- micro-F1
counts = rng.poisson([[4], [1], [2]], (3, n))
wf = h.paper_means(ww, of)
p, m = wf * (counts[1] + counts[2]), wf * (2 * counts[0] + counts[1] + counts[2])
N = float((2 * counts[0] + counts[1] + counts[2]).max() + 3)
out["microF1"] = dict(
    counts=counts.tolist(), most=N, weights=r(wf),
    bound=h.ratio_ucb(p / (W * N), m / (W * N), 0.0, 1.0, delta, 0.5, 0.01),
)

write("certificate", out)
