"""Writes test/golden/umap.json: what umap-learn and scikit-learn give on small data of curved clusters.

Usage: python scripts/golden/umap_learn.py

Needs numpy, scipy, scikit-learn and umap-learn. Not part of the product; the JSON file it writes is committed.
"""
import base64
import json
import pathlib
import warnings

import numpy as np
import sklearn
import umap
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness
from sklearn.neighbors import NearestNeighbors
from umap.umap_ import find_ab_params, fuzzy_simplicial_set, smooth_knn_dist

warnings.filterwarnings("ignore")
N, D, CLUSTERS, NEIGHBORS, SEEDS = 800, 24, 8, 15, 8
rng = np.random.default_rng(6)


def digits(n, d, clusters):
    """Clusters that are curved sheets in d dimensions, in whole numbers of -127 to 127."""
    label = np.arange(n) % clusters
    centre = rng.normal(0, 1, (clusters, d))
    bend = rng.normal(0, 1, (clusters, 5, d)) / np.sqrt(d)
    u = rng.uniform(-1, 1, (n, 2))
    waves = np.column_stack([u, u**2 - 1 / 3, u[:, :1] * u[:, 1:]])
    x = centre[label] + 3 * np.einsum("nk,nkd->nd", waves, bend[label]) + 0.7 * rng.normal(size=(n, d))
    return np.clip(np.round(127 * x / np.abs(x).max()), -127, 127).astype(np.int8), label


def rounded(values, digits=9):
    return np.round(np.asarray(values, float), digits).tolist()


data, label = digits(N, D, CLUSTERS)
x = data.astype(np.float32)
distances, indices = NearestNeighbors(n_neighbors=NEIGHBORS, algorithm="brute").fit(x.astype(float)).kneighbors()
# umap-learn counts a row as the first of its own neighbours.
indices = np.column_stack([np.arange(N), indices[:, : NEIGHBORS - 1]])
distances = np.column_stack([np.zeros(N), distances[:, : NEIGHBORS - 1]])
graph, sigmas, rhos = fuzzy_simplicial_set(
    x, NEIGHBORS, np.random.RandomState(0), "euclidean", knn_indices=indices, knn_dists=distances.astype(np.float32)
)
graph = graph.tocsr()
rows = [0, 1, 17, 400, 799]
at = smooth_knn_dist(distances.astype(np.float32), float(NEIGHBORS), local_connectivity=0.0)[0]

scores = []
for seed in range(SEEDS):
    picture = umap.UMAP(n_neighbors=NEIGHBORS, init="pca", random_state=seed, n_jobs=1).fit_transform(x)
    scores.append(trustworthiness(x, picture, n_neighbors=NEIGHBORS))
flat = PCA(2).fit_transform(x.astype(float))

out = {
    "made by": {"umap-learn": umap.__version__, "scikit-learn": sklearn.__version__, "numpy": np.__version__},
    "n": N,
    "d": D,
    "neighbors": NEIGHBORS,
    "label": label.tolist(),
    "data": base64.b64encode(data.tobytes()).decode(),
    "curves": [
        {"minDist": m, "spread": s, "a": float(a), "b": float(b)}
        for m, s in [(0.1, 1.0), (0.0, 1.0), (0.5, 1.0), (0.99, 1.0), (0.25, 2.0)]
        for a, b in [find_ab_params(s, m)]
    ],
    "graph": [
        {
            "row": i,
            "columns": graph[i].indices[np.argsort(graph[i].indices)].tolist(),
            "weights": rounded(graph[i].data[np.argsort(graph[i].indices)], 7),
            "sigma": float(sigmas[i]),
            "rho": float(rhos[i]),
            "sigmaAmongOthers": float(at[i]),
        }
        for i in rows
    ],
    "edges": int(graph.nnz),
    "trustworthiness": {
        "umap": rounded(scores),
        "pca": float(trustworthiness(x.astype(float), flat, n_neighbors=NEIGHBORS)),
        "pca5": float(trustworthiness(x.astype(float), flat, n_neighbors=5)),
    },
}
path = pathlib.Path(__file__).parents[2] / "test" / "golden" / "umap.json"
path.write_text(json.dumps(out, indent=1) + "\n")
print(path.stat().st_size, np.mean(scores), np.std(scores), out["trustworthiness"]["pca"], out["edges"])
