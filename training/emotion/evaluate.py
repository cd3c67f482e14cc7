"""Figures of a run on sentences that it never saw, each with the interval that its sample allows."""

from collections.abc import Callable

import numpy as np
from sklearn.metrics import confusion_matrix

Measure = Callable[[np.ndarray], float]  # of a confusion matrix [labels, labels], rows are gold
RESAMPLES = 1000
BINS = 10


def accuracy(confusion: np.ndarray) -> float:
    return float(np.trace(confusion) / confusion.sum())


def weighted_f1(confusion: np.ndarray) -> float:
    support = confusion.sum(axis=1)
    return float((f1_by_label(confusion) * support).sum() / support.sum())


def macro_f1(confusion: np.ndarray) -> float:
    """The mean over the labels that occur in gold; one that is never predicted counts 0."""
    return float(f1_by_label(confusion)[confusion.sum(axis=1) > 0].mean())


def f1_by_label(confusion: np.ndarray) -> np.ndarray:
    both = confusion.sum(axis=0) + confusion.sum(axis=1)
    return 2 * np.diag(confusion) / np.maximum(both, 1)


MEASURES: dict[str, Measure] = {"accuracy": accuracy, "weighted_f1": weighted_f1, "macro_f1": macro_f1}


def confusions(gold: np.ndarray, *predicted: np.ndarray, labels: int, seed: int = 7) -> np.ndarray:
    """Confusion matrices [1 + RESAMPLES, predictions, labels, labels]: the sample itself, then bootstrap resamples.

    `gold` and each of `predicted` are label indices [sentences]; all predictions are resampled together, so that
    differences between them are paired.
    """
    rng = np.random.default_rng(seed)
    picks = [np.arange(len(gold))] + [rng.integers(0, len(gold), len(gold)) for _ in range(RESAMPLES)]
    cells = [gold * labels + one for one in predicted]
    counted = [[np.bincount(cell[pick], minlength=labels**2) for cell in cells] for pick in picks]
    return np.array(counted).reshape(len(picks), len(predicted), labels, labels)


def figures(gold: np.ndarray, predicted: np.ndarray, labels: int) -> dict[str, dict]:
    """Per measure its value and 95% interval."""
    every = confusions(gold, predicted, labels=labels)[:, 0]
    return {name: interval([measure(one) for one in every]) for name, measure in MEASURES.items()}


def gains(gold: np.ndarray, ours: np.ndarray, theirs: np.ndarray, labels: int) -> dict[str, dict]:
    """Per measure, ours minus theirs with its paired 95% interval."""
    every = confusions(gold, ours, theirs, labels=labels)
    return {name: interval([measure(a) - measure(b) for a, b in every]) for name, measure in MEASURES.items()}


def interval(values: list[float]) -> dict[str, float | list[float]]:
    low, high = np.quantile(values[1:], [0.025, 0.975])
    return {"value": round(values[0], 4), "interval": [round(float(low), 4), round(float(high), 4)]}


def by_label(gold: np.ndarray, predicted: np.ndarray, names: list[str]) -> dict[str, dict[str, float]]:
    """Support, precision, recall and F1 of every label."""
    confusion = confusion_matrix(gold, predicted, labels=range(len(names)))
    right, said, support = np.diag(confusion), confusion.sum(axis=0), confusion.sum(axis=1)
    return {
        name: {
            "support": int(support[i]),
            "precision": round(float(right[i] / max(said[i], 1)), 3),
            "recall": round(float(right[i] / max(support[i], 1)), 3),
            "f1": round(float(f1_by_label(confusion)[i]), 3),
        }
        for i, name in enumerate(names)
    }


def calibration(confidence: np.ndarray, right: np.ndarray, seed: int = 7) -> tuple[dict, list[dict[str, float]]]:
    """Expected calibration error over BINS equal bins of the answer's confidence, with its interval, and the bins."""
    place = np.minimum((confidence * BINS).astype(int), BINS - 1)

    def error(pick: np.ndarray) -> float:
        gap = np.bincount(place[pick], (confidence - right)[pick], minlength=BINS)
        return float(np.abs(gap).sum() / len(pick))

    rng = np.random.default_rng(seed)
    n = len(confidence)
    bins = [
        {
            "share": float((place == b).mean()),
            "confidence": float(confidence[place == b].mean()),
            "accuracy": float(right[place == b].mean()),
        }
        for b in range(BINS)
        if (place == b).any()
    ]
    return interval([error(np.arange(n)), *(error(rng.integers(0, n, n)) for _ in range(RESAMPLES))]), bins
