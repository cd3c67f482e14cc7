"""From logits to probabilities and labels: the service does the same in TypeScript."""

import numpy as np
from scipy.special import log_softmax, softmax

from .labels import HEADS, Labels

Logits = dict[str, np.ndarray]
Temperature = dict[str, float]


def probabilities(logits: Logits, temperature: Temperature, labels: Labels) -> Logits:
    """Calibrated probabilities [sentences, labels] per head.

    A sub-emotion has the probability of its emotion times its share among the sub-emotions of that emotion.
    """
    scaled = {head: logits[head] / temperature[head] for head in HEADS}
    emotion = softmax(scaled["emotion"], axis=1)
    sub_emotion = np.empty_like(scaled["sub_emotion"])
    for index, columns in enumerate(labels.columns()):
        sub_emotion[:, columns] = emotion[:, [index]] * softmax(scaled["sub_emotion"][:, columns], axis=1)
    return {"emotion": emotion, "sub_emotion": sub_emotion, "intensity": softmax(scaled["intensity"], axis=1)}


def decode(logits: Logits, labels: Labels, plain: bool = False) -> dict[str, np.ndarray]:
    """The predicted label indices [sentences] per head; the sub-emotion is the best one within the predicted emotion.

    `plain` lets every head speak for itself. Temperatures play no part: they change no order within a head.
    """
    chosen = {head: logits[head].argmax(axis=1) for head in HEADS}
    if not plain:
        columns = [labels.columns()[emotion] for emotion in chosen["emotion"]]
        best = [column.start + row[column].argmax() for column, row in zip(columns, logits["sub_emotion"])]
        chosen["sub_emotion"] = np.array(best)
    return chosen


def negative_log_likelihood(logits: np.ndarray, gold: np.ndarray) -> float:
    """Mean over the rows of `logits` [sentences, labels] with gold indices [sentences]."""
    return float(-log_softmax(logits, axis=1)[np.arange(len(gold)), gold].mean())
