"""Data whose truth is known (theory.md section 8); kernel/theory/simulate holds the same laws."""
import numpy as np


def shift(d, delta):
    """8(a): N(0, I) to N(delta e_1, I). rows(n, target, rng) -> x, loss of head 0, loss of head 1; and the true ratio."""

    def rows(n, target, rng):
        x = rng.standard_normal((n, d))
        x[:, 0] += delta * target
        y = x[:, 0] + x[:, 1] + 0.6 * x[:, 0] ** 2 - 0.6 + 0.5 * rng.standard_normal(n) > 0
        loss = lambda offset: ((x[:, 0] + x[:, 1] + offset > 0) != y).astype(float)
        return x, loss(-0.8), loss(0.1)

    return rows, lambda x: np.exp(delta * x[:, 0] - delta**2 / 2)


def shift_truth(delta, n=4_000_000):
    """True target risks of both heads, on n fresh rows."""
    rows, rng = shift(2, delta)[0], np.random.default_rng(99)
    return np.mean([[part.mean() for part in rows(400_000, 1, rng)[1:]] for _ in range(n // 400_000)], 0)


def ratio_scenario(name, d, rng):
    """8(b): rows(n, target) -> z, true ratio."""
    s = 0.7

    def shrunk(a, m):
        return np.exp(-((a - m) ** 2).sum(1) / (2 * s * s) + (a * a).sum(1) / 2) / s ** len(m)

    if name == "iso":
        u = rng.standard_normal(d)
        u /= np.linalg.norm(u)

        def rows(n, target):
            z = rng.standard_normal((n, d)) + target * u
            return z, np.exp(z @ u - 0.5)

        return rows
    if name == "cov":
        q = min(d, 3)
        m = np.r_[0.8, np.zeros(q - 1)]

        def rows(n, target):
            z = rng.standard_normal((n, d))
            if target:
                z[:, :q] = z[:, :q] * s + m
            return z, shrunk(z[:, :q], m)

        return rows
    A = rng.standard_normal((8, d)) * (0.85 ** np.arange(8))[:, None] / np.sqrt(d) * 3
    m = np.array([0.8, 0, 0])

    def rows(n, target):
        u = rng.standard_normal((n, 8))
        if target:
            u[:, :3] = u[:, :3] * s + m
        return u @ A + 0.3 / np.sqrt(d) * rng.standard_normal((n, d)), shrunk(u[:, :3], m)

    return rows


def manifold(name, n, rng):
    """8(c): points in their own coordinates, dimension, reach."""
    if name == "circle":
        a = rng.uniform(0, 2 * np.pi, n)
        return np.c_[np.cos(a), np.sin(a)], 1, 1.0
    if name in ("sphere", "sphere5"):
        x = rng.standard_normal((n, 3 if name == "sphere" else 6))
        return x / np.linalg.norm(x, axis=1, keepdims=True), x.shape[1] - 1, 1.0
    if name == "torus":
        a, b = rng.uniform(0, 2 * np.pi, (2, n))
        return np.c_[np.cos(a), np.sin(a), np.cos(b), np.sin(b)], 2, 1.0
    t, h = 1.5 * np.pi * (1 + 2 * rng.random(n)), 21 * rng.random(n)
    return np.c_[t * np.cos(t), h, t * np.sin(t)] / 7.0, 2, 0.45


def distance(name, a, rest):
    """Distance to the manifold of points with own coordinates a and squared length `rest` outside them."""
    if name in ("circle", "sphere", "sphere5"):
        return np.sqrt((np.linalg.norm(a, axis=1) - 1) ** 2 + rest)
    if name == "torus":
        return np.sqrt((np.hypot(a[:, 0], a[:, 1]) - 1) ** 2 + (np.hypot(a[:, 2], a[:, 3]) - 1) ** 2 + rest)
    t = np.linspace(1.5 * np.pi, 4.5 * np.pi, 6000)
    curve = np.c_[t * np.cos(t), t * np.sin(t)] / 7
    flat = np.concatenate([((b[:, None] - curve[None]) ** 2).sum(2).min(1) for b in np.array_split(a[:, [0, 2]], 60)])
    side = np.maximum(np.maximum(-a[:, 1], a[:, 1] - 3.0), 0)
    return np.sqrt(flat + side**2 + rest)


KAPPA, MOVE, NOISE = 1.5, 1.3, 0.05


def torus_rows(n, target, rng, A):
    """8(e): a torus in R^d; von Mises angle, moved in the target. z, label, true ratio."""
    a, b = rng.vonmises(MOVE if target else 0.0, KAPPA, n), rng.uniform(0, 2 * np.pi, n)
    y = (np.sin(2 * a) + 0.3 * np.cos(b) + 0.15 * rng.standard_normal(n) > 0).astype(float)
    x = np.c_[np.cos(a), np.sin(a), np.cos(b), np.sin(b)]
    z = x @ A.T + NOISE * rng.standard_normal((n, len(A)))
    return z, y, np.exp(KAPPA * np.cos(a - MOVE) - KAPPA * np.cos(a))


def torus_pool(n, eta, flip, rng, A):
    """Source rows, a share eta of them near the target, off the manifold, with flipped labels; flip: label noise."""
    z, y, w = torus_rows(n, 0, rng, A)
    foreign = rng.random(n) < eta
    y = np.where(rng.random(n) < flip, 1 - y, y)
    zt, yt, _ = torus_rows(n, 1, rng, A)
    d = len(A)
    z[foreign] = zt[foreign] + 1.4 / np.sqrt(d) * rng.standard_normal((foreign.sum(), d))
    y[foreign] = 1 - yt[foreign]
    return z, y, foreign, w
