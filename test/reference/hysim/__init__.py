"""Reference numerics of docs/theory/theory.md as docs/theory/errata.md amends it, in plain numpy and scipy.

Not the product: the product's own code is checked against what these functions give on the same arrays, and the tables
of theory.md section 8 are regenerated with them (see ../section8.py). Clarity before speed; float64 throughout; every
generator is made where it is used, so that results do not depend on the order of calls (errata.md E, item 3).
"""
from .bounds import UCB, bet_lcb, bet_ucb, clt_ucb, cp_ucb, hoef_ucb, mp_ucb
from .certificate import (certificate, fieller_ucb, paper_means, pick_cap, ratio_ucb, tail_ucb, tail_variable,
                          tilt_ucb, weights_of_papers)
from .conformal import bh, conformal_p, fit_kappa, kappa
from .kernels import lower_median_distance, med, sqd
from .manifold import (evaluate_frame, frame, knn, lb_mle, lpca, lpca_dim, max3, mp_edge_dim, twonn)
from .ratio import (hcr_lower_bound, kmm_weights, pca_fit, platt, r_cos, r_kde, r_kliep, r_logit, r_rulsif, r_sim,
                    r_ulsif, r_uniform, weighted_logistic)

__all__ = [name for name in dir() if not name.startswith("_")]
