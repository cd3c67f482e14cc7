"""Every way of training that was tried, by name; TRIED says how each differs."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Recipe:
    base: str = "bge-small"
    start: str | None = "goemotions"  # the run whose weights, heads included, are the start; None: those of the base
    data: str = "transcripts"  # or goemotions
    epochs: int = 3
    batch: int = 32
    rate: float = 1e-4
    layer_decay: float = 1.0  # each layer below the heads learns by this factor slower
    train_words: bool = False
    plain: bool = False  # three independent softmaxes, in training and in decoding, instead of the tree's
    soft: bool = False  # the shares of a repeated text's labels as targets, instead of the majority
    focal: float = 0.0  # exponent of the focal loss
    balanced: float = 0.0  # class weights: (frequency of the label) to the power of minus this
    rdrop: float = 0.0  # weight of the divergence between two passes with different dropout
    adversarial: float = 0.0  # length of the step on the embeddings that makes the loss worst (FGM)
    context: bool = False  # the sentence before it in the transcript as a first segment
    teacher: float = 0.0  # weight of the teachers' predictions in the targets
    seed: int = 7


FLOOR = Recipe(base="minilm-l6", start=None, plain=True, train_words=True)
SMALL = Recipe(base="minilm-l6", start=None)
TEACHER = Recipe(soft=True, rate=5e-5)

RECIPES: dict[str, Recipe] = {
    "goemotions": Recipe(data="goemotions", start=None, epochs=1),
    "floor": FLOOR,
    "tree": SMALL,
    "larger-base": replace(SMALL, base="bge-small"),
    "teacher": TEACHER,
    "student": replace(TEACHER, teacher=0.7, rate=1e-4, epochs=4),
    "soft": replace(SMALL, soft=True),
    "focal": replace(SMALL, focal=2.0),
    "balanced": replace(SMALL, balanced=0.5),
    "layer-decay": replace(SMALL, layer_decay=0.8),
    "five-epochs": replace(SMALL, epochs=5),
    "r-drop": replace(SMALL, rdrop=1.0),
    "adversarial": replace(SMALL, adversarial=0.5),
    "context": replace(SMALL, context=True),
}

# What the report says of each run.
TRIED = {
    "floor": "the plain fine-tune: three softmaxes, all weights trained",
    "tree": "the likelihood of the tree; frozen words",
    "larger-base": "`tree` on bge-small, words in 4 bits",
    "teacher": "`larger-base` after an epoch of GoEmotions, rate 5e-5, shares of labels for repeated texts",
    "student": "`teacher` with 70% of its targets from five teachers, rate 1e-4, 4 epochs",
    "soft": "`tree` with shares of labels for repeated texts",
    "focal": "`tree` with focal loss, exponent 2",
    "balanced": "`tree` with class weights, frequency ** -0.5",
    "layer-decay": "`tree` with rates falling by 0.8 per layer",
    "five-epochs": "`tree` with 5 epochs",
    "r-drop": "`tree` with R-Drop, weight 1",
    "adversarial": "`tree` with adversarial steps of 0.5 on the embeddings",
    "context": "`tree` with the sentence before it",
}
