"""Train one run: `python -m emotion.train --data DIR --dist DIR --run NAME [--fold K] [--seed S]`.

Writes NAME[-K][-S].pt (weights) and NAME[-K][-S].npz (logits on the development and evaluation sentences, and on the fold's
own held-out ones). One thread, so that the same seed gives the same model on the same machine.
"""

import argparse
import random
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.optim.lr_scheduler import LambdaLR

from . import words
from .data import Sentence, fold
from .decode import probabilities
from .examples import Examples, goemotions, transcripts
from .infer import encode, infer, torch_forward
from .labels import HEADS, Labels
from .model import EmotionModel, load_tokenizer, pad
from .objective import Objective
from .recipes import RECIPES, Recipe
from .runs import FOLDS, SEEDS, out_of_fold, read, run_name

WARMUP = 0.06


def batches(lengths: list[int], size: int, rng: random.Random) -> list[list[int]]:
    """Shuffled batches of indices; each batch holds similar lengths, so that little of it is padding."""
    order = list(range(len(lengths)))
    rng.shuffle(order)
    pool = 50 * size
    result = []
    for start in range(0, len(order), pool):
        bucket = sorted(order[start : start + pool], key=lengths.__getitem__)
        result += [bucket[i : i + size] for i in range(0, len(bucket), size)]
    rng.shuffle(result)
    return result


def parameter_groups(model: EmotionModel, recipe: Recipe) -> list[dict]:
    """The heads learn at `rate`, each encoder layer below at `layer_decay` times that of the layer above."""
    layers = [model.heads, *reversed(model.encoder.encoder.layer), model.encoder.embeddings]
    return [
        {"params": [p for p in layer.parameters() if p.requires_grad], "lr": recipe.rate * recipe.layer_decay**depth}
        for depth, layer in enumerate(layers)
    ]


class WordNudge:
    """Adds `delta` to what the word embeddings give, and keeps the last output, to step along its gradient (FGM)."""

    def __init__(self, model: EmotionModel):
        self.delta: Tensor | None = None
        model.encoder.embeddings.word_embeddings.register_forward_hook(self.hook)

    def hook(self, _module, _input, output: Tensor) -> Tensor:
        if self.delta is not None:
            return output + self.delta
        self.last = output.detach().requires_grad_()
        return self.last


def train(model: EmotionModel, examples: Examples, recipe: Recipe, labels: Labels) -> EmotionModel:
    torch.manual_seed(recipe.seed)
    rng = random.Random(recipe.seed)
    ids = encode(load_tokenizer(), examples.texts, examples.previous if recipe.context else None)
    lengths = [len(one) for one in ids]
    objective = Objective(recipe, labels, examples.leaf, examples.intensity)
    leaf, intensity = torch.tensor(examples.leaf), torch.tensor(examples.intensity)

    model.train()
    groups = parameter_groups(model, recipe)
    trained = [parameter for group in groups for parameter in group["params"]]
    optimizer = torch.optim.AdamW(groups, lr=recipe.rate, weight_decay=0.01, fused=True)
    steps = recipe.epochs * len(batches(lengths, recipe.batch, random.Random(recipe.seed)))
    warmup = WARMUP * steps
    scheduler = LambdaLR(optimizer, lambda step: min((step + 1) / warmup, (steps - step) / (steps - warmup)))
    nudge = WordNudge(model) if recipe.adversarial else None

    def forward(inputs: tuple[Tensor, Tensor]) -> dict[str, Tensor]:
        with torch.autocast("cpu", torch.bfloat16):
            outputs = model(*inputs)
        return objective.log_probabilities(outputs)

    started, step, running = time.monotonic(), 0, None
    for epoch in range(recipe.epochs):
        for batch in batches(lengths, recipe.batch, rng):
            inputs = pad([ids[i] for i in batch])
            targets = objective.targets(leaf[batch], intensity[batch])
            first = forward(inputs)
            value = objective.loss(first, targets)
            if recipe.rdrop:
                second = forward(inputs)
                value = (value + objective.loss(second, targets)) / 2 + recipe.rdrop * objective.divergence(first, second)
            optimizer.zero_grad()
            value.backward()
            if nudge is not None:
                gradient = nudge.last.grad
                nudge.delta = recipe.adversarial * gradient / gradient.norm().clamp(min=1e-12)
                objective.loss(forward(inputs), targets).backward()
                nudge.delta = None
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            scheduler.step()
            step += 1
            running = value.item() if running is None else 0.98 * running + 0.02 * value.item()
            if step % 50 == 0 or step == steps:
                minutes = (time.monotonic() - started) / 60
                print(f"epoch {epoch + 1} step {step}/{steps} loss {running:.3f} after {minutes:.1f} min", flush=True)
    return model.eval()


def teach(examples: Examples, sentences: list[Sentence], dist: Path, labels: Labels, weight: float) -> Examples:
    """Targets mixed with what the teachers, each on the fifth that it did not see, say of the sentences."""
    p = probabilities(out_of_fold(dist, "teacher", sentences), dict.fromkeys(HEADS, 1.0), labels)
    return replace(
        examples,
        leaf=((1 - weight) * examples.leaf + weight * p["sub_emotion"]).astype(np.float32),
        intensity=((1 - weight) * examples.intensity + weight * p["intensity"]).astype(np.float32),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with emotion-transcripts and goemotions")
    parser.add_argument("--dist", type=Path, required=True, help="folder to write into")
    parser.add_argument("--run", required=True, choices=RECIPES)
    parser.add_argument("--fold", type=int, choices=FOLDS, help="leave this fifth of the training part out")
    parser.add_argument("--seed", type=int, choices=SEEDS, help="instead of the recipe's")
    options = parser.parse_args()
    torch.set_num_threads(1)
    recipe = RECIPES[options.run]
    if options.seed is not None:
        recipe = replace(recipe, seed=options.seed)
    torch.manual_seed(recipe.seed)

    data = read(options.data)
    labels, parts = data.labels, data.parts
    sentences, held = parts.train, []
    name = run_name(options.run, options.fold, options.seed)
    if options.fold is not None:
        sentences, held = fold(parts.train, options.fold)

    if recipe.data == "goemotions":
        examples = goemotions(options.data / "goemotions", labels)
    else:
        examples = transcripts(sentences, labels, recipe.soft)
    if recipe.teacher:
        examples = teach(examples, sentences, options.dist, labels, recipe.teacher)
    model = EmotionModel(recipe.base, labels, recipe.train_words)
    if recipe.start is not None:
        model.load_state_dict(torch.load(options.dist / f"{recipe.start}.pt"))
    if recipe.base == "bge-small":
        table = model.encoder.embeddings.word_embeddings.weight.data
        table.copy_(torch.from_numpy(words.restore(*words.quantise(table.numpy()))))
    print(f"{name}: {len(examples.texts)} sentences, {recipe}", flush=True)
    train(model, examples, recipe, labels)

    options.dist.mkdir(parents=True, exist_ok=True)
    torch.save(model.state_dict(), options.dist / f"{name}.pt")
    logits = {}
    for part, said in (("development", parts.development), ("evaluation", parts.evaluation), ("held", held)):
        if said:
            previous = [s.previous for s in said] if recipe.context else None
            found = infer(torch_forward(model), [s.text for s in said], previous=previous)
            logits |= {f"{part}_{head}": found[head] for head in HEADS}
    # The pipeline takes the file for the end of the run: it must be whole when it appears.
    draft = options.dist / f"{name}.new.npz"
    np.savez(draft, held_texts=np.array([s.text for s in held]), **logits)
    draft.rename(options.dist / f"{name}.npz")


if __name__ == "__main__":
    main()
