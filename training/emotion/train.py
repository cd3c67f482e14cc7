"""Fine-tune the model: `python -m emotion.train --data DIR --checkpoint FILE`, about 18 minutes on one core."""

import argparse
import random
import time
from pathlib import Path

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy
from torch.optim.lr_scheduler import LambdaLR

from .data import Sentence, label_tree, merge_repeated, read_rows, split
from .labels import HEADS, Labels
from .model import EmotionModel, load_tokenizer, pad

SEED = 7
EPOCHS = 3
BATCH = 32
LEARNING_RATE = 1e-4
WARMUP = 0.06


def targets(sentences: list[Sentence], labels: Labels) -> Tensor:
    """[sentences, heads], the index of each gold label."""
    index = {head: {label: i for i, label in enumerate(labels.of(head))} for head in HEADS}
    return torch.tensor([[index[head][getattr(sentence, head)] for head in HEADS] for sentence in sentences])


def within(sub_emotion_logits: Tensor, emotion: Tensor, labels: Labels) -> Tensor:
    """Logits [batch, 28] with the sub-emotions of every other emotion than `emotion` [batch] at -inf."""
    parents = torch.tensor([i for i, group in enumerate(labels.tree.values()) for _ in group])
    return sub_emotion_logits.masked_fill(parents != emotion[:, None], float("-inf"))


def loss(outputs: tuple[Tensor, ...], gold: Tensor, labels: Labels) -> Tensor:
    """The negative log-likelihood of what is decoded.

    The sub-emotion's term is conditional on the gold emotion, so that emotion and sub-emotion add up to the
    likelihood of the leaf, log p(emotion) + log p(sub-emotion | emotion).
    """
    emotion, sub_emotion, intensity, _ = outputs
    return (
        cross_entropy(emotion, gold[:, 0])
        + cross_entropy(within(sub_emotion, gold[:, 0], labels), gold[:, 1])
        + cross_entropy(intensity, gold[:, 2])
    )


def batches(lengths: list[int], rng: random.Random) -> list[list[int]]:
    """Shuffled batches of indices; each batch holds similar lengths, so that little of it is padding."""
    order = list(range(len(lengths)))
    rng.shuffle(order)
    pool = 50 * BATCH
    result = []
    for start in range(0, len(order), pool):
        bucket = sorted(order[start : start + pool], key=lengths.__getitem__)
        result += [bucket[i : i + BATCH] for i in range(0, len(bucket), BATCH)]
    rng.shuffle(result)
    return result


def train(sentences: list[Sentence], labels: Labels) -> EmotionModel:
    torch.manual_seed(SEED)
    rng = random.Random(SEED)
    tokenizer = load_tokenizer()
    ids = [encoding.ids for encoding in tokenizer.encode_batch([sentence.text for sentence in sentences])]
    lengths = [len(one) for one in ids]
    gold = targets(sentences, labels)

    model = EmotionModel(labels).train()
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=LEARNING_RATE, weight_decay=0.01)
    steps = EPOCHS * len(batches(lengths, random.Random(SEED)))
    warmup = WARMUP * steps
    scheduler = LambdaLR(optimizer, lambda step: min((step + 1) / warmup, (steps - step) / (steps - warmup)))

    started, step, running = time.monotonic(), 0, None
    for epoch in range(EPOCHS):
        for batch in batches(lengths, rng):
            with torch.autocast("cpu", torch.bfloat16):
                outputs = model(*pad([ids[i] for i in batch]))
            value = loss(tuple(output.float() for output in outputs), gold[batch], labels)
            optimizer.zero_grad()
            value.backward()
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            scheduler.step()
            step += 1
            running = value.item() if running is None else 0.98 * running + 0.02 * value.item()
            if step % 50 == 0 or step == steps:
                minutes = (time.monotonic() - started) / 60
                print(f"epoch {epoch + 1} step {step}/{steps} loss {running:.3f} after {minutes:.1f} min", flush=True)
    return model.eval()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with train.csv")
    parser.add_argument("--checkpoint", type=Path, required=True, help="file to write")
    options = parser.parse_args()

    rows = read_rows(options.data / "train.csv")
    parts = split(merge_repeated(rows))
    print(
        f"{len(rows)} rows: {len(parts.train)} sentences to train on, "
        f"{len(parts.development)} for development, {len(parts.evaluation)} for evaluation"
    )
    tree = label_tree(rows)
    model = train(parts.train, Labels(tree))
    options.checkpoint.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"tree": tree, "weights": model.state_dict()}, options.checkpoint)


if __name__ == "__main__":
    main()
