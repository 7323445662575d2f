"""Writes test/golden/theory.json: values of the reference numerics of test/reference/hysim.

Usage: python scripts/golden/theory.py

Needs numpy and scipy. Not part of the product; the JSON file it writes is committed.
"""
import numpy as np
from shared import hysim as h, r, write

rng = np.random.default_rng(20)


def case(**kw):
    return {k: (r(v) if isinstance(v, np.ndarray) else v) for k, v in kw.items()}


out = {}

# --- bounds: as they are, on values inside their declared range (errata E11)
z = np.round(np.clip(rng.normal(0.1, 0.3, 80), -0.5, 1.5), 6)
out["bounds"] = case(
    z=z, lo=-0.5, hi=1.5, delta=0.04, variance=0.09,
    betting=float(h.bet_ucb(z, -0.5, 1.5, 0.04, v0=0.09)),
    bettingLow=float(-h.bet_ucb(-z, -1.5, 0.5, 0.04, v0=0.09)),
    maurerPontil=float(h.mp_ucb(z, -0.5, 1.5, 0.04)),
    clt=float(h.clt_ucb(z, -0.5, 1.5, 0.04)),
)

# --- theorem 1B with b = 1 where the weight is 0 (errata E2)
n, m = 150, 90
w = np.round(rng.gamma(2.0, 0.5, n), 6)
loss = (rng.random(n) < 0.25).astype(float)
wT = np.round(rng.gamma(3.0, 0.5, m), 6)
wT[:7] = 0.0
W, c, delta = 1.5, 0.25, 0.05

bound = lambda gamma: h.certificate(loss, w, W, wT, delta, c=c, gamma=gamma, v0=0.05 * gamma**2)[0]
out["theorem1b"] = case(
    weights=w, losses=loss, targetWeights=wT, cap=W, centre=c, delta=delta, variance=0.05,
    gamma=[1.0, 1.5, 2.0], bound=[float(bound(g)) for g in (1.0, 1.5, 2.0)],
    tailMean=float(h.tail_variable(wT, W).mean()),
)


# --- theorem 1B-tilt, hardened: fixed-size bets, capital rising in t (errata E12)
out["tilt"] = case(t0=0.25, variance=0.06, bound=h.tilt_ucb(loss, w, W, 0.05, 0.25, 0.06))

# --- ratios: one ridge, one bandwidth and all target rows as centres, so that no seed enters
S = np.round(rng.standard_normal((70, 3)), 6)
T = np.round(rng.standard_normal((70, 3)) * [0.8, 1, 1] + [0.7, 0, 0], 6)
Q = np.round(rng.standard_normal((12, 3)), 6)
X = np.vstack([S, T])
mu, sd = X.mean(0), X.std(0)
std = lambda a: (a - mu) / sd
out["ratio"] = case(
    source=S, target=T, query=Q,
    medianDistance=h.lower_median_distance(std(X)),
    logitQuad=h.r_logit(S, T, quad=True, lams=(0.01,))(Q),
)
# The reference takes the mean of the middle two as its median.
h.ratio.med = lambda x: out["ratio"]["medianDistance"]
out["ratio"]["rulsif"] = r(h.r_ulsif(std(S), std(T), alpha=0.1, nb=70, fr=(0.7,), lams=np.array([0.1]))(std(Q)))

# --- manifold: self excluded by index (errata E, item 2)
a = rng.uniform(0, 2 * np.pi, 120)
M = np.zeros((120, 12))
M[:, 0], M[:, 1] = np.cos(a), np.sin(a)
M = np.round(M + 0.03 * rng.standard_normal(M.shape), 6)
idx, dd = h.knn(M, M, 8, excl=True)
P, R, ev = h.lpca(M, M, 8, 1, excl=True)
P2, R2, ev2 = h.lpca(M, M, 20, 2, excl=True)
rank, sigma = h.mp_edge_dim(M)
wide = np.round(rng.standard_normal((30, 50)) * 0.1 + np.outer(rng.standard_normal(30), np.ones(50)), 6)
wideRank, wideSigma = h.mp_edge_dim(wide)
out["manifold"] = case(
    x=M, neighborIndex=idx.astype(float), neighborDistance=dd, residual=R, spectrum=ev[:, :4], projection0=P[0],
    residual20=R2, spectrum20=ev2[:, :4], rank=rank, sigma=float(sigma),
    wide=wide, wideRank=wideRank, wideSigma=float(wideSigma),
    twoNN=float(h.twonn(M)), levinaBickel=float(h.lb_mle(M)), localPca=h.lpca_dim(M, 30, float(sigma)),
)

# --- clean weights and flags
ref = np.round(rng.gamma(4, 0.05, 60), 6)
test = np.round(np.r_[rng.gamma(4, 0.05, 30), rng.gamma(4, 0.2, 10)], 6)
q = lambda p: float(np.quantile(ref, p, method="inverted_cdf"))
d0, hh = q(0.9), q(0.99) - q(0.5)
p = h.conformal_p(ref, test)
out["clean"] = case(
    reference=ref, test=test, d0=d0, h=hh, kappa=np.exp(-np.maximum(test - d0, 0) ** 2 / (2 * hh * hh)),
    p=p, flagged=h.bh(p, 0.2).astype(float),
)

write("theory", out)
