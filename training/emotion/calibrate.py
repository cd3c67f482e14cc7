"""Fit one temperature per head on sentences that neither trained nor evaluate the model."""

import numpy as np
from scipy.optimize import minimize_scalar

from .data import Sentence
from .decode import Logits, Temperature, negative_log_likelihood
from .labels import HEADS, Labels


def fit_temperatures(logits: Logits, sentences: list[Sentence], labels: Labels) -> Temperature:
    """The temperature per head that makes the gold labels of the development sentences likeliest.

    The sub-emotion's is fitted within the gold emotion, where a choice exists: neutral has one sub-emotion only.
    """
    gold = {
        head: np.array([labels.of(head).index(getattr(sentence, head)) for sentence in sentences]) for head in HEADS
    }

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
