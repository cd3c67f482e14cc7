"""Export a trained checkpoint: `python -m emotion.package --data DIR --checkpoint FILE --out DIR`.

Writes model.onnx, tokenizer.json, tokenizer_config.json, model.json and samples.json, or says what falls short and
writes nothing.
"""

import argparse
import hashlib
import json
import logging
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import onnx
import torch

from .calibrate import fit_temperatures
from .data import Sentence, merge_repeated, read_rows, split
from .decode import decode
from .evaluate import agreement, evaluate, shortfalls
from .export import export, quantise
from .infer import infer, onnx_forward, torch_forward
from .labels import HEADS, Labels
from .model import BASE, MAX_TOKENS, EmotionModel, load_tokenizer

NAME, VERSION = "emotion-minilm", "0.1.0"
BATCH = 32
MAX_BYTES = 30_000_000
SAMPLES = Path(__file__).parent.parent / "samples.json"
DESCRIPTION = "Distinct sentences of the training data's kind, held out with all their spellings and near-duplicates"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with train.csv")
    parser.add_argument("--checkpoint", type=Path, required=True, help="file that emotion.train wrote")
    parser.add_argument("--out", type=Path, required=True, help="folder to write the model into")
    options = parser.parse_args()
    logging.getLogger().setLevel(logging.WARNING)  # the exporter reports each of its steps

    checkpoint = torch.load(options.checkpoint)
    labels = Labels(checkpoint["tree"])
    model = EmotionModel(labels).eval()
    model.load_state_dict(checkpoint["weights"])
    parts = split(merge_repeated(read_rows(options.data / "train.csv")))

    with TemporaryDirectory() as folder:
        draft = Path(folder)
        onnx.save(quantise(export(model)), draft / "model.onnx")
        manifest, samples, problems = measure(draft / "model.onnx", model, labels, parts.development, parts.evaluation)
        print(json.dumps({key: manifest[key] for key in ("temperature", "evaluation", "export_agreement")}, indent=2))
        if problems:
            sys.exit("not written:\n" + "\n".join(problems))
        load_tokenizer().save(str(draft / "tokenizer.json"), pretty=False)
        shutil.copy(BASE / "tokenizer_config.json", draft)
        write_json(draft / "model.json", manifest)
        write_json(draft / "samples.json", samples)
        options.out.mkdir(parents=True, exist_ok=True)
        for file in draft.iterdir():
            shutil.copy(file, options.out)


def measure(
    path: Path, model: EmotionModel, labels: Labels, development: list[Sentence], evaluation: list[Sentence]
) -> tuple[dict, list[dict], list[str]]:
    """The contents of model.json and samples.json for the ONNX file at `path`, and what falls short of shipping."""
    tokenizer = load_tokenizer()
    exported, trained = onnx_forward(path), torch_forward(model)

    def predict(forward, sentences: list[str], batch: int = BATCH) -> dict[str, list[str]]:
        return decode(infer(forward, tokenizer, sentences, batch), labels)

    development_logits = infer(exported, tokenizer, [sentence.text for sentence in development], BATCH)
    texts = [sentence.text for sentence in evaluation]
    batched = predict(exported, texts)
    figures = evaluate(batched, evaluation)
    export_agreement = agreement(batched, predict(trained, texts))

    problems = shortfalls(figures, export_agreement)
    if batched != predict(exported, texts, batch=1):
        problems.append(f"predictions one at a time differ from batches of {BATCH}")
    if path.stat().st_size > MAX_BYTES:
        problems.append(f"model.onnx has {path.stat().st_size} bytes, expected at most {MAX_BYTES}")

    manifest = {
        "name": NAME,
        "version": VERSION,
        "hash": hashlib.sha256(path.read_bytes()).hexdigest(),
        "maxTokens": MAX_TOKENS,
        "tree": labels.tree,
        "labels": {head: labels.of(head) for head in HEADS},
        "temperature": fit_temperatures(development_logits, development, labels),
        "evaluation": {"description": DESCRIPTION, "sentences": len(texts), **figures},
        "export_agreement": {"sentences": len(texts), **export_agreement},
    }
    sample_texts = json.loads(SAMPLES.read_text(encoding="utf-8"))
    predicted = predict(exported, sample_texts, batch=1)
    samples = [
        {"text": text, **{head: predicted[head][row] for head in HEADS}} for row, text in enumerate(sample_texts)
    ]
    return manifest, samples, problems


def write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
