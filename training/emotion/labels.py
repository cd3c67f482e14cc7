"""The three kinds of labels and the order of their logits."""

from dataclasses import dataclass

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
