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
from .model import EmotionModel, pad

Forward = Callable[[Tensor, Tensor], list[np.ndarray]]


def torch_forward(model: EmotionModel) -> Forward:
    def forward(input_ids: Tensor, attention_mask: Tensor) -> list[np.ndarray]:
        with torch.no_grad():
            return [output.numpy() for output in model(input_ids, attention_mask)[: len(HEADS)]]

    return forward


def onnx_forward(path: Path) -> Forward:
    session = onnxruntime.InferenceSession(path)

    def forward(input_ids: Tensor, attention_mask: Tensor) -> list[np.ndarray]:
        return session.run(
            list(HEADS), {"input_ids": input_ids.numpy(), "attention_mask": attention_mask.numpy()}
        )

    return forward


def infer(forward: Forward, tokenizer: Tokenizer, texts: list[str], batch: int) -> Logits:
    """Logits [texts, labels] per head, in batches of similar length."""
    ids = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
    order = sorted(range(len(ids)), key=lambda index: len(ids[index]))
    rows: dict[int, list[np.ndarray]] = {}
    for start in range(0, len(order), batch):
        chosen = order[start : start + batch]
        outputs = forward(*pad([ids[index] for index in chosen]))
        rows.update((index, [output[row] for output in outputs]) for row, index in enumerate(chosen))
    return {head: np.stack([rows[i][column] for i in range(len(texts))]) for column, head in enumerate(HEADS)}
