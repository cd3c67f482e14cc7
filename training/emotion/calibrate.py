"""Fit one temperature per head on sentences that neither trained nor evaluate the model."""

import numpy as np
from scipy.optimize import minimize_scalar

from .decode import Logits, Temperature, decode, negative_log_likelihood, probabilities
from .evaluate import calibration
from .labels import HEADS, Labels


def fit_temperatures(logits: Logits, gold: dict[str, np.ndarray], labels: Labels) -> Temperature:
    """The temperature per head that makes the gold labels of the development sentences likeliest.

    The sub-emotion's is fitted within the gold emotion, where a choice exists: neutral has one sub-emotion only.
    """

    def flat(head: str, temperature: float) -> float:
        return negative_log_likelihood(logits[head] / temperature, gold[head])

    def within_emotion(temperature: float) -> float:
        total = 0.0
        for index, columns in enumerate(labels.columns()):
            chosen = gold["emotion"] == index
            if columns.stop - columns.start > 1 and chosen.any():
                group = logits["sub_emotion"][chosen, columns] / temperature
                total += chosen.sum() * negative_log_likelihood(group, gold["sub_emotion"][chosen] - columns.start)
        return total

    def best(objective) -> float:
        return round(float(minimize_scalar(objective, bounds=(0.2, 5), method="bounded").x), 4)

    return {
        "emotion": best(lambda t: flat("emotion", t)),
        "sub_emotion": best(within_emotion),
        "intensity": best(lambda t: flat("intensity", t)),
    }


def calibrations(logits: Logits, temperature: Temperature, gold: dict[str, np.ndarray], labels: Labels) -> dict:
    """Per head the expected calibration error of the answers' confidence, and the bins that it is the mean of."""
    p, predicted = probabilities(logits, temperature, labels), decode(logits, labels)
    result = {}
    for head in HEADS:
        confidence = p[head][np.arange(len(predicted[head])), predicted[head]]
        error, bins = calibration(confidence, predicted[head] == gold[head])
        result[head] = {"ece": error, "bins": bins}
    return result
