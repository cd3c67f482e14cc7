"""The model as a custom runtime of MLServer: labels and probabilities as tensors."""

import os

import numpy as np
from emotion import TASKS, Emotion
from mlserver import MLModel
from mlserver.codecs import NumpyCodec, StringCodec
from mlserver.types import InferenceRequest, InferenceResponse


class EmotionRuntime(MLModel):
    async def load(self) -> bool:
        self.emotion = Emotion(os.environ["MODEL_DIR"])
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        texts = StringCodec.decode_input(payload.inputs[0])
        scores = [self.emotion.predict(text) for text in texts]
        winners = [self.emotion.winners(of_one) for of_one in scores]
        outputs = []
        for task in TASKS:
            labels = [self.emotion.labels[task][of_one[task]] for of_one in winners]
            outputs.append(StringCodec.encode_output(task, labels))
            outputs.append(NumpyCodec.encode_output(f"{task}_probabilities", np.stack([one[task] for one in scores])))
        return InferenceResponse(model_name=self.name, model_version=self.version, outputs=outputs)
