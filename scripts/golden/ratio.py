"""Writes test/golden/ratio.json: ratios, tilts, matching and text similarity of the reference on small arrays.

Usage: python scripts/golden/ratio.py

Needs numpy and scipy. One bandwidth, one ridge and all target rows as centres, so that no seed enters.
"""
import numpy as np
from shared import hysim as h, r, write

rng = np.random.default_rng(31)
N, Q, SHIFT, SPREAD = 90, 3, 0.8, 0.75

S = np.round(rng.standard_normal((N, Q)), 6)
T = np.round(rng.standard_normal((N, Q)) * [SPREAD, 1, 1] + [SHIFT, 0, 0], 6)
fresh = np.round(rng.standard_normal((200, Q)), 6)
fresh_target = np.round(rng.standard_normal((200, Q)) * [SPREAD, 1, 1] + [SHIFT, 0, 0], 6)
omega = lambda z: np.exp(z[:, 0] ** 2 / 2 - ((z[:, 0] - SHIFT) / SPREAD) ** 2 / 2) / SPREAD
# 1 + chi^2 = int p_T^2 / p_S for normal laws of the first column.
precision = 2 / SPREAD**2 - 1
chi2 = float(np.exp(2 * SHIFT**2 / (SPREAD**4 * precision) - SHIFT**2 / SPREAD**2) / (SPREAD**2 * np.sqrt(precision)) - 1)

X = np.vstack([S, T])
mean, sd = X.mean(0), X.std(0)
std = lambda a: (a - mean) / sd
typical = h.lower_median_distance(std(X))
h.ratio.med = lambda x: typical
fixed = dict(nb=N, fr=(1.0,))
fits = {
    "ulsif": h.r_ulsif(std(S), std(T), alpha=0.0, lams=np.array([0.1]), **fixed),
    "rulsif": h.r_ulsif(std(S), std(T), alpha=0.1, lams=np.array([0.1]), **fixed),
    "rulsifHalf": h.r_ulsif(std(S), std(T), alpha=0.5, lams=np.array([0.1]), **fixed),
    "kliep": h.r_kliep(std(S), std(T), **fixed),
    "logitQuad": (lambda f: lambda z: f(z * sd + mean))(h.r_logit(S, T, quad=True, lams=(0.01,))),
}


def scores(f):
    """The function at fresh rows, and with mean 1 on S: J on fresh rows of both, NMSE on those of the source."""
    w = lambda z: f(std(z)) / f(std(S)).mean()
    a, b = w(fresh), w(fresh_target)
    return dict(
        raw=r(f(std(fresh))),
        J=float((a**2).mean() / 2 - b.mean()),
        nmse=float(((a - omega(fresh)) ** 2).mean() / chi2),
    )


tilt = h.r_sim(S, T, h=1.3)
cosine = h.r_cos(S, T)
W, bandwidth = 3.0, 1.1
matched = h.kmm_weights(S, T, W=W, h=bandwidth, steps=4000)
K = lambda a, b: np.exp(-h.sqd(a, b) / (2 * bandwidth**2))
mmd2 = (matched @ K(S, S) @ matched) / N**2 - 2 * (matched @ K(S, T)).mean() / N + K(T, T).mean()


def edit(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        above, row = row, [i]
        for j, y in enumerate(b, 1):
            row.append(min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (x != y)))
    return row[-1]


words = ["AUC0-inf (ng*h/mL)", "AUC(0-24), mean ± SD", "Cmax [ng/mL]", "CL/F (L/h)", "Terminal half-life t1/2 (h)", "",
         "Apparent volume of distribution of the central compartment after extravascular administration, Vc/F (L)",
         "Apparent volume of distribution of the peripheral compartment after extravascular dosing, Vp/F (L)"]
pairs = [(a, b) for a in words for b in words]
texts = dict(words=words, edit=[edit(a.lower(), b.lower()) for a, b in pairs])

out = dict(
    source=r(S), target=r(T), fresh=r(fresh), freshTarget=r(fresh_target), chiSquare=chi2, typical=typical,
    fits={name: scores(f) for name, f in fits.items()},
    kernel=dict(bandwidth=1.3, w=r(tilt(fresh))), cosine=r(cosine(fresh)),
    matching=dict(cap=W, bandwidth=bandwidth, ridge=1e-3, w=r(matched), mmd=float(np.sqrt(mmd2))),
    texts=texts,
)
write("ratio", out)
