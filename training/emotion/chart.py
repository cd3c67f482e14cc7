"""The picture of the report: confusion, calibration, and what was gained per label."""

from pathlib import Path

import matplotlib
import numpy as np

from .labels import HEADS

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402  (after the backend is chosen)


def draw(report: dict, path: Path) -> None:
    evaluation = report["evaluation"]
    figure = pyplot.figure(figsize=(19, 19), layout="constrained")
    upper, lower = figure.subfigures(2, 1, height_ratios=[1, 1.7])
    first = upper.subplots(1, 3)
    confusion(first[0], "Emotions, % of each true one", evaluation["emotion"])
    confusion(first[1], "Intensities, % of each true one", evaluation["intensity"])
    calibration(first[2], report["calibration"]["evaluation"])
    second = lower.subplots(1, 2, width_ratios=[1.5, 1])
    confusion(second[0], "Sub-emotions, % of each true one", evaluation["sub_emotion"])
    sub_emotions(second[1], report["folds"]["sub_emotion"])
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=64)
    pyplot.close(figure)


def confusion(axis, title: str, head: dict) -> None:
    counts, names = np.array(head["confusion"]), list(head["labels"])
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    axis.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for (row, column), share in np.ndenumerate(shares):
        if share >= 0.005:
            color = "white" if share > 0.5 else "black"
            axis.text(column, row, f"{100 * share:.0f}", ha="center", va="center", color=color, fontsize=8)
    axis.set(title=title, xlabel="predicted", ylabel="true")
    axis.set_xticks(range(len(names)), names, rotation=60, ha="right")
    axis.set_yticks(range(len(names)), [f"{name} ({n})" for name, n in zip(names, counts.sum(axis=1))])


def calibration(axis, calibrated: dict) -> None:
    axis.plot([0, 1], [0, 1], color="grey", linestyle=":")
    for head in HEADS:
        bins = calibrated[head]["bins"]
        label = f"{head.replace('_', '-')}, ECE {calibrated[head]['ece']['value']:.3f}"
        axis.plot([b["confidence"] for b in bins], [b["accuracy"] for b in bins], marker="o", label=label)
    axis.set(title="Confidence and how often it is right", xlabel="confidence", ylabel="share right", aspect="equal")
    axis.legend()


def sub_emotions(axis, folds: dict) -> None:
    names = sorted(folds["labels"], key=lambda name: folds["labels"][name]["support"])
    places = np.arange(len(names))
    axis.barh(places + 0.2, [folds["labels"][n]["f1"] for n in names], height=0.4, label="teacher")
    axis.barh(places - 0.2, [folds["floor_labels"][n]["f1"] for n in names], height=0.4, color="lightgrey", label="floor")
    axis.set_yticks(places, [f"{n} ({folds['labels'][n]['support']:,})" for n in names])
    axis.set(title="F1 per sub-emotion in five folds, rarest below", xlim=(0, 1))
    axis.legend()
