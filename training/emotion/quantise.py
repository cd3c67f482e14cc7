"""8-bit arithmetic whose result for a sentence does not depend on the sentences beside it.

ONNX Runtime's own dynamic quantisation takes one activation scale for a whole batch. Here each token has its own,
so that a sentence gets the same numbers alone and in any batch, at the same speed: MatMulInteger on unsigned
activations and signed weights is what the CPUs' 8-bit instructions multiply. x86 CPUs without VNNI add pairs of such
products in 16 bits and overflow: there the service asks ONNX Runtime for its exact, slower kernels (session.ts).
"""

import numpy as np
from onnx import GraphProto, ModelProto, NodeProto, TensorProto, helper, numpy_helper

from . import words

WORDS = "encoder.embeddings.word_embeddings.weight"
GELU_MINIMUM = -0.17  # the lowest value of GELU is -0.16997


def quantise(model: ModelProto) -> ModelProto:
    """`model` itself, its linear layers in 8 bits (a scale per output and per token) and its word table in 4."""
    graph = model.graph
    tensors = {tensor.name: tensor for tensor in graph.initializer}
    builder = Builder(graph)
    for node in list(graph.node):
        if node.op_type == "MatMul" and node.input[1] in tensors:
            weight = numpy_helper.to_array(tensors[node.input[1]])
            builder.linear(node, weight)
        elif node.op_type == "Gather" and node.input[0] == WORDS:
            builder.look_up(node, numpy_helper.to_array(tensors[WORDS]))
        else:
            builder.nodes.append(node)
    del graph.node[:], graph.value_info[:]
    graph.node.extend(builder.nodes)
    used = {name for node in graph.node for name in node.input}
    kept = [tensor for tensor in graph.initializer if tensor.name in used]
    del graph.initializer[:]
    graph.initializer.extend(kept)
    if not any(opset.domain == "com.microsoft" for opset in model.opset_import):
        model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    return model


class Builder:
    def __init__(self, graph: GraphProto):
        self.graph = graph
        self.nodes: list[NodeProto] = []
        self.producers = {output: node.op_type for node in graph.node for output in node.output}
        self.inputs: dict[str, tuple[str, str]] = {}  # an activation to its codes and its scales
        self.constant("last_axis", np.array([-1], np.int64))
        self.constant("tiny", np.array(1e-9, np.float32))
        self.constant("middle", np.array(128, np.float32))
        self.constant("middle_code", np.array(128, np.uint8))
        self.constant("zero_code", np.array(0, np.uint8))
        self.constant("steps_each_way", np.array(127, np.float32))
        self.constant("steps", np.array(255, np.float32))
        self.constant("gelu_minimum", np.array(GELU_MINIMUM, np.float32))

    def constant(self, name: str, value: np.ndarray) -> str:
        self.graph.initializer.append(numpy_helper.from_array(value, name))
        return name

    def add(self, kind: str, inputs: list[str], output: str, **attributes) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def linear(self, node: NodeProto, weight: np.ndarray) -> None:
        """In place of activation [.., n] x weight [n, m]."""
        x, output = node.input[0], node.output[0]
        codes, scales = self.eight_bits(x)
        columns = np.maximum(np.abs(weight).max(axis=0) / 127, 1e-9).astype(np.float32)
        rounded = np.round(weight / columns).astype(np.int8)
        shifted = self.producers.get(x) == "Gelu"
        product = self.add(
            "MatMulInteger",
            [codes, self.constant(f"{output}.weight", rounded), "zero_code" if shifted else "middle_code"],
            f"{output}.codes",
        )
        product = self.add("Cast", [product], f"{output}.float", to=TensorProto.FLOAT)
        product = self.add("Mul", [product, scales], f"{output}.by_token")
        result = f"{output}.by_column" if shifted else output
        self.add("Mul", [product, self.constant(f"{output}.scale", columns)], result)
        if shifted:
            offset = (GELU_MINIMUM * rounded.astype(np.float64).sum(axis=0) * columns).astype(np.float32)
            self.add("Add", [result, self.constant(f"{output}.offset", offset)], output)

    def eight_bits(self, x: str) -> tuple[str, str]:
        """The codes of an activation and their scale per token; what several layers read is converted once.

        Codes lie around 128; those of GELU, which is nearly one-sided, begin with its minimum at 0.
        """
        if x not in self.inputs:
            if self.producers.get(x) == "Gelu":
                positive = self.add("Sub", [x, "gelu_minimum"], f"{x}.positive")
                peak = self.add("ReduceMax", [positive, "last_axis"], f"{x}.peak", keepdims=1)
                scale = self.add("Div", [peak, "steps"], f"{x}.scale")
                code = self.add("Div", [positive, scale], f"{x}.steps")
                code = self.add("Round", [code], f"{x}.rounded")
            else:
                size = self.add("Abs", [x], f"{x}.size")
                peak = self.add("ReduceMax", [size, "last_axis"], f"{x}.peak", keepdims=1)
                peak = self.add("Max", [peak, "tiny"], f"{x}.least")
                scale = self.add("Div", [peak, "steps_each_way"], f"{x}.scale")
                code = self.add("Div", [x, scale], f"{x}.steps")
                code = self.add("Round", [code], f"{x}.rounded")
                code = self.add("Add", [code, "middle"], f"{x}.moved")
            self.inputs[x] = self.add("Cast", [code], f"{x}.codes", to=TensorProto.UINT8), scale
        return self.inputs[x]

    def look_up(self, node: NodeProto, table: np.ndarray) -> None:
        codes, scales = words.quantise(table)
        packed = codes[:, 0::2] | (codes[:, 1::2] << 4)
        inputs = [self.constant(f"{WORDS}.codes", packed), node.input[1], self.constant(f"{WORDS}.scales", scales)]
        self.add(
            "GatherBlockQuantized",
            inputs,
            node.output[0],
            domain="com.microsoft",
            bits=4,
            block_size=words.BLOCK,
            gather_axis=0,
            quantize_axis=1,
        )
