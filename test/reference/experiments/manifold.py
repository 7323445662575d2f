"""8(c): distance to the manifold, clean weights, denoising gain, intrinsic dimension."""
import numpy as np
from scipy.special import gammaln

import hysim as h

from .laws import distance, manifold
from .summary import mean

NAMES = ("circle", "sphere", "torus", "swiss", "sphere5")


def distances(name, d, sigma):
    """2a and 2b with h = sigma sqrt d and d0 = 0."""

    def run(repeats):
        rng, keys = np.random.default_rng(5), ("distance", "kappa", "kappa distance", "largest / cap")
        out = {key: [] for key in keys}
        for _ in range(repeats):
            x, m, tau = manifold(name, 3000, rng)
            e, xi = x.shape[1], sigma * rng.standard_normal((3000, d))
            r = distance(name, x + xi[:, :e], (xi[:, e:] ** 2).sum(1))
            width = sigma * np.sqrt(d)
            k = np.exp(-(r**2) / (2 * width**2))
            for key, value in zip(keys, (r.mean(), k.mean(), (k * r).mean(), (k * r).max() / (width * np.exp(-0.5)))):
                out[key].append(value)
        D = d - m
        closed = np.sqrt(2) * sigma * np.exp(gammaln((D + 1) / 2) - gammaln(D / 2)) * (1 + 1 / d) ** (-(D + 1) / 2)
        bounds = dict(paper=width, refined=sigma * np.sqrt(D) + sigma**2 * m / (2 * tau),
                      kappa=(1 + 1 / d) ** (-D / 2), kappa_distance=closed)
        return dict(name=name, d=d, sigma=sigma, rows=3000, seed=5, boundary=name == "swiss",
                    measured={key: mean(v) for key, v in out.items()},
                    closed={key: round(float(v), 6) for key, v in bounds.items()})

    return run


def gain(name, d, sigma, n=2000, k=(15, 30)):
    """2c: RMS of zhat - z over that of ztilde - z, and the dimension votes."""

    def run(repeats):
        out, votes = {}, {}
        for r in range(repeats):
            rng = np.random.default_rng(40 + r)
            x, m, _ = manifold(name, n, rng)
            Q, _ = np.linalg.qr(rng.standard_normal((d, d)))
            z = x @ Q[:, : x.shape[1]].T
            y = z + sigma * rng.standard_normal((n, d))
            mu, V, noise = h.frame(y, least=m + 1)
            inside, base = (y - mu) @ V, np.sqrt(((y - z) ** 2).sum(1).mean())
            rms = lambda p: np.sqrt(((p @ V.T + mu - z) ** 2).sum(1).mean()) / base
            out.setdefault("global", []).append(rms(inside))
            for neighbors in k:
                out.setdefault(f"global-local k={neighbors}", []).append(
                    rms(h.lpca(inside, inside, neighbors, m, excl=True)[0]))
            votes.setdefault("rank", []).append(V.shape[1])
            votes.setdefault("sigma", []).append(noise)
            votes.setdefault("local PCA", []).append(h.lpca_dim(inside, 60, noise))
            votes.setdefault("TwoNN", []).append(h.twonn(inside))
            votes.setdefault("Levina-Bickel 40-60", []).append(h.lb_mle(inside[:1500], 40, 60))
            votes.setdefault("TwoNN without global PCA", []).append(h.twonn(y))
        return dict(name=name, m=m, d=d, sigma=sigma, n=n, seeds=f"40 to {39 + repeats}",
                    floor=round(float(np.sqrt(m / d)), 4), gain={key: mean(v) for key, v in out.items()},
                    dimension={key: mean(v) for key, v in votes.items()})

    return run


CELLS = {f"8c distance {name} d={d} sigma={s}": (3, distances(name, d, s))
         for name in NAMES[:4] for d, s in ((20, 0.02), (20, 0.05), (100, 0.02), (384, 0.02))}
CELLS |= {f"8c gain {name} d={d} sigma={s}": (3, gain(name, d, s))
          for name in NAMES for d, s in ((20, 0.05), (100, 0.03))}
