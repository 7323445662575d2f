"""8(e): clean weights, then the ratio, then the product, on a contaminated pool (errata.md E9 for the rescaling)."""
import numpy as np

import hysim as h

from .laws import torus_pool, torus_rows
from .summary import mean

D, RIDGES, DELTA = 64, (1e-3, 1e-2, 1e-1), 0.05


def hybrid(eta, flip):
    def run(repeats):
        risks, bounds, misses, other = {}, [], 0, {"kappa foreign": [], "kappa clean": [], "tail": []}
        for r in range(repeats):
            rng = np.random.default_rng(300 + r)
            A, _ = np.linalg.qr(rng.standard_normal((D, 4)))
            S, y, foreign, w_true = torus_pool(1500, eta, flip, rng, A)
            C, yc, _, _ = torus_pool(1000, eta, flip, rng, A)
            V, yv, _, _ = torus_pool(2000, eta, flip, rng, A)
            T, ref, U = (torus_rows(n, 1, rng, A)[0] for n in (700, 600, 1000))
            test, y_test, _ = torus_rows(20000, 1, rng, A)
            mu, W, _ = h.frame(T, cap=32, least=3)
            P = lambda z: (z - mu) @ W
            fit = P(T)

            def distance(z):
                tangent, outside, _ = h.evaluate_frame(mu, W, fit, z, 30, 2)
                return np.hypot(tangent, outside)

            d0, width = h.fit_kappa(distance(ref))
            kappa = lambda z: h.kappa(distance(z), d0, width)
            k, kt = kappa(S), kappa(T)
            # hard cut on both sides, and back to the whole pool by the shares kept (errata.md E9)
            naive = h.r_logit(P(S), fit, True, lams=RIDGES)
            clean = h.r_logit(P(S[k > 0.5]), fit[kt > 0.5], True, lams=RIDGES)
            share = (kt > 0.5).mean() / (k > 0.5).mean()
            w = lambda z: clean(P(z)) * share
            top = lambda f: np.minimum(f(S), np.quantile(f(ref), 0.98))
            arms = {"uniform": np.ones(len(S)), "omega": top(lambda z: naive(P(z))), "kappa": k,
                    "naive": top(lambda z: naive(P(z))) * k, "hybrid": top(w) * k, "oracle": w_true * ~foreign}
            model = {name: h.weighted_logistic(P(S), y, a / a.mean(), 1e-3) for name, a in arms.items()}
            wrong = lambda b, z, y: ((P(z) @ b[:-1] + b[-1] > 0) != y).astype(float)
            for name, b in model.items():
                risks.setdefault(name, []).append(wrong(b, test, y_test).mean())
            # the cap, c and both first variances come from C and the reference, never from V or U
            b = model["hybrid"]
            cap, kc, lc, wc = float(np.quantile(w(ref), 0.9)), kappa(C), wrong(b, C, yc), w(C)
            mass = np.minimum(wc, cap) * kc
            c = float((mass * lc).sum() / mass.sum())
            v = float(max((mass * (lc - c)).var(), 1e-6))
            u, parts = h.certificate(wrong(b, V, yv), w(V), cap, w(U), DELTA, c=c, v0=v, kappa=kappa(V),
                                     target_kappa=kappa(U))
            u = max(0.0, (u - flip) / (1 - 2 * flip))
            bounds.append(u)
            misses += u < risks["hybrid"][-1]
            other["kappa clean"].append(k[~foreign].mean())
            other["kappa foreign"].append(k[foreign].mean() if foreign.any() else 0.0)
            other["tail"].append(parts["tail"])
        return dict(eta=eta, flip=flip, d=D, rows=dict(F=1500, C=1000, V=2000, target=[700, 600, 1000]),
                    seeds=f"300 to {299 + repeats}", risk={key: mean(v) for key, v in risks.items()},
                    gap=mean(np.subtract(risks["hybrid"], risks["oracle"])), bound=mean(bounds), misses=int(misses),
                    **{key: mean(v) for key, v in other.items()})

    return run


CELLS = {f"8e eta={eta} flip={flip}": (20, hybrid(eta, flip))
         for eta, flip in ((0.0, 0.0), (0.2, 0.0), (0.4, 0.0), (0.6, 0.0), (0.2, 0.1))}
