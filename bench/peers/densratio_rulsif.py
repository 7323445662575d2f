"""densratio's RuLSIF: {"source", "target", "columns", "alpha", "centres", "sigmas", "lambdas"}; also what it chose."""

import json
import sys

import numpy as np
from densratio import densratio
from measure import load, measure, tell

options = json.load(sys.stdin)
source = load(options["source"], options["columns"], np.float64)
target = load(options["target"], options["columns"], np.float64)


def run():
    # Its x is the numerator's sample.
    return densratio(
        target,
        source,
        alpha=options["alpha"],
        sigma_range=options["sigmas"],
        lambda_range=options["lambdas"],
        kernel_num=options["centres"],
        verbose=False,
    )


np.random.seed(0)
densratio(target[:500], source[:500], alpha=0.1, sigma_range=[4.0], lambda_range=[0.1], kernel_num=50, verbose=False)
result, times = measure(run, options.get("rounds", 1))
tell(pe=float(result.alpha_PE), **times)
