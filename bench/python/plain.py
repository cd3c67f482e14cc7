"""A plain FastAPI service: one sentence per request, as most are written, with the quick choices where there are some."""

import os

import orjson
from emotion import Emotion
from fastapi import FastAPI, Response
from pydantic import BaseModel

model = Emotion(os.environ["MODEL_DIR"])
app = FastAPI()


class Body(BaseModel):
    inputs: str


# Not async: FastAPI runs it in a thread of its pool, and the loop goes on reading requests.
@app.post("/v1/classify")
def classify(body: Body) -> Response:
    scores = model.predict(body.inputs)
    prediction = {}
    for task, winner in model.winners(scores).items():
        labels, values = model.labels[task], scores[task].tolist()
        prediction[task] = {
            "label": labels[winner],
            "confidence": values[winner],
            "scores": dict(zip(labels, values)),
        }
    # Without FastAPI's own conversion of nested values, which takes as long as the model.
    return Response(orjson.dumps({"predictions": [prediction]}), media_type="application/json")
