"""Read the labelled sentences, merge repeated ones and split them without leaks."""

import csv
import hashlib
import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from sklearn.feature_extraction.text import TfidfVectorizer

from .labels import INTENSITIES, Tree

EVALUATION_SHARE = 0.08
DEVELOPMENT_SHARE = 0.05
NEAR_DUPLICATE_SIMILARITY = 0.9


@dataclass(frozen=True)
class Sentence:
    """A text and its labels; `votes` are the (sub-emotion, intensity) of every row with this text."""

    text: str
    emotion: str
    sub_emotion: str
    intensity: str
    previous: str = ""  # the row before its first one: the sentence spoken before
    votes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Splits:
    train: list[Sentence]
    development: list[Sentence]
    evaluation: list[Sentence]


def read_rows(path: Path) -> list[Sentence]:
    """The rows of a CSV with columns text, emotion, sub_emotion, intensity.

    The intensity `neutral` (used for neutral sentences only) becomes `mild`: the service has three intensities.
    """
    with path.open(newline="", encoding="utf-8") as file:
        rows = [
            Sentence(
                row["text"].strip(),
                row["emotion"],
                row["sub_emotion"],
                "mild" if row["intensity"] == "neutral" else row["intensity"],
            )
            for row in csv.DictReader(file)
        ]
    unknown = {row.intensity for row in rows} - set(INTENSITIES)
    if unknown:
        raise ValueError(f"{path}: unknown intensity {sorted(unknown)}, expected one of {INTENSITIES}")
    rows = [row for row in rows if row.text]
    return rows[:1] + [replace(row, previous=before.text) for before, row in pairwise(rows)]


def label_tree(rows: list[Sentence]) -> Tree:
    """Emotion to its sub-emotions, both in alphabetical order.

    Raises ValueError when a sub-emotion occurs under two emotions.
    """
    parents = defaultdict(set)
    for row in rows:
        parents[row.sub_emotion].add(row.emotion)
    for sub_emotion, emotions in parents.items():
        if len(emotions) > 1:
            raise ValueError(f"sub-emotion {sub_emotion} occurs under {sorted(emotions)}, expected one emotion")
    tree = defaultdict(list)
    for sub_emotion in sorted(parents):
        tree[next(iter(parents[sub_emotion]))].append(sub_emotion)
    return {emotion: tree[emotion] for emotion in sorted(tree)}


def merge_repeated(rows: list[Sentence]) -> list[Sentence]:
    """One sentence per distinct text, labelled by majority.

    The vote goes down the tree: emotion first, then sub-emotion among the rows of that emotion, then intensity
    among the rows of that sub-emotion. A tie goes to the label whose name is more frequent in the whole data, emotions and sub-emotions
    counted together.
    """
    frequency = Counter(label for row in rows for label in (row.emotion, row.sub_emotion, row.intensity))
    by_text = defaultdict(list)
    for row in rows:
        by_text[row.text].append(row)

    def majority(labels: list[str]) -> str:
        votes = Counter(labels)
        return max(votes, key=lambda label: (votes[label], frequency[label], label))

    merged = []
    for same in by_text.values():
        votes = same
        emotion = majority([row.emotion for row in votes])
        votes = [row for row in votes if row.emotion == emotion]
        sub_emotion = majority([row.sub_emotion for row in votes])
        votes = [row for row in votes if row.sub_emotion == sub_emotion]
        intensity = majority([row.intensity for row in votes])
        every = tuple((row.sub_emotion, row.intensity) for row in same)
        merged.append(replace(same[0], emotion=emotion, sub_emotion=sub_emotion, intensity=intensity, votes=every))
    return merged


def normalise(text: str) -> str:
    """The text without case, accents' encoding, punctuation and digits' values: `No, 12!` and `no 37` are one."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.sub(r"\d", "0", re.sub(r"[^\w]+|_", " ", folded)).split()) or folded


def split(sentences: list[Sentence]) -> Splits:
    """Split whole groups of equal normalised text, so that spellings of one sentence stay together.

    Every sub-emotion gives the same share to each part. The order within it is that of a hash: as good as random,
    and the same on every machine. Sentences nearly the same as a held-out one (cosine of character n-grams) are
    left out of training.
    """
    train, development, evaluation = [], [], []
    for stratum in strata(sentences):
        first = round(len(stratum) * EVALUATION_SHARE)
        second = first + round(len(stratum) * DEVELOPMENT_SHARE)
        evaluation += [sentence for group in stratum[:first] for sentence in group]
        development += [sentence for group in stratum[first:second] for sentence in group]
        train += [sentence for group in stratum[second:] for sentence in group]
    return Splits(
        without_near_duplicates(train, development + evaluation),
        without_near_duplicates(development, evaluation),
        evaluation,
    )


def strata(sentences: list[Sentence]) -> list[list[list[Sentence]]]:
    """Groups of equal normalised text, sorted by hash, under their rarest sub-emotion."""
    frequency = Counter(sentence.sub_emotion for sentence in sentences)
    groups = defaultdict(list)
    for sentence in sentences:
        groups[normalise(sentence.text)].append(sentence)
    result = defaultdict(list)
    for key in sorted(groups, key=lambda key: hashlib.sha256(key.encode()).digest()):
        rarest = min((sentence.sub_emotion for sentence in groups[key]), key=frequency.__getitem__)
        result[rarest].append(groups[key])
    return list(result.values())


def fold(sentences: list[Sentence], number: int, count: int = 5) -> tuple[list[Sentence], list[Sentence]]:
    """What to train on and what is held out in one of `count` folds: whole groups, every label spread evenly."""
    parts: list[list[Sentence]] = [[] for _ in range(count)]
    for stratum in strata(sentences):
        for index, group in enumerate(stratum):
            parts[index % count] += group
    rest = [sentence for other in range(count) if other != number for sentence in parts[other]]
    return without_near_duplicates(rest, parts[number]), parts[number]


def without_near_duplicates(sentences: list[Sentence], held_out: list[Sentence]) -> list[Sentence]:
    vectorizer = TfidfVectorizer(preprocessor=normalise, analyzer="char_wb", ngram_range=(2, 4), min_df=2)
    ours = vectorizer.fit_transform(sentence.text for sentence in sentences)
    theirs = vectorizer.transform(sentence.text for sentence in held_out)
    nearest = (ours @ theirs.T).max(axis=1).toarray().ravel()
    return [s for s, similarity in zip(sentences, nearest) if similarity < NEAR_DUPLICATE_SIMILARITY]
