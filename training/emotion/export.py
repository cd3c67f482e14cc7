"""Write the model as ONNX with 8-bit weights."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import torch
from onnx import ModelProto, TensorProto, helper, numpy_helper
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

from .labels import HEADS
from .model import EmotionModel

OPSET = 20
BLOCK = 16
INT8_ACTIVATIONS = 4  # onnxruntime's accuracy_level for int8 x int8 products
WORDS = "encoder.embeddings.word_embeddings.weight"


def export(model: EmotionModel) -> ModelProto:
    """The graph in float32; batch and sequence lengths are free."""
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
        return onnx.load(path)


def quantise(graph: ModelProto) -> ModelProto:
    """8-bit weights: linear layers by blocks of BLOCK inputs, the word embeddings by rows.

    The products run on int8 activations whose scale is that of a block within one token, so a sentence's result
    does not depend on the rest of its batch.
    """
    quantise_words(graph)
    rename(graph, "pooled", "embedding")  # the exporter's own name for the word look-up was `embedding`
    del graph.graph.value_info[:]
    quantizer = MatMulNBitsQuantizer(
        graph, bits=8, block_size=BLOCK, is_symmetric=True, accuracy_level=INT8_ACTIVATIONS
    )
    quantizer.process()
    return quantizer.model.model


def quantise_words(model: ModelProto) -> None:
    """Look words up in int8 rows, each with a scale of its own, in place of float32 rows."""
    graph = model.graph
    table = next(tensor for tensor in graph.initializer if tensor.name == WORDS)
    lookup = next(node for node in graph.node if WORDS in node.input)
    rows, scales = int8_rows(numpy_helper.to_array(table))
    graph.initializer.remove(table)
    graph.initializer.extend(
        [numpy_helper.from_array(rows, f"{WORDS}.int8"), numpy_helper.from_array(scales, f"{WORDS}.scale")]
    )
    ids = lookup.input[1]
    position = list(graph.node).index(lookup)
    graph.node.remove(lookup)
    rename(model, lookup.output[0], "word_embeddings")
    for node in reversed(
        [
            helper.make_node("Gather", [f"{WORDS}.int8", ids], ["word_rows"]),
            helper.make_node("Cast", ["word_rows"], ["word_values"], to=TensorProto.FLOAT),
            helper.make_node("Gather", [f"{WORDS}.scale", ids], ["word_scales"]),
            helper.make_node("Mul", ["word_values", "word_scales"], ["word_embeddings"]),
        ]
    ):
        graph.node.insert(position, node)


def int8_rows(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """[rows, width] as int8 and the float32 scale of each row, [rows, 1]."""
    peak = np.abs(table).max(axis=1, keepdims=True)
    scales = np.where(peak > 0, peak / 127, 1).astype(np.float32)
    return np.round(table / scales).astype(np.int8), scales


def rename(model: ModelProto, old: str, new: str) -> None:
    """Rename a value wherever a node or the graph's outputs mention it."""

    def renamed(names: list[str]) -> list[str]:
        return [new if name == old else name for name in names]

    for node in model.graph.node:
        node.input[:], node.output[:] = renamed(node.input), renamed(node.output)
    for output in model.graph.output:
        output.name = new if output.name == old else output.name
