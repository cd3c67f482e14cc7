"""The model as a Python service has it: one sentence at a time, one thread of onnxruntime."""

import json
import os
import threading
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

TASKS = ("emotion", "sub_emotion", "intensity")

# The core of whatever thread runs the model; all else of the process keeps the core that it was started on.
INFERENCE_CORE = int(os.environ["INFERENCE_CORE"])
thread = threading.local()


class Emotion:
    def __init__(self, folder: str) -> None:
        manifest = json.loads(Path(folder, "model.json").read_text())
        self.labels = manifest["labels"]
        self.temperature = manifest["temperature"]
        self.tokenizer = Tokenizer.from_file(str(Path(folder, "tokenizer.json")))
        self.tokenizer.enable_truncation(manifest["maxTokens"])
        self.tokenizer.no_padding()
        place = self.labels["sub_emotion"].index
        self.families = [[place(sub) for sub in manifest["tree"][emotion]] for emotion in self.labels["emotion"]]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        if os.environ.get("EXACT_PRODUCTS") == "1":
            options.add_session_config_entry("session.x64quantprecision", "1")
        self.session = onnxruntime.InferenceSession(str(Path(folder, "model.onnx")), options)

    def predict(self, text: str) -> dict[str, np.ndarray]:
        """Probabilities per task, as the service's decode.ts has them."""
        if not hasattr(thread, "pinned"):
            os.sched_setaffinity(0, {INFERENCE_CORE})
            thread.pinned = True
        encoding = self.tokenizer.encode(text)
        feeds = {"input_ids": np.array([encoding.ids]), "attention_mask": np.array([encoding.attention_mask])}
        emotion, sub_emotion, intensity = (row[0] for row in self.session.run(TASKS, feeds))
        emotion = softmax(emotion / self.temperature["emotion"])
        sub_emotion = sub_emotion / self.temperature["sub_emotion"]
        shares = np.empty_like(sub_emotion)
        for family, probability in zip(self.families, emotion):
            shares[family] = probability * softmax(sub_emotion[family])
        return {
            "emotion": emotion,
            "sub_emotion": shares,
            "intensity": softmax(intensity / self.temperature["intensity"]),
        }

    def winners(self, scores: dict[str, np.ndarray]) -> dict[str, int]:
        """The likeliest label per task; the sub-emotion is one of the emotion's."""
        emotion = int(scores["emotion"].argmax())
        family = self.families[emotion]
        return {
            "emotion": emotion,
            "sub_emotion": family[int(scores["sub_emotion"][family].argmax())],
            "intensity": int(scores["intensity"].argmax()),
        }


def softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits - logits.max())
    return powers / powers.sum()
