"""The three kinds of labels and the order of their logits."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .data import Sentence

HEADS = ("emotion", "sub_emotion", "intensity")
INTENSITIES = ["mild", "moderate", "strong"]

Tree = dict[str, list[str]]


@dataclass(frozen=True)
class Labels:
    """The labels of each head in the order of its logits; sub-emotions stand grouped by emotion."""

    tree: Tree

    def of(self, head: str) -> list[str]:
        """The labels of a head, one per logit."""
        sub_emotions = [sub_emotion for group in self.tree.values() for sub_emotion in group]
        return {"emotion": list(self.tree), "sub_emotion": sub_emotions, "intensity": INTENSITIES}[head]

    def columns(self) -> list[slice]:
        """Per emotion, where its sub-emotions stand among the sub-emotion logits."""
        slices, start = [], 0
        for group in self.tree.values():
            slices.append(slice(start, start + len(group)))
            start += len(group)
        return slices

    def gold(self, sentences: "list[Sentence]") -> dict[str, np.ndarray]:
        """Per head the index of every sentence's label."""
        return {head: np.array([self.of(head).index(getattr(s, head)) for s in sentences]) for head in HEADS}
