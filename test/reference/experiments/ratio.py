"""8(b): quality of density ratios, NMSE = E(w - omega)^2 / chi^2 with both scaled to mean 1; 1 is no better than w = 1."""
import numpy as np

import hysim as h

from .laws import ratio_scenario
from .summary import mean

METHODS = {
    "kernel tilt": h.r_sim,
    "logit": h.r_logit,
    "logit-quad": lambda S, T: h.r_logit(S, T, True),
    "kliep": h.r_kliep,
    "ulsif": h.r_ulsif,
    "rulsif": h.r_rulsif,
}


def quality(scenario, d, methods):
    def run(repeats):
        out = {name: dict(nmse=[], ess=[], hcr=[], lower=[]) for name in methods}
        chi2 = []
        for r in range(repeats):
            rows = ratio_scenario(scenario, d, np.random.default_rng(1000 + r))
            S, T, (X, w0), XT = rows(1000, 0)[0], rows(700, 1)[0], rows(3000, 0), rows(1500, 1)[0]
            omega = w0 / w0.mean()
            chi2.append((omega**2).mean() - 1)
            for name in methods:
                w = METHODS[name](S, T)
                ws, wt = w(X), w(XT)
                scaled = ws / ws.mean()
                out[name]["nmse"].append(((scaled - omega) ** 2).mean() / chi2[-1])
                out[name]["ess"].append(1 / (scaled**2).mean())
                out[name]["hcr"].append((wt.mean() - ws.mean()) ** 2 / max(ws.var(), 1e-12))
                cap = float(np.quantile(wt, 0.9))
                out[name]["lower"].append(h.hcr_lower_bound(ws, wt, cap, float(np.minimum(ws, cap).mean()), 0.05))
        return dict(scenario=scenario, d=d, rows=[1000, 700], seeds=f"1000 to {999 + repeats}", chi2=mean(chi2),
                    methods={name: {key: mean(values) for key, values in row.items()} for name, row in out.items()})

    return run


CELLS = {f"8b {s} d={d}": (20, quality(s, d, tuple(METHODS))) for s in ("iso", "cov") for d in (1, 5, 20)}
CELLS |= {f"8b {s} d=100": (10, quality(s, 100, ("kernel tilt", "logit", "logit-quad", "rulsif"))) for s in ("iso", "cov")}
CELLS |= {f"8b lowrank d={d}": (10, quality("lowrank", d, ("kernel tilt", "logit-quad", "rulsif"))) for d in (64,)}
