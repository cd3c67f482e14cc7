"""Write the model as ONNX: float32, and as it ships, in 8 bits with words in 4."""

from pathlib import Path
from tempfile import TemporaryDirectory

import onnx
import torch
from onnx import ModelProto

from .labels import HEADS
from .model import MAX_TOKENS, EmotionModel

OPSET = 20


def export(model: EmotionModel) -> ModelProto:
    """The graph in float32; batch and sequence lengths are free, the latter up to MAX_TOKENS."""
    positions = model.encoder.embeddings.position_embeddings
    positions.weight.data = positions.weight.data[:MAX_TOKENS].clone()
    model.encoder.set_attn_implementation("eager")  # the same sums, spelt out in fewer ONNX nodes
    # Two tensors: the exporter takes one tensor given twice for one and the same input.
    example = torch.ones(2, 8, dtype=torch.long), torch.ones(2, 8, dtype=torch.long)
    free = {0: "batch", 1: "sequence"}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "model.onnx"
        torch.onnx.export(
            model,
            example,
            path,
            input_names=["input_ids", "attention_mask"],
            output_names=[*HEADS, "pooled"],
            dynamic_shapes=(free, free),
            opset_version=OPSET,
            external_data=False,
            verbose=False,
        )
        graph = onnx.load(path)
    # The exporter's own name for the word look-up is `embedding`, which is what the pooled output is called in the end.
    rename(graph, "embedding", "words")
    rename(graph, "pooled", "embedding")
    return graph


def rename(model: ModelProto, old: str, new: str) -> None:
    """Rename a value wherever a node or the graph's outputs mention it."""

    def renamed(names: list[str]) -> list[str]:
        return [new if name == old else name for name in names]

    for node in model.graph.node:
        node.input[:], node.output[:] = renamed(node.input), renamed(node.output)
    for output in model.graph.output:
        output.name = new if output.name == old else output.name
