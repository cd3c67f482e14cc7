"""Give rare labels their due: lower each logit by tau times the log of how frequent its label is.

A model that maximises likelihood says `neutral` and `mild` too often for F1. One tau per head, chosen on sentences
that the models which speak of them had not seen, goes into the bias of the heads, so that what ships is an ordinary
model (logit adjustment, Menon et al., 2021).
"""

import numpy as np
from sklearn.metrics import confusion_matrix

from .decode import Logits, decode
from .evaluate import macro_f1, weighted_f1
from .labels import HEADS, Labels

TAUS = np.arange(0, 1.01, 0.05)

Taus = dict[str, float]


def biases(gold: dict[str, np.ndarray], labels: Labels) -> dict[str, np.ndarray]:
    """Per head, minus the log of each label's frequency: what tau = 1 adds to the logits."""
    return {
        head: -np.log(np.maximum(np.bincount(gold[head], minlength=len(labels.of(head))), 1) / len(gold[head])).astype(np.float32)
        for head in HEADS
    }


def shifted(logits: Logits, bias: dict[str, np.ndarray], taus: Taus) -> Logits:
    return {head: logits[head] + taus[head] * bias[head] for head in HEADS}


def fit(logits: Logits, gold: dict[str, np.ndarray], labels: Labels) -> Taus:
    """The tau per head with the largest sum of weighted and macro F1; first the emotion's, which decoding needs."""
    bias = biases(gold, labels)
    taus = dict.fromkeys(HEADS, 0.0)
    for head in HEADS:

        def score(tau: float) -> float:
            predicted = decode(shifted(logits, bias, taus | {head: tau}), labels)[head]
            confusion = confusion_matrix(gold[head], predicted, labels=range(len(labels.of(head))))
            return weighted_f1(confusion) + macro_f1(confusion)

        taus[head] = round(float(max(TAUS, key=score)), 2)
    return taus


def cross_fitted(logits: Logits, fold_of: np.ndarray, gold: dict[str, np.ndarray], labels: Labels) -> Logits:
    """Logits shifted fold by fold with taus that were chosen on the other folds."""
    result = {head: logits[head].copy() for head in HEADS}
    for fold in np.unique(fold_of):
        held = fold_of == fold
        rest = {head: gold[head][~held] for head in HEADS}
        taus = fit({head: logits[head][~held] for head in HEADS}, rest, labels)
        moved = shifted({head: logits[head][held] for head in HEADS}, biases(rest, labels), taus)
        for head in HEADS:
            result[head][held] = moved[head]
    return result
