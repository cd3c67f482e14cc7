"""What training sees of a sentence: its token text and the target distributions over the labels."""

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .data import Sentence
from .labels import INTENSITIES, Labels


@dataclass(frozen=True)
class Examples:
    texts: list[str]
    previous: list[str]
    leaf: np.ndarray  # [sentences, sub-emotions], rows sum to 1; the emotion's target follows through the tree
    intensity: np.ndarray  # [sentences, intensities], rows sum to 1, or to 0 where nothing is known


def transcripts(sentences: list[Sentence], labels: Labels, soft: bool) -> Examples:
    """The majority's labels, or the share of each label among the rows of a text."""
    votes = [s.votes if soft else ((s.sub_emotion, s.intensity),) for s in sentences]
    return Examples(
        [s.text for s in sentences],
        [s.previous for s in sentences],
        np.stack([shares([leaf for leaf, _ in rows], labels.of("sub_emotion")) for rows in votes]),
        np.stack([shares([intensity for _, intensity in rows], INTENSITIES) for rows in votes]),
    )


def goemotions(folder: Path, labels: Labels) -> Examples:
    """Reddit comments (text, comma-separated label numbers, id); several labels share the target, none is mixed in.

    Source: GoEmotions (Demszky et al., 2020); its 28 labels are the sub-emotions here.
    """
    names = (folder / "labels.txt").read_text(encoding="utf-8").split()
    with (folder / "train.tsv").open(encoding="utf-8", newline="") as file:
        rows = [(row[0], row[1].split(",")) for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    texts = [text.replace("[NAME]", "someone").replace("[RELIGION]", "religion") for text, _ in rows]
    leaf = np.stack([shares([names[int(number)] for number in numbers], labels.of("sub_emotion")) for _, numbers in rows])
    return Examples(texts, [""] * len(texts), leaf, np.zeros((len(texts), len(INTENSITIES)), np.float32))


def shares(values: list[str], names: list[str]) -> np.ndarray:
    counts = Counter(values)
    return np.array([counts[name] / len(values) for name in names], np.float32)
