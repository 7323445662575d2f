"""Density ratios and similarity tilts: fit(S, T) gives a function of rows (theory.md 3). Tilts are not ratios."""
import numpy as np

from .bounds import bet_lcb, bet_ucb
from .kernels import med, sqd

RIDGES = (1e-4, 1e-3, 1e-2, 1e-1, 1.0)
LAMBDAS = 10.0 ** np.arange(-4, 1.1, 0.5)
BANDWIDTHS = (0.35, 0.5, 0.7, 1, 1.4, 2, 4)


def r_uniform(S, T):
    return lambda z: np.ones(len(z))


def r_sim(S, T, h=None):
    """Kernel similarity tilt: a smoothed target density, scaled to mean 1 on S."""
    h = h or med(np.vstack([S, T]))
    centres = T[:1000]
    g = lambda z: np.exp(-sqd(z, centres) / (2 * h * h)).mean(1)
    c = g(S).mean()
    return lambda z: g(z) / c


def r_cos(S, T):
    """Cosine tilt."""
    unit = lambda a: a / np.linalg.norm(a, axis=1, keepdims=True)
    m = unit(T).mean(0)
    g = lambda z: np.maximum((1 + unit(z) @ m) / 2, 0)
    c = g(S).mean()
    return lambda z: g(z) / c


def r_kde(S, T, factors=(0.15, 0.2, 0.3, 0.45, 0.65, 1.0)):
    """Ratio of kernel densities: explodes from d = 10 on; for comparison only."""
    h0, half, best = med(np.vstack([S, T])), len(T) // 2, None
    for f in factors:
        h = f * h0
        score = np.log(np.exp(-sqd(T[half:], T[:half]) / (2 * h * h)).mean(1) / h ** min(S.shape[1], 700) + 1e-300)
        if best is None or score.mean() > best[0]:
            best = (score.mean(), h)
    h, Sc, Tc = best[1], S[:1500], T[:1500]
    density = lambda z, c: np.exp(-sqd(z, c) / (2 * h * h)).mean(1)
    g = lambda z: density(z, Tc) / (density(z, Sc) + 1e-12)
    c = g(S).mean()
    return lambda z: g(z) / c


def weighted_logistic(X, y, weight, ridge, steps=30):
    """Ridge logistic regression by Newton's method; the intercept, last, is not penalised."""
    n, d = X.shape
    Xb, b = np.hstack([X, np.ones((n, 1))]), np.zeros(d + 1)
    penalty = np.full(d + 1, ridge)
    penalty[-1] = 1e-9
    for _ in range(steps):
        p = 1 / (1 + np.exp(-np.clip(Xb @ b, -30, 30)))
        gradient = Xb.T @ (weight * (p - y)) / n + penalty * b
        hessian = (Xb * (weight * p * (1 - p))[:, None]).T @ Xb / n + np.diag(penalty)
        step = np.linalg.solve(hessian, gradient)
        b -= step
        if np.abs(step).max() < 1e-7:
            break
    return b


def r_logit(S, T, quad=False, lams=RIDGES):
    """Class-balanced ridge logistic regression on z, or [z, (z^2 - 1) / sqrt 2]: w = e^f (errata.md E12)."""
    X = np.vstack([S, T])
    m, s = X.mean(0), X.std(0) + 1e-9

    def features(z):
        z = (z - m) / s
        return np.hstack([z, (z * z - 1) / np.sqrt(2)]) if quad else z

    y = np.r_[np.zeros(len(S)), np.ones(len(T))]
    sw = np.where(y == 1, 0.5 / len(T), 0.5 / len(S)) * len(y)
    F, fold, best = features(X), np.random.default_rng(1).integers(0, 3, len(y)), None
    for lam in lams if len(lams) > 1 else ():
        score = 0
        for k in range(3):
            b = weighted_logistic(F[fold != k], y[fold != k], sw[fold != k], lam)
            t = F[fold == k] @ b[:-1] + b[-1]
            score += (sw[fold == k] * np.logaddexp(0, np.where(y[fold == k] == 1, -t, t))).sum()
        if best is None or score < best[0]:
            best = (score, lam)
    b = weighted_logistic(F, y, sw, best[1] if best else lams[0])
    return lambda z: np.exp(np.clip(features(z) @ b[:-1] + b[-1], -12, 12))


def platt(f, S, T):
    """Two-parameter recalibration of log-weights on a calibration fold."""
    a, b = np.log(f(S) + 1e-12), np.log(f(T) + 1e-12)
    X, y = np.r_[a, b][:, None], np.r_[np.zeros(len(a)), np.ones(len(b))]
    th = weighted_logistic(X, y, np.where(y == 1, 0.5 / len(b), 0.5 / len(a)) * len(y), 1e-4)
    return lambda z: np.exp(np.clip(np.log(f(z) + 1e-12) * th[0] + th[1], -12, 12))


def r_ulsif(S, T, alpha=0.0, nb=200, fr=BANDWIDTHS, lams=LAMBDAS):
    """(R)uLSIF on Gaussian kernels at target centres; bandwidth and ridge by five-fold J."""
    rng = np.random.default_rng(2)
    C, h0 = T[rng.permutation(len(T))[:nb]], med(np.vstack([S, T]))
    dS, dT = sqd(S, C), sqd(T, C)
    fS, fT, best = rng.integers(0, 5, len(S)), rng.integers(0, 5, len(T)), None
    for f in fr:
        h = f * h0
        PS, PT, score = np.exp(-dS / (2 * h * h)), np.exp(-dT / (2 * h * h)), np.zeros(len(lams))
        for k in range(5):
            a, b, va, vb = PS[fS != k], PT[fT != k], PS[fS == k], PT[fT == k]
            ev, Q = np.linalg.eigh((1 - alpha) * a.T @ a / len(a) + alpha * b.T @ b / len(b))
            hq = Q.T @ b.mean(0)
            for j, lam in enumerate(lams):
                th = Q @ (hq / (ev + lam))
                ra, rb = np.maximum(va @ th, 0), np.maximum(vb @ th, 0)
                score[j] += (1 - alpha) * (ra**2).mean() / 2 + alpha * (rb**2).mean() / 2 - rb.mean()
        j = score.argmin()
        if best is None or score[j] < best[0]:
            best = (score[j], h, lams[j])
    _, h, lam = best
    PS, PT = np.exp(-dS / (2 * h * h)), np.exp(-dT / (2 * h * h))
    H = (1 - alpha) * PS.T @ PS / len(S) + alpha * PT.T @ PT / len(T)
    th = np.linalg.solve(H + lam * np.eye(len(C)), PT.mean(0))

    def w(z):
        r = np.maximum(np.exp(-sqd(z, C) / (2 * h * h)) @ th, 0)
        if alpha == 0:
            return r
        r = np.minimum(r, 0.98 / alpha)
        return (1 - alpha) * r / (1 - alpha * r)

    return w


def r_rulsif(S, T):
    return r_ulsif(S, T, alpha=0.1)


def r_kliep(S, T, nb=200, fr=(0.35, 0.5, 0.7, 1, 1.4, 2), steps=150):
    """KLIEP by EM on the simplex; bandwidth by likelihood."""
    rng = np.random.default_rng(3)
    C, h0 = T[rng.permutation(len(T))[:nb]], med(np.vstack([S, T]))
    dS, dT = sqd(S, C), sqd(T, C)

    def em(A, count):
        a = np.full(A.shape[1], 1 / A.shape[1])
        for _ in range(count):
            a = a * (A / (A @ a + 1e-300)[:, None]).mean(0)
        return a

    fT, best = rng.integers(0, 3, len(T)), None
    for f in fr:
        h = f * h0
        A = np.exp(-dT / (2 * h * h)) / (np.exp(-dS / (2 * h * h)).mean(0) + 1e-12)
        score = sum(np.log(A[fT == k] @ em(A[fT != k], 40) + 1e-12).sum() for k in range(3))
        if best is None or score > best[0]:
            best = (score, h)
    h = best[1]
    c = np.exp(-dS / (2 * h * h)).mean(0) + 1e-12
    th = em(np.exp(-dT / (2 * h * h)) / c, steps) / c
    return lambda z: np.exp(-sqd(z, C) / (2 * h * h)) @ th


def kmm_weights(S, T, W=50.0, h=None, steps=400):
    """Kernel mean matching in the box [0, W], never rescaled out of it (errata.md E, item 4). Transductive."""
    h = h or med(np.vstack([S, T]))
    K, k = np.exp(-sqd(S, S) / (2 * h * h)), len(S) * np.exp(-sqd(S, T) / (2 * h * h)).mean(1)
    v = np.ones(len(S))
    for _ in range(30):
        v = K @ v
        v /= np.linalg.norm(v)
    largest, b, y, t = v @ K @ v, np.ones(len(S)), np.ones(len(S)), 1.0
    for _ in range(steps):
        new = np.clip(y - (K @ y - k + 1e-3 * y) / (largest + 1e-3), 0, W)
        momentum = (1 + np.sqrt(1 + 4 * t * t)) / 2
        y, b, t = new + (t - 1) / momentum * (new - b), new, momentum
    return b


def pca_fit(X, q):
    m = X.mean(0)
    V = np.linalg.svd(X - m, full_matrices=False)[2][:q].T
    return lambda z: (z - m) @ V


def hcr_lower_bound(source, target, cap, c, delta):
    """A chi^2 that the truth exceeds with confidence 1 - delta (errata.md E12): f = min(w, W), delta / 3 each."""
    f, g = np.minimum(source, cap), np.minimum(target, cap)
    scale = lambda values: np.clip(values / cap, 0, 1)
    low = cap * bet_lcb(scale(g), delta / 3, v0=0.05)
    high = bet_ucb(f, 0.0, cap, delta / 3, v0=0.05 * cap * cap)
    top = max(c, cap - c) ** 2
    square = bet_ucb((f - c) ** 2, 0.0, top, delta / 3, v0=0.05 * top * top)
    return max(low - high, 0.0) ** 2 / square
