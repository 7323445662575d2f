"""8(d): off-manifold rows with a trusted reference (max3, conformal p-values, BH at q = .1), and where it is not valid."""
import numpy as np

import hysim as h

from .laws import manifold
from .summary import mean

SETTINGS = (("circle", 50, 0.03), ("sphere", 50, 0.03), ("torus", 100, 0.03))


def rows(name, n, d, sigma, rng, kind, share, A):
    """Rows with a share of outliers of a kind; and which those are."""
    x, m, _ = manifold(name, n, rng)
    e = x.shape[1]
    z = np.zeros((n, d))
    z[:, :e] = x
    z += sigma * rng.standard_normal((n, d))
    out = rng.random(n) < share
    k = int(out.sum())
    if kind == "noise":
        z[out] += np.sqrt(8) * sigma * rng.standard_normal((k, d))
    elif kind == "inside":
        z[np.ix_(out, np.arange(e))] = z[out][:, :e] * rng.uniform(0.5, 0.8, (k, 1))
    elif kind == "global":
        z[out] = rng.standard_normal((k, d)) * np.sqrt((x**2).sum(1).mean() / d + sigma**2)
    else:
        v = rng.standard_normal(d)
        v /= np.linalg.norm(v)
        z[out] = 1.1 * v + 0.3 * sigma * rng.standard_normal((k, d)) + 0.05 * rng.standard_normal((k, 1)) * v
    return z @ A.T, out, m


def trusted(name, d, sigma, kind, share, contaminated=0.0):
    """Train on 800, reference of 600, test 800."""

    def run(repeats):
        out = {key: [] for key in ("FDP", "power", "type I at .05", "trimmed FDP", "trimmed power")}
        for r in range(repeats):
            rng = np.random.default_rng(50 + r)
            A, _ = np.linalg.qr(rng.standard_normal((d, d)))
            train, _, m = rows(name, 800, d, sigma, rng, kind, contaminated, A)
            reference = rows(name, 600, d, sigma, rng, kind, contaminated, A)[0]
            test, y, _ = rows(name, 800, d, sigma, rng, kind, share, A)
            mu, V, _ = h.frame(train)
            fit = (train - mu) @ V
            own = h.evaluate_frame(mu, V, fit, train, 30, m, excl=True)
            score = lambda z: h.max3(own, h.evaluate_frame(mu, V, fit, z, 30, m))
            s, t = score(reference), score(test)
            centre = np.median(s)
            kept = s[s < centre + 5 * 1.4826 * np.median(np.abs(s - centre))]
            for prefix, ref in (("", s), ("trimmed ", kept)):
                p = h.conformal_p(ref, t)
                flag = h.bh(p, 0.1)
                out[prefix + "FDP"].append((flag & ~y).sum() / max(flag.sum(), 1))
                out[prefix + "power"].append((flag & y).sum() / max(y.sum(), 1))
                if not prefix:
                    out["type I at .05"].append((p[~y] <= 0.05).mean())
        return dict(name=name, d=d, sigma=sigma, kind=kind, share=share, reference_contaminated=contaminated,
                    rows=[800, 600, 800], seeds=f"50 to {49 + repeats}", q=0.1, **{k: mean(v) for k, v in out.items()})

    return run


CELLS = {f"8d {name} d={d} {kind} {share}": (10, trusted(name, d, s, kind, share))
         for name, d, s in SETTINGS for kind in ("noise", "inside", "global", "cluster") for share in (0.1, 0.3)}
CELLS |= {f"8d contaminated reference {kind} {nu}": (8, trusted("torus", 100, 0.03, kind, 0.15, nu))
          for kind in ("noise", "cluster") for nu in (0.05, 0.1)}
