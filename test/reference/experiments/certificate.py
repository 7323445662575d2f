"""8(a): the certificate under a Gaussian shift, with true and with estimated ratios, both signs; false improvements."""
import numpy as np

import hysim as h

from .laws import shift, shift_truth
from .summary import mean, table

DELTA = 0.05


def fixed_on_fit(rows, ratio, n, rng):
    """Cap, centre and variance from a fold that only fits: of head 1's risk and of the difference."""
    x, l0, l1 = rows(n, 0, rng)
    w, t = ratio(x), ratio(rows(1000, 1, rng)[0])
    out = []
    for loss, lo in ((l1, 0.0), (l1 - l0, -1.0)):
        c = float((w * loss).mean() / w.mean())
        out.append((c, *h.pick_cap(loss, w, t, DELTA, 1, lo, c)))
    return out, (w, l1)


def true_ratio(n, delta):
    def run(repeats):
        L0, L1 = shift_truth(delta)
        rows, ratio = shift(2, delta)
        rng, chi = np.random.default_rng(7), np.expm1(delta**2)
        records, misses, shown = {}, dict(risk=0, improvement=0), 0
        add = lambda name, value: records.setdefault(name, []).append(value)
        for _ in range(repeats):
            ((c, cap, v), (cd, cap_d, vd)), (wf, f1) = fixed_on_fit(rows, ratio, n, rng)
            x, l0, l1 = rows(n, 0, rng)
            w, t = ratio(x), ratio(rows(1000, 1, rng)[0])
            for method in ("mp", "bet", "clt"):
                add(f"risk {method}", h.certificate(l1, w, cap, t, DELTA, c=c, method=method, v0=v)[0])
            d = h.certificate(l1 - l0, w, cap_d, t, DELTA, lo=-1.0, c=cd, v0=vd)[0]
            add("improvement bet", d)
            add("risk 1A, oracle chi2, KL = 0", (w * l1).mean() + np.sqrt(2 * (1 + chi) * np.log(1 / DELTA) / n))
            square = (wf * (1 - f1)).var() + (wf * (1 - f1)).mean() ** 2
            lam = np.sqrt(2 * np.log(1 / DELTA) / (n * max(square, 1e-9)))
            gain = np.log1p(lam * w * (1 - l1)).mean()
            add("risk logarithmic smoothing", 1 - (np.exp(gain - np.log(1 / DELTA) / n) - 1) / lam)
            direct = rows(max(int(n / (1 + chi)), 2), 1, rng)[2]
            add("risk direct, n_T = ESS", h.bet_ucb(direct, 0, 1, DELTA))
            misses["risk"] += records["risk bet"][-1] < L1
            misses["improvement"] += d < L1 - L0
            shown += d < 0
        return dict(n=n, delta=delta, chi2=round(chi, 3), ess=round(n / (1 + chi)), seed=7, risk=round(float(L1), 4),
                    difference=round(float(L1 - L0), 4), misses={k: int(v) for k, v in misses.items()},
                    shown=round(shown / repeats, 3), bounds=table(records))

    return run


def false_claims(delta):
    def run(repeats):
        rows, ratio = shift(2, delta)
        rng, claims = np.random.default_rng(3), {"swapped": 0, "symmetric tie": 0}
        for _ in range(repeats):
            xf, f0, f1 = rows(1000, 0, rng)
            tf = rows(500, 1, rng)[0]
            x, l0, l1 = rows(2000, 0, rng)
            t = rows(1000, 1, rng)[0]
            for name in claims:
                sign = lambda k: -1.0 if name == "swapped" else rng.choice([-1.0, 1.0], k)
                df, dv = (f1 - f0) * sign(len(f0)), (l1 - l0) * sign(len(l0))
                w = ratio(xf)
                c = float((w * df).mean() / w.mean())
                cap, v = h.pick_cap(df, w, ratio(tf), DELTA, 1, -1, c)
                u = h.certificate(dv, ratio(x), cap, ratio(t), DELTA, lo=-1.0, c=c, v0=v)[0]
                claims[name] += u < 0
        return dict(n=2000, delta=delta, seed=3, claims={k: int(v) for k, v in claims.items()})

    return run


def calibration_ratio(ws, wt, bins=5):
    """ESTIMATED: the worst ratio of target mass to weighted source mass over bins of w (errata.md E12)."""
    edges = np.quantile(np.r_[ws, wt], np.linspace(0, 1, bins + 1)[1:-1])
    s, t = np.digitize(ws, edges), np.digitize(wt, edges)
    worst = 1.0
    for b in range(bins):
        mass, weighted = (t == b).mean(), (ws * (s == b)).mean()
        if mass == 0 and weighted == 0:
            continue
        worst = max(worst, *((9.0, 9.0) if min(mass, weighted) == 0 else (mass / weighted, weighted / mass)))
    return worst


def estimated_ratio(d, delta=-1.0, n=2000):
    methods = {"true": None, "uniform": h.r_uniform, "kernel tilt": h.r_sim, "logit-quad + Platt": None,
               "rulsif": h.r_rulsif}

    def run(repeats):
        _, L1 = shift_truth(delta)
        rows, ratio = shift(d, delta)
        rng, out = np.random.default_rng(11), {}
        for _ in range(repeats):
            xf, xc, x = rows(1000, 0, rng)[0], rows(700, 0, rng), rows(n, 0, rng)
            tf, tc, t = rows(700, 1, rng)[0], rows(500, 1, rng)[0], rows(1000, 1, rng)[0]
            for name, fit in methods.items():
                w = ratio if name == "true" else fit(xf, tf) if fit else h.platt(h.r_logit(xf, tf, True), xc[0], tc)
                wc, wt = w(xc[0]), w(tc)
                c = float((wc * xc[2]).mean() / wc.mean())
                cap, v = h.pick_cap(xc[2], wc, wt, DELTA, 1, 0, c)
                G = calibration_ratio(wc, wt)
                g = min(G, 4.0)
                at = lambda gamma: h.certificate(x[2], w(x[0]), cap, w(t), DELTA, c=c, gamma=gamma, v0=v * gamma**2)[0]
                u, ug = at(1.0), at(g)
                row = out.setdefault(name, dict(misses=0, misses_calibrated=0, bound=[], bound_calibrated=[], ratio=[]))
                row["misses"] += int(u < L1)
                row["misses_calibrated"] += int(ug < L1)
                for key, value in (("bound", u), ("bound_calibrated", ug), ("ratio", G)):
                    row[key].append(value)
        for row in out.values():
            for key in ("bound", "bound_calibrated", "ratio"):
                row[key] = mean(row[key])
        return dict(n=n, d=d, delta=delta, seed=11, risk=round(float(L1), 4), weights=out)

    return run


CELLS = {f"8a n={n} delta={delta}": (200 if n < 2000 else 100 if n < 8000 else 40, true_ratio(n, delta))
         for n in (500, 2000, 8000) for size in (0.5, 1.0, 1.5, 2.0) for delta in (size, -size)}
CELLS |= {f"8a false claims delta={delta}": (60, false_claims(delta)) for delta in (1.0, -1.0, 1.5)}
CELLS |= {f"8a estimated d={d}": (15, estimated_ratio(d)) for d in (2, 20)}
