"""8(f): the closed form of a similarity tilt, Theorem 1A with a posterior on the absolute grid, Theorem 1C with labels."""
import numpy as np
from scipy.stats import norm

import hysim as h

from .summary import mean

DELTA = 0.05


def tilt(width):
    def run(_):
        z = np.random.default_rng(0).standard_normal(2_000_000)
        w = np.exp(-((z - 1) ** 2) / (2 * (1 + width**2)))
        m = (w * z).sum() / w.sum()
        closed = dict(mean=1 / (2 + width**2), variance=(1 + width**2) / (2 + width**2))
        return dict(h=width, rows=2_000_000, seed=0, mean=round(float(m), 4),
                    variance=round(float((w * (z - m) ** 2).sum() / w.sum()), 4),
                    closed={key: round(v, 4) for key, v in closed.items()})

    return run


def theorem_1a(n, delta, d=10, s=0.5):
    """Gibbs risk of a Gaussian posterior over linear heads; lambda on errata.md E10's absolute grid, true ratio."""

    def run(repeats):
        bounds, risks, kls, misses = [], [], [], 0
        least = 2 * np.log(1 / DELTA) / n
        K = max(1, int(np.ceil(np.log2(1 / least))))
        grid = np.sqrt(2) * 2.0 ** np.arange(K) * least
        chi2 = np.expm1(delta**2)
        for r in range(repeats):
            rng = np.random.default_rng(r)
            a = rng.standard_normal(d)
            a /= np.linalg.norm(a)

            def rows(count, target):
                x = rng.standard_normal((count, d))
                x[:, 0] += delta * target
                return x, np.sign(x @ a + 0.3 * rng.standard_normal(count))

            prior = a + rng.standard_normal(d) / np.sqrt(d)
            prior *= 2 / np.linalg.norm(prior)
            x, y = rows(n, 0)
            w = np.exp(delta * x[:, 0] - delta**2 / 2)
            b = h.weighted_logistic(x, (y > 0).astype(float), w / w.mean(), 0.05)[:d]
            posterior = prior + 0.8 * (2 * b / np.linalg.norm(b) - prior)
            gibbs = lambda x, y: norm.cdf(-y * (x @ posterior) / (s * np.linalg.norm(x, axis=1)))
            kl = ((posterior - prior) ** 2).sum() / (2 * s * s)
            width = (kl + np.log(K / DELTA)) / (grid * n) + grid / 2 * (1 + chi2)
            bounds.append(float((w * gibbs(x, y)).mean() + width.min()))
            risks.append(gibbs(*rows(20_000, 1)).mean())
            kls.append(kl)
            misses += bounds[-1] < risks[-1]
        return dict(n=n, delta=delta, chi2=round(float(chi2), 3), seeds=f"0 to {repeats - 1}", misses=int(misses),
                    bound=mean(bounds), risk=mean(risks), kl=mean(kls))

    return run


def theorem_1c(d):
    """E[loss | z] in an RKHS ball, losses drawn with label noise, oracle R, bandwidth sqrt d."""

    def run(repeats):
        fits = {"uniform": h.r_uniform, "kernel tilt": h.r_sim,
                "logit": lambda a, b: h.r_logit(a, b, lams=(1e-2, 1e-1))}
        out = {name: dict(bound=[], mmd=[], misses=0) for name in fits}
        k = lambda a, b: np.exp(-h.sqd(a, b) / (2 * d))
        risk = []
        for r in range(repeats):
            rng = np.random.default_rng(r)
            move = np.r_[1.0, np.zeros(d - 1)]
            S, T = rng.standard_normal((1500, d)), rng.standard_normal((1000, d)) + move
            centres, a = rng.standard_normal((20, d)) + 0.5 * move, rng.random(20) / 20
            g = lambda z: k(z, centres) @ a
            R = np.sqrt(a @ k(centres, centres) @ a)
            loss = (rng.random(len(S)) < g(S)).astype(float)
            truth = g(rng.standard_normal((20_000, d)) + move).mean()
            risk.append(truth)
            Sf, Tf = rng.standard_normal((1000, d)), rng.standard_normal((700, d)) + move
            for name, fit in fits.items():
                w = np.minimum(fit(Sf, Tf)(S), 8.0)
                square = (w @ k(S, S) @ w) / len(S) ** 2 - 2 * (w @ k(S, T)).sum() / (len(S) * len(T)) + k(T, T).mean()
                mmd = np.sqrt(max(square, 0))
                sample = (1 + np.sqrt(2 * np.log(2 / DELTA))) / np.sqrt(len(T))
                label = np.sqrt(np.log(2 / DELTA) / (2 * len(S)) * (w**2).mean())
                u = (w * loss).mean() + R * (mmd + sample) + label
                out[name]["bound"].append(u)
                out[name]["mmd"].append(R * mmd)
                out[name]["misses"] += int(u < truth)
        for row in out.values():
            row["bound"], row["mmd"] = mean(row["bound"]), mean(row["mmd"])
        return dict(d=d, rows=[1500, 1000], seeds=f"0 to {repeats - 1}", risk=mean(risk), weights=out)

    return run


CELLS = {f"8f tilt h={width}": (1, tilt(width)) for width in (0.5, 1.0, 1.5)}
CELLS |= {f"8f 1A n={n} delta={delta}": (100, theorem_1a(n, delta))
          for n, delta in ((1000, 0.5), (1000, 1.0), (5000, 0.5), (5000, 1.0), (5000, 1.5), (5000, -1.0))}
CELLS |= {f"8f 1C d={d}": (20, theorem_1c(d)) for d in (2, 20)}
