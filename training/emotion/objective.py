"""The loss: the likelihood of what is decoded, and the variants that were tried."""

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import log_softmax

from .labels import HEADS, Labels
from .recipes import Recipe

Heads = dict[str, Tensor]


class Objective:
    """Scores outputs against target distributions.

    Emotion and sub-emotion add up to the likelihood of the leaf, log p(emotion) + log p(sub-emotion | emotion);
    with `plain` the sub-emotion is a softmax of its own.
    """

    def __init__(self, recipe: Recipe, labels: Labels, leaf: np.ndarray, intensity: np.ndarray):
        self.recipe = recipe
        self.columns = labels.columns()
        self.parents = torch.tensor([i for i, group in enumerate(self.columns) for _ in range(group.start, group.stop)])
        everything = self.targets(torch.tensor(leaf), torch.tensor(intensity))
        self.weights = {head: self.class_weights(target) for head, target in everything.items()}

    def targets(self, leaf: Tensor, intensity: Tensor) -> Heads:
        emotion = torch.stack([leaf[:, group].sum(1) for group in self.columns], 1)
        return {"emotion": emotion, "sub_emotion": leaf, "intensity": intensity}

    def class_weights(self, target: Tensor) -> Tensor:
        """Per label, (its frequency) ** -balanced, scaled so that the mean over the data is 1."""
        frequency = target.mean(0)
        weights = frequency.clamp(min=1e-4) ** -self.recipe.balanced
        return weights * frequency.sum() / (weights * frequency).sum().clamp(min=1e-4)

    def log_probabilities(self, outputs: tuple[Tensor, ...]) -> Heads:
        logits = {head: output.float() for head, output in zip(HEADS, outputs)}
        result = {head: log_softmax(logits[head], 1) for head in HEADS}
        if not self.recipe.plain:
            families = torch.stack([logits["sub_emotion"][:, group].logsumexp(1) for group in self.columns], 1)
            result["sub_emotion"] = logits["sub_emotion"] - families[:, self.parents]
        return result

    def loss(self, logp: Heads, targets: Heads) -> Tensor:
        total = torch.zeros(())
        for head in HEADS:
            terms = -targets[head] * self.weights[head] * logp[head]
            if self.recipe.focal:
                terms = terms * (1 - logp[head].exp()).clamp(min=0) ** self.recipe.focal
            total = total + terms.sum(1).mean()
        return total

    def divergence(self, one: Heads, other: Heads) -> Tensor:
        """Symmetric Kullback-Leibler divergence of the leaf and intensity distributions of two passes (R-Drop)."""
        total = torch.zeros(())
        for p, q in ((self.leaf(one), self.leaf(other)), (one["intensity"], other["intensity"])):
            total = total + ((p.exp() - q.exp()) * (p - q)).sum(1).mean() / 2
        return total

    def leaf(self, logp: Heads) -> Tensor:
        return logp["sub_emotion"] if self.recipe.plain else logp["sub_emotion"] + logp["emotion"][:, self.parents]
