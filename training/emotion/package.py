"""Make what ships of the trained runs: `python -m emotion.package --data DIR --dist DIR --out DIR`.

Writes model.onnx, tokenizer.json, model.json, drift.json and the model card to --out, what the service must reproduce
to training/expected, and report.json to --dist; or says what falls short and writes nothing.
"""

import argparse
import hashlib
import json
import logging
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx

from . import drift
from .calibrate import fit_temperatures
from .card import card
from .decode import Logits, Temperature, decode, probabilities
from .export import export
from .infer import Forward, encode, infer, onnx_forward
from .labels import HEADS, Labels
from .measure import measure, shortfalls, summary
from .model import MAX_TOKENS, load_tokenizer
from .quantise import quantise
from .runs import Data, averaged, read

NAME, VERSION = "emotion-bge-small", "0.2.0"
TRAINING = Path(__file__).parent.parent
EXPECTED, SAMPLES = TRAINING / "expected", TRAINING / "samples.json"
DATA_SAMPLES = 500
DESCRIPTION = "Distinct sentences of the training data's kind, held out with all their spellings and near-duplicates"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with emotion-transcripts")
    parser.add_argument("--dist", type=Path, required=True, help="folder with the runs")
    parser.add_argument("--out", type=Path, required=True, help="folder to write the model into")
    options = parser.parse_args()
    logging.getLogger().setLevel(logging.WARNING)  # the exporter reports each of its steps

    data = read(options.data)
    with TemporaryDirectory() as folder:
        draft = Path(folder)
        full = export(averaged(options.dist, "student", data.labels))
        onnx.save(full, draft / "float32.onnx")
        onnx.save(quantise(full), draft / "model.onnx")
        load_tokenizer().save(str(draft / "tokenizer.json"), pretty=False)
        forward = onnx_forward(draft / "model.onnx")
        development = infer(forward, [s.text for s in data.parts.development])
        temperature = fit_temperatures(development, data.labels.gold(data.parts.development), data.labels)
        ordinary, false_alarms = drift_reference(forward, data, temperature)
        report = measure(data, options.dist, draft, temperature) | {"drift_false_alarms": false_alarms}
        print(json.dumps(summary(report), indent=2))
        if problems := shortfalls(report):
            sys.exit("not written:\n" + "\n".join(problems))

        about = manifest(draft / "model.onnx", data, temperature, report)
        samples, rows = own_samples(forward, data, temperature), data_samples(forward, data, temperature)
        (draft / "float32.onnx").unlink()
        write(draft / "model.json", about)
        write(draft / "drift.json", ordinary, indent=None)
        (draft / "README.md").write_text(card(report, about, ordinary), encoding="utf-8")
        options.out.mkdir(parents=True, exist_ok=True)
        for file in draft.iterdir():
            shutil.copy(file, options.out)
    write(options.dist / "report.json", report)
    write(EXPECTED / "samples.json", samples, indent=None)
    write(EXPECTED / "rows.json", rows, indent=None)


def manifest(weights: Path, data: Data, temperature: Temperature, report: dict) -> dict:
    labels = data.labels
    return {
        "name": NAME,
        "version": VERSION,
        "hash": hashlib.sha256(weights.read_bytes()).hexdigest(),
        "maxTokens": MAX_TOKENS,
        "tree": labels.tree,
        "labels": {head: labels.of(head) for head in HEADS},
        "temperature": temperature,
        "evaluation": {"description": DESCRIPTION, "sentences": len(data.parts.evaluation), **summary(report)},
    }


def drift_reference(forward: Forward, data: Data, temperature: Temperature) -> tuple[dict, float]:
    """The reference, fitted on half of the blocks, and how often it cries wolf on the others."""
    tokenizer = load_tokenizer()
    texts = drift.without_repeats([row.text for row in data.rows])
    ids, unknown = encode(tokenizer, texts), tokenizer.token_to_id("[UNK]")
    logits = infer(forward, texts)
    traffic = drift.Traffic(
        np.array([len(one) for one in ids]),
        np.array([one.count(unknown) / len(one) for one in ids]),
        logits["embedding"],
        probabilities(logits, temperature, data.labels),
        decode(logits, data.labels),
    )
    seen = drift.reference_rows(len(texts))
    reference = drift.reference(traffic.of(seen), data.labels)
    return reference, drift.false_alarms(reference, traffic.of(~seen))


def own_samples(forward: Forward, data: Data, temperature: Temperature) -> list[dict]:
    """Our own sentences and what the model says of them, right or wrong."""
    texts = json.loads(SAMPLES.read_text(encoding="utf-8"))
    answers = said(infer(forward, texts, batch=1), data.labels, temperature)
    return [{"text": text, **answer} for text, answer in zip(texts, answers)]


def data_samples(forward: Forward, data: Data, temperature: Temperature) -> list[dict]:
    """What the model says of evaluation sentences, which are named by their row in train.csv, never quoted."""
    first: dict[str, int] = {}
    for number, row in enumerate(data.rows):
        first.setdefault(row.text, number)
    evaluation = data.parts.evaluation
    # Sentences lie in the order of their labels: spread over all of them.
    chosen = [evaluation[i] for i in np.linspace(0, len(evaluation) - 1, DATA_SAMPLES).astype(int)]
    answers = said(infer(forward, [s.text for s in chosen]), data.labels, temperature)
    return [{"row": first[sentence.text], **answer} for sentence, answer in zip(chosen, answers)]


def said(logits: Logits, labels: Labels, temperature: Temperature) -> list[dict]:
    """Per sentence and head the label and the probabilities in the order of the labels."""
    p, chosen = probabilities(logits, temperature, labels), decode(logits, labels)
    return [
        {h: {"label": labels.of(h)[chosen[h][i]], "scores": np.round(p[h][i].astype(float), 4).tolist()} for h in HEADS}
        for i in range(len(p["emotion"]))
    ]


def write(path: Path, content: object, indent: int | None = 2) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=indent, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
