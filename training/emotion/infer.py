"""Run sentences through the trained model or its ONNX export."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from tokenizers import Tokenizer
from torch import Tensor

from .decode import Logits
from .labels import HEADS
from .model import EmotionModel, load_tokenizer, pad

OUTPUTS = (*HEADS, "embedding")

Forward = Callable[[Tensor, Tensor], list[np.ndarray]]


def torch_forward(model: EmotionModel) -> Forward:
    def forward(input_ids: Tensor, attention_mask: Tensor) -> list[np.ndarray]:
        with torch.no_grad():
            return [output.numpy() for output in model(input_ids, attention_mask)]

    return forward


def onnx_forward(path: Path, threads: int = 0) -> Forward:
    """`threads` 0 takes all cores."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(path, options)

    def forward(input_ids: Tensor, attention_mask: Tensor) -> list[np.ndarray]:
        return session.run(list(OUTPUTS), {"input_ids": input_ids.numpy(), "attention_mask": attention_mask.numpy()})

    return forward


def encode(tokenizer: Tokenizer, texts: list[str], previous: list[str] | None = None) -> list[list[int]]:
    """Token ids per text; with `previous` the sentence before it stands first, between [CLS] and [SEP]."""
    inputs = texts if previous is None else list(zip(previous, texts))
    return [encoding.ids for encoding in tokenizer.encode_batch(inputs)]


def infer(
    forward: Forward, texts: list[str], batch: int = 32, previous: list[str] | None = None, mixed: bool = False
) -> Logits:
    """Logits [texts, labels] per head and the `embedding` [texts, 384].

    Batches hold texts of similar length, or with `mixed` of any length, most of them padded.
    """
    ids = encode(load_tokenizer(), texts, previous)
    if mixed:
        order = np.random.default_rng(7).permutation(len(ids)).tolist()
    else:
        order = sorted(range(len(ids)), key=lambda index: len(ids[index]))
    rows: dict[int, list[np.ndarray]] = {}
    for start in range(0, len(order), batch):
        chosen = order[start : start + batch]
        outputs = forward(*pad([ids[index] for index in chosen]))
        rows.update((index, [output[row] for output in outputs]) for row, index in enumerate(chosen))
    return {name: np.stack([rows[i][column] for i in range(len(texts))]) for column, name in enumerate(OUTPUTS)}
