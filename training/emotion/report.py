"""Write training/REPORT.md and its picture from dist/report.json: `python -m emotion.report --data DIR --dist DIR`."""

import argparse
import json
from collections.abc import Iterable
from pathlib import Path

from .chart import draw
from .evaluate import MEASURES, RESAMPLES
from .labels import HEADS
from .recipes import RECIPES, TRIED
from .runs import SEEDS

TRAINING = Path(__file__).parent.parent
PICTURE = TRAINING.parent / "docs" / "images" / "model.png"
NAMES = {"emotion": "emotion", "sub_emotion": "sub-emotion", "intensity": "intensity"}
GOAL = 0.03
WORDS = {"accuracy": "accuracy", "weighted_f1": "weighted F1", "macro_f1": "macro F1"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="unused; every step takes it")
    parser.add_argument("--dist", type=Path, required=True, help="folder with report.json")
    options = parser.parse_args()
    report = json.loads((options.dist / "report.json").read_text(encoding="utf-8"))
    draw(report, PICTURE)
    (TRAINING / "REPORT.md").write_text("\n\n".join(sections(report)) + "\n", encoding="utf-8")


def sections(report: dict) -> Iterable[str]:
    count = report["sentences"]
    yield "# What the emotion model reaches"
    yield (
        "Written by `python -m emotion.report`; [README](README.md) says how the model is made. In brackets: 95%"
        f" intervals of {RESAMPLES:,} bootstrap resamples of sentences, paired where two models are compared. Macro F1 is the"
        " mean over the labels that occur."
    )
    yield "![Confusion per head, calibration, and F1 per sub-emotion](../docs/images/model.png)"
    yield (
        f"## On {count['evaluation']:,} sentences that no training saw\n\nGroups of equal normalised text, without near-duplicates of"
        " any transcript sentence that was trained on. The floor is a plain fine-tune of MiniLM-L6 on the same sentences."
        " GoEmotions is not filtered: 20 short texts of the evaluation part, thanks and the like, occur there as well."
    )
    yield comparison(report["evaluation"])
    yield verdict(report["evaluation"])
    yield (
        f"## In five folds over the {count['train']:,} training sentences\n\nEach fifth judged by a teacher that did not see it."
        " What ships has seen all of these sentences, so that none of them may judge it: the teachers stand in for it,"
        " with a fifth less data and nobody to learn from."
    )
    yield comparison(report["folds"], "teacher")
    yield noise(report["noise"])
    yield tried(report)
    yield shipping(report)
    for head in HEADS:
        yield labels(report["folds"][head], NAMES[head])


def verdict(evaluation: dict) -> str:
    """Which figures are GOAL points above the floor, and which are not."""
    figures = [(head, m, evaluation[head]["gain"][m]["value"]) for head in HEADS for m in ("weighted_f1", "macro_f1")]
    reached = [f"{NAMES[head]} {WORDS[m]}" for head, m, value in figures if value >= GOAL]
    missed = [f"{NAMES[head]} {WORDS[m]} ({100 * value:+.1f})" for head, m, value in figures if value < GOAL]
    text = f"The goal of {100 * GOAL:.0f} points above the floor is reached by: {', '.join(reached) or 'none'}."
    if missed:
        text += f" It is not reached by: {', '.join(missed)}."
    return text


def comparison(figures: dict, ours: str = "shipped") -> str:
    rows = [
        [NAMES[head], WORDS[m], plain(figures[head]["floor"][m]), full(figures[head][ours][m]), gain(figures[head]["gain"][m])]
        for head in HEADS
        for m in MEASURES
    ]
    return table(["head", "figure", "floor", ours, "points gained"], rows)


def noise(found: dict) -> str:
    rows = [[NAMES[head], *(full(found[head][m]) for m in MEASURES)] for head in HEADS]
    text = (
        f"## How noisy the labels are\n\n{found['texts']} texts were labelled at least twice, in different places of the"
        " transcripts. Guessing the second row's labels from the first row's scores this; a model of the text alone can"
        " do better only by leaning to the majority. Such texts are short and common: an estimate of the ceiling for"
        " them, not for every sentence."
    )
    return text + "\n\n" + table(["head", *(WORDS[m] for m in MEASURES)], rows)


def tried(report: dict) -> str:
    count = report["sentences"]["development"] + report["sentences"]["evaluation"]
    columns = [(head, m) for head in HEADS for m in ("weighted_f1", "macro_f1")]
    intervals = [report["tried"]["floor"][head][m]["interval"] for head, m in columns]
    widths = [(high - low) / 2 for low, high in intervals]
    rows = []
    for name, figures in report["tried"].items():
        cells = [f"{100 * figures[head][m]['value']:.1f}" for head, m in columns]
        rows.append([f"`{name}`", RECIPES[name].base, TRIED[name], *cells])
    missing = [name for name in TRIED if name not in report["tried"]]
    text = (
        f"## What was tried\n\nOne run each, on the {count:,} development and evaluation sentences: weighted and"
        " macro F1 of emotion, sub-emotion and intensity. A figure's interval reaches "
        + ", ".join(f"{100 * half:.1f}" for half in widths)
        + " points to each side, in the order of the columns: most rows lie within each other's. What ships is the mean of"
        f" {len(SEEDS)} students; a choice among rows this close leans on the evaluation sentences by a part of that, no more."
    )
    if missing:
        text += f" Not run here: {', '.join(missing)}."
    head = ["run", "base", "what is different", *(f"{NAMES[h][:3]} {k}" for h in HEADS for k in ("wF1", "mF1"))]
    return text + "\n\n" + table(head, rows)


def shipping(report: dict) -> str:
    evaluation, speed = report["evaluation"], report["sentences_per_cpu_second"]
    rows = [
        [
            NAMES[head],
            f"{report['temperature'][head]:.3f}",
            full(report["calibration"]["development"][head]["ece"]),
            full(report["calibration"]["evaluation"][head]["ece"]),
            gain(evaluation[head]["cost_of_8_bits"]["weighted_f1"]),
            f"{100 * evaluation[head]['agrees_with_float32']:.1f}%",
            f"{100 * report['alone'][head]['same_label']:.1f}%",
            f"{report['alone'][head]['largest_difference']:.6f}",
        ]
        for head in HEADS
    ]
    sizes = ", ".join(f"{name} {size / 1e6:.2f} MB" for name, size in report["bytes"].items())
    rates = "; ".join(
        f"{'float32' if name == 'float32' else 'as it ships'} "
        + ", ".join(f"{middle} {kind} [{low}, {high}]" for kind, (low, middle, high) in kinds.items())
        for name, kinds in speed.items()
    )
    text = (
        f"## As it ships\n\n{sizes}. Sentences per second of one CPU, tokenising in Python included, the middle of three rounds:"
        f" {rates}. ECE is the expected calibration error over ten bins; the temperatures are fitted on the development"
        f" sentences. Of 1,000 windows of ordinary traffic that the drift reference was not fitted on, "
        f"{100 * report['drift_false_alarms']:.1f}% score above 0.1."
    )
    head = [
        "head", "temperature", "ECE development", "ECE evaluation", "weighted F1 lost to 8 bits, points",
        "same label as float32", "same label alone and among 32 others", "largest difference of a probability",
    ]  # fmt: skip
    return text + "\n\n" + table(head, rows)


def labels(figures: dict, name: str) -> str:
    rows = [
        [label, f"{one['support']:,}", f"{figures['floor_labels'][label]['f1']:.3f}", f"{one['f1']:.3f}", f"{one['precision']:.3f}", f"{one['recall']:.3f}"]
        for label, one in figures["labels"].items()
    ]
    return f"## Every {name}, in five folds\n\n" + table(["", "support", "F1 of the floor", "F1", "precision", "recall"], rows)


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def plain(figure: dict) -> str:
    return f"{figure['value']:.3f}"


def full(figure: dict) -> str:
    low, high = figure["interval"]
    return f"{figure['value']:.3f} [{low:.3f}, {high:.3f}]"


def gain(figure: dict) -> str:
    low, high = figure["interval"]
    return f"{100 * figure['value']:+.1f} [{100 * low:+.1f}, {100 * high:+.1f}]"


if __name__ == "__main__":
    main()
