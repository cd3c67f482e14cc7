"""What the runs in dist/ left: weights, and logits on sentences that they never saw."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from .data import Sentence, Splits, label_tree, merge_repeated, read_rows, split
from .decode import Logits
from .labels import HEADS, Labels
from .model import EmotionModel
from .recipes import RECIPES

FOLDS = range(5)
SEEDS = (7, 8)


@dataclass(frozen=True)
class Data:
    rows: list[Sentence]
    parts: Splits
    labels: Labels


def run_name(recipe: str, fold: int | None = None, seed: int | None = None) -> str:
    """What the files of a run in dist/ are called."""
    return "-".join(str(part) for part in (recipe, fold, seed) if part is not None)


def read(folder: Path) -> Data:
    """The transcripts below the data folder, split."""
    rows = read_rows(folder / "emotion-transcripts" / "train.csv")
    return Data(rows, split(merge_repeated(rows)), Labels(label_tree(rows)))


def logits(dist: Path, name: str, part: str) -> Logits:
    """A run's logits on `part`: development, evaluation or held."""
    with np.load(dist / f"{name}.npz") as run:
        return {head: run[f"{part}_{head}"] for head in HEADS}


def out_of_fold(dist: Path, recipe: str, sentences: list[Sentence]) -> Logits:
    """Logits on the training part, each sentence's by the one model of the recipe that did not see it.

    Raises ValueError where the folds do not cover the sentences.
    """
    place = {s.text: i for i, s in enumerate(sentences)}
    result: Logits = {}
    seen = np.zeros(len(sentences), bool)
    for fold in FOLDS:
        with np.load(dist / f"{run_name(recipe, fold)}.npz") as run:
            rows = [place[text] for text in run["held_texts"]]
            seen[rows] = True
            for head in HEADS:
                found = run[f"held_{head}"]
                result.setdefault(head, np.zeros((len(sentences), found.shape[1]), np.float32))[rows] = found
    if not seen.all():
        raise ValueError(f"the folds of {recipe} in {dist} do not cover the training part: delete {recipe}-* there")
    return result


def averaged(dist: Path, recipe: str, labels: Labels) -> EmotionModel:
    """One model with the mean of the weights of the recipe's seeds.

    They began with the same weights, so that they lie close together and their mean is about as good as asking them
    all (model soups, Wortsman et al., 2022).
    """
    states = [torch.load(dist / f"{run_name(recipe, seed=seed)}.pt") for seed in SEEDS]
    model = EmotionModel(RECIPES[recipe].base, labels).eval()
    mean = {name: torch.stack([state[name] for state in states]).float().mean(0) for name in states[0]}
    model.load_state_dict({name: value.to(states[0][name].dtype) for name, value in mean.items()})
    return model
