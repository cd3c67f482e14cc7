"""Everything that the report says of a packaged model, and what keeps it from being shipped."""

import time
from collections import defaultdict
from pathlib import Path

import numpy as np

from .calibrate import calibrations
from .data import Sentence
from .decode import Logits, Temperature, decode, probabilities
from .evaluate import MEASURES, by_label, figures, gains
from .infer import infer, onnx_forward
from .labels import HEADS, Labels
from .recipes import RECIPES
from .runs import SEEDS, Data, logits, out_of_fold, run_name

MAX_BYTES = 30_000_000
MAX_LOSS = 0.005  # weighted F1 that 8 bits may cost
MAX_ECE = 0.05
MIN_AGREEMENT = 0.995  # of a sentence's labels alone and in a batch
MAX_DIFFERENCE = 0.03  # likewise of its probabilities
MAX_FALSE_ALARMS = 0.01


def measure(data: Data, dist: Path, folder: Path, temperature: Temperature) -> dict:
    """The report on the model in `folder`, which holds float32.onnx, model.onnx and tokenizer.json."""
    labels, parts = data.labels, data.parts
    texts, gold = [s.text for s in parts.evaluation], labels.gold(parts.evaluation)
    small, full = onnx_forward(folder / "model.onnx"), onnx_forward(folder / "float32.onnx")
    found = infer(small, texts)
    said, exact = decode(found, labels), decode(infer(full, texts), labels)
    floor = decode(logits(dist, "floor", "evaluation"), labels, plain=True)
    development = infer(small, [s.text for s in parts.development])
    development_gold = labels.gold(parts.development)

    def on_evaluation(head: str) -> dict:
        size = len(labels.of(head))
        return {
            "shipped": figures(gold[head], said[head], size),
            "float32": figures(gold[head], exact[head], size),
            "floor": figures(gold[head], floor[head], size),
            "gain": gains(gold[head], said[head], floor[head], size),
            "cost_of_8_bits": gains(gold[head], exact[head], said[head], size),
            "agrees_with_float32": round(float((said[head] == exact[head]).mean()), 4),
            "labels": by_label(gold[head], said[head], labels.of(head)),
            "confusion": confusion(gold[head], said[head], labels.of(head)),
        }

    return {
        "sentences": {"train": len(parts.train), "development": len(parts.development), "evaluation": len(texts)},
        "temperature": temperature,
        "evaluation": {head: on_evaluation(head) for head in HEADS},
        "folds": five_folds(dist, parts.train, labels),
        "calibration": {
            "development": calibrations(development, temperature, development_gold, labels),
            "evaluation": calibrations(found, temperature, gold, labels),
        },
        "alone": alone(infer(small, texts, batch=1), infer(small, texts, mixed=True), temperature, labels),
        "noise": noise(data.rows, labels),
        "tried": tried(dist, labels, parts.development + parts.evaluation),
        "bytes": {name: (folder / name).stat().st_size for name in ("model.onnx", "tokenizer.json")},
        "sentences_per_cpu_second": speed(folder, texts),
    }


def summary(report: dict) -> dict[str, dict]:
    """The figures that ship in model.json: per head accuracy, weighted and macro F1, and calibration error."""
    evaluation, calibration = report["evaluation"], report["calibration"]["evaluation"]
    return {
        head: {name: evaluation[head]["shipped"][name]["value"] for name in MEASURES}
        | {"ece": calibration[head]["ece"]["value"]}
        for head in HEADS
    }


def confusion(gold: np.ndarray, predicted: np.ndarray, names: list[str]) -> list[list[int]]:
    return np.bincount(gold * len(names) + predicted, minlength=len(names) ** 2).reshape(len(names), -1).tolist()


def five_folds(dist: Path, sentences: list[Sentence], labels: Labels) -> dict:
    """Teachers and floor, each on the fifth that it did not see."""
    gold = labels.gold(sentences)
    ours = decode(out_of_fold(dist, "teacher", sentences), labels)
    floor = decode(out_of_fold(dist, "floor", sentences), labels, plain=True)
    return {
        head: {
            "teacher": figures(gold[head], ours[head], len(labels.of(head))),
            "floor": figures(gold[head], floor[head], len(labels.of(head))),
            "gain": gains(gold[head], ours[head], floor[head], len(labels.of(head))),
            "labels": by_label(gold[head], ours[head], labels.of(head)),
            "floor_labels": by_label(gold[head], floor[head], labels.of(head)),
        }
        for head in HEADS
    }


def alone(single: Logits, mixed: Logits, temperature: Temperature, labels: Labels) -> dict[str, dict[str, float]]:
    """Whether a sentence gets the same answer alone as among 32 others of any length."""
    together, apart = decode(mixed, labels), decode(single, labels)
    p, q = probabilities(mixed, temperature, labels), probabilities(single, temperature, labels)
    return {
        head: {
            "same_label": round(float((together[head] == apart[head]).mean()), 4),
            "largest_difference": round(float(np.abs(p[head] - q[head]).max()), 6),
        }
        for head in HEADS
    }


def noise(rows: list[Sentence], labels: Labels) -> dict:
    """How well the labels of one row foretell those of another with the same text, spoken elsewhere.

    Rows of one text that lie in different blocks of 100 rows, the first and the second of them. Who labelled the
    data would score this against itself where the text alone is known; a model can do better only by leaning to the
    majority. Such texts are short and common, so that it is an estimate for them, not for every sentence.
    """
    blocks: dict[str, dict[int, Sentence]] = defaultdict(dict)
    for number, row in enumerate(rows):
        blocks[row.text].setdefault(number // 100, row)
    pairs = [list(found.values())[:2] for found in blocks.values() if len(found) > 1]
    one, other = labels.gold([a for a, _ in pairs]), labels.gold([b for _, b in pairs])
    return {"texts": len(pairs), **{h: figures(one[h], other[h], len(labels.of(h))) for h in HEADS}}


def tried(dist: Path, labels: Labels, sentences: list[Sentence]) -> dict[str, dict]:
    """Every run that lies in `dist` on the development and evaluation sentences together, untouched by all of them."""
    gold = labels.gold(sentences)
    result = {}
    for name, recipe in RECIPES.items():
        run = run_name(name, seed=SEEDS[0]) if name == "student" else name
        if recipe.data == "transcripts" and (dist / f"{run}.npz").exists():
            parts = [logits(dist, run, part) for part in ("development", "evaluation")]
            together = {head: np.concatenate([part[head] for part in parts]) for head in HEADS}
            said = decode(together, labels, recipe.plain)
            result[name] = {head: figures(gold[head], said[head], len(labels.of(head))) for head in HEADS}
    return result


def speed(folder: Path, texts: list[str], sentences: int = 512, rounds: int = 3) -> dict[str, dict[str, list[int]]]:
    """The slowest, the middle and the fastest of `rounds`, in sentences per second of CPU time on one thread.

    Tokenising in Python included; CPU time, so that a busy machine counts less.
    """
    spread = [texts[i] for i in np.linspace(0, len(texts) - 1, sentences).astype(int)]
    result: dict[str, dict[str, list[int]]] = {}
    for name in ("float32", "model"):
        forward = onnx_forward(folder / f"{name}.onnx", threads=1)
        result[name] = {}
        for kind, batch in (("alone", 1), ("batches of 32", 32)):
            rates = []
            for _ in range(rounds):
                started = time.process_time()
                infer(forward, spread, batch)
                rates.append(round(sentences / (time.process_time() - started)))
            result[name][kind] = sorted(rates)
    return result


def shortfalls(report: dict) -> list[str]:
    """What keeps the model from being shipped, in words; empty when all is well."""
    found = []
    total = sum(report["bytes"].values())
    if total > MAX_BYTES:
        found.append(f"{' and '.join(report['bytes'])} have {total} bytes, expected at most {MAX_BYTES}")
    if report["drift_false_alarms"] > MAX_FALSE_ALARMS:
        found.append(f"{report['drift_false_alarms']:.1%} of ordinary windows drift, expected at most {MAX_FALSE_ALARMS:.0%}")
    for head in HEADS:
        one = report["evaluation"][head]
        if (lost := one["cost_of_8_bits"]["weighted_f1"]["value"]) > MAX_LOSS:
            found.append(f"{head}: 8 bits cost {lost:.4f} of weighted F1, expected at most {MAX_LOSS}")
        if (ece := report["calibration"]["development"][head]["ece"]["value"]) > MAX_ECE:
            found.append(f"{head}: calibration error {ece} on development, expected at most {MAX_ECE}")
        if (same := report["alone"][head]["same_label"]) < MIN_AGREEMENT:
            found.append(f"{head}: {same} of labels agree alone and in a batch, expected {MIN_AGREEMENT}")
        if (most := report["alone"][head]["largest_difference"]) > MAX_DIFFERENCE:
            found.append(f"{head}: probabilities differ by {most} alone and in a batch, expected {MAX_DIFFERENCE}")
        for name in ("weighted_f1", "macro_f1"):
            if one["gain"][name]["value"] <= 0:
                found.append(f"{head}: {name} does not beat the plain fine-tune's")
    return found
