"""Figures of the shipped model on the evaluation sentences."""

from collections import Counter

import numpy as np
from sklearn.metrics import accuracy_score, f1_score

from .data import Sentence
from .labels import HEADS

Predicted = dict[str, list[str]]
MINIMUM_AGREEMENT = 0.99


def evaluate(predicted: Predicted, sentences: list[Sentence]) -> dict[str, dict[str, float]]:
    """Accuracy and F1 per head, beside those of always answering the most frequent label."""
    return {head: scores([getattr(s, head) for s in sentences], predicted[head]) for head in HEADS}


def scores(gold: list[str], predicted: list[str]) -> dict[str, float]:
    majority = [Counter(gold).most_common(1)[0][0]] * len(gold)
    return {
        "accuracy": round(float(accuracy_score(gold, predicted)), 4),
        "weighted_f1": round(f1(gold, predicted, "weighted"), 4),
        "macro_f1": round(f1(gold, predicted, "macro"), 4),
        "majority_accuracy": round(float(accuracy_score(gold, majority)), 4),
        "majority_macro_f1": round(f1(gold, majority, "macro"), 4),
    }


def f1(gold: list[str], predicted: list[str], average: str) -> float:
    """The mean runs over the labels that occur in `gold`; one that is never predicted counts 0."""
    return float(f1_score(gold, predicted, labels=sorted(set(gold)), average=average, zero_division=0))


def agreement(one: Predicted, other: Predicted) -> dict[str, float]:
    """The share of sentences per head on which two models say the same."""
    return {head: round(float(np.mean([a == b for a, b in zip(one[head], other[head])])), 4) for head in HEADS}


def shortfalls(evaluation: dict[str, dict[str, float]], export_agreement: dict[str, float]) -> list[str]:
    """What keeps the model from being shipped, in words; empty when all is well."""
    found = []
    for head in HEADS:
        figures = evaluation[head]
        for figure, baseline in (("accuracy", "majority_accuracy"), ("macro_f1", "majority_macro_f1")):
            if figures[figure] <= figures[baseline]:
                found.append(f"{head}: {figure} {figures[figure]} does not beat {baseline} {figures[baseline]}")
        if export_agreement[head] < MINIMUM_AGREEMENT:
            found.append(f"{head}: the export agrees on {export_agreement[head]}, expected {MINIMUM_AGREEMENT}")
    return found
