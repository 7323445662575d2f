"""Means over repeats with their standard errors, rounded for the committed file."""
import numpy as np


def mean(values):
    values = np.asarray(values, float)
    se = values.std(ddof=1) / np.sqrt(len(values)) if len(values) > 1 else 0.0
    return dict(mean=round(float(values.mean()), 5), se=round(float(se), 5))


def table(records):
    """{name: [values]} -> {name: {mean, se}}"""
    return {name: mean(values) for name, values in records.items()}
