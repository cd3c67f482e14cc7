"""What ordinary traffic looks like to the model: the reference that the service compares its own traffic with.

Source: the population stability index over bins, as credit scoring and Evidently use it. The reference is fitted on
every second block of BLOCK sentences of the transcripts, in the order in which they are spoken; the other blocks are
left to test how often the score cries wolf. A sentence that repeats the one before it counts once, here and in the
service: where a transcription is stuck, it says one word a hundred times, and that is no traffic to learn from.

Sentences of one video are alike, and so are ten videos beside the next ten. Bins that follow who speaks about what
would cry wolf all day. So token counts have four bins, and the clusters leave out the directions in which the
reference's own blocks differ most.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import eigh
from sklearn.cluster import KMeans

from .labels import HEADS, Labels

BLOCK = 100
CLUSTERS = 16
UNSTEADY = 64  # directions that the clusters leave out, of 384
SEEDS = range(7, 12)
WINDOW, WINDOWS = 10, 500  # blocks in a window, and windows that candidates are compared on


@dataclass(frozen=True)
class Traffic:
    """What the model makes of sentences [rows], in the order in which they were spoken."""

    lengths: np.ndarray  # tokens
    unknown: np.ndarray  # share of unknown tokens
    embeddings: np.ndarray  # [rows, 384]
    p: dict[str, np.ndarray]  # probabilities [rows, labels] per head
    predicted: dict[str, np.ndarray]  # label indices [rows] per head

    def of(self, rows: np.ndarray) -> "Traffic":
        by_head = ({head: values[rows] for head, values in one.items()} for one in (self.p, self.predicted))
        return Traffic(self.lengths[rows], self.unknown[rows], self.embeddings[rows], *by_head)


def without_repeats(texts: list[str]) -> list[str]:
    return [text for n, text in enumerate(texts) if n == 0 or text != texts[n - 1]]


def reference_rows(rows: int) -> np.ndarray:
    """Which rows [rows] the reference is fitted on."""
    return (np.arange(rows) // BLOCK) % 2 == 0


def reference(traffic: Traffic, labels: Labels) -> dict:
    """Bins and counts per feature; `edges` are the upper bounds of all bins but the last, each within its bin."""
    centres = steadiest_centres(unit(traffic.embeddings))
    said = {head: traffic.p[head][np.arange(len(traffic.lengths)), traffic.predicted[head]] for head in HEADS}
    return {
        "rows": len(traffic.lengths),
        "tokenCount": binned(traffic.lengths, quantiles(traffic.lengths, 4)),
        "unknownRate": binned(traffic.unknown, [0.0]),
        "cluster": {
            "centres": np.round(centres, 5).tolist(),
            "counts": counts(nearest(traffic.embeddings, centres), CLUSTERS),
        },
        "labels": {head: counts(traffic.predicted[head], len(labels.of(head))) for head in HEADS},
        "confidence": {head: binned(said[head], quantiles(said[head], 10)) for head in HEADS},
    }


def false_alarms(reference: dict, traffic: Traffic, threshold: float = 0.1, tries: int = 1000) -> float:
    """The share of windows of ten blocks of `traffic` whose data drift score lies above `threshold`."""
    token_count, unknown, cluster = reference["tokenCount"], reference["unknownRate"], reference["cluster"]
    bins = [
        (np.searchsorted(token_count["edges"], traffic.lengths, side="left"), token_count["counts"]),
        (np.searchsorted(unknown["edges"], traffic.unknown, side="left"), unknown["counts"]),
        (nearest(traffic.embeddings, np.array(cluster["centres"])), cluster["counts"]),
    ]
    rng = np.random.default_rng(11)
    blocks = np.arange(len(traffic.lengths) // BLOCK * BLOCK).reshape(-1, BLOCK)
    windows = [blocks[rng.choice(len(blocks), WINDOW, replace=False)].ravel() for _ in range(tries)]
    scores = [max(psi(counts(places[window], len(known)), known) for places, known in bins) for window in windows]
    return float(np.mean(np.array(scores) > threshold))


def steadiest_centres(points: np.ndarray) -> np.ndarray:
    """Of several clusterings of the rows [rows, 384] the one whose occupancy moves least between windows of blocks."""
    steady = points @ without_unsteady(points)
    blocks = np.arange(len(points) // BLOCK * BLOCK).reshape(-1, BLOCK)
    rng = np.random.default_rng(7)
    windows = [blocks[rng.choice(len(blocks), WINDOW, replace=False)].ravel() for _ in range(WINDOWS)]

    def unrest(centres: np.ndarray) -> float:
        cluster = nearest(points, centres)
        ordinary = counts(cluster, CLUSTERS)
        return float(np.quantile([psi(counts(cluster[window], CLUSTERS), ordinary) for window in windows], 0.99))

    fitted = (KMeans(CLUSTERS, n_init=1, random_state=seed).fit(steady).cluster_centers_ for seed in SEEDS)
    return min(fitted, key=unrest)


def without_unsteady(points: np.ndarray) -> np.ndarray:
    """The projection [384, 384] that takes out the UNSTEADY directions in which blocks of rows differ most from each
    other for how much rows differ within them. Points need not be projected to find their nearest centre: the centres
    lie in what is left, and the rest adds the same to every distance.
    """
    blocks = points[: len(points) // BLOCK * BLOCK].reshape(-1, BLOCK, points.shape[1])
    means = blocks.mean(axis=1)
    rest = (blocks - means[:, None]).reshape(-1, points.shape[1])
    within = rest.T @ rest / len(rest)
    between = np.cov(means.T, bias=True) - within / BLOCK
    ridge = 1e-6 * np.trace(within) / len(within) * np.eye(len(within))
    _, directions = eigh(between, within + ridge)
    basis, _ = np.linalg.qr((within + ridge) @ directions[:, -UNSTEADY:])
    return np.eye(len(within)) - basis @ basis.T


def unit(embeddings: np.ndarray) -> np.ndarray:
    """Every embedding at length 1: what it says, not how loudly."""
    return embeddings / np.maximum(np.linalg.norm(embeddings, axis=1, keepdims=True), 1e-9)


def nearest(embeddings: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """The index of the centre closest to each embedding."""
    distance = (centres**2).sum(axis=1) - 2 * unit(embeddings) @ centres.T
    return distance.argmin(axis=1)


def quantiles(values: np.ndarray, bins: int) -> list[float]:
    """The inner edges of `bins` bins with about as many values in each."""
    return np.unique(np.round(np.quantile(values, np.arange(1, bins) / bins), 6)).tolist()


def binned(values: np.ndarray, edges: list[float]) -> dict:
    return {"edges": edges, "counts": counts(np.searchsorted(edges, values, side="left"), len(edges) + 1)}


def counts(places: np.ndarray, size: int) -> list[int]:
    return np.bincount(places, minlength=size).tolist()


def psi(counts_one: np.ndarray, counts_two: np.ndarray) -> float:
    """The population stability index of two histograms [bins], half a count added to every bin (Laplace)."""
    p, q = ((c + 0.5) / (c.sum() + 0.5 * len(c)) for c in (np.asarray(counts_one, float), np.asarray(counts_two, float)))
    return float(((p - q) * np.log(p / q)).sum())
