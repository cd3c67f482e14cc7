"""The model card that ships beside the model."""

from .labels import HEADS

WEAK = 0.3  # F1 in five folds

CARD = """\
# {name} {version}

Tells the emotion, sub-emotion and intensity of an English sentence. Made by `training/`, which also wrote this card;
the full report is `training/REPORT.md`.

| file | content |
| --- | --- |
| `model.onnx` | `input_ids`, `attention_mask` int64 [batch, sequence] to logits `emotion` [batch, 7], `sub_emotion` [batch, 28], `intensity` [batch, 3] and the mean-pooled `embedding` [batch, 384]; 8-bit weights, words in 4 |
| `tokenizer.json` | BERT's uncased vocabulary; texts are cut at `maxTokens`, [CLS] and [SEP] included |
| `model.json` | label order, tree, temperatures, figures, version and hash |
| `drift.json` | what ordinary traffic looks like: token counts, unknown tokens, 16 clusters of embeddings, labels, confidences |

**Decoding.** Emotion: softmax(logits / T). Sub-emotion: p(its emotion) x softmax(logits / T) over the sub-emotions
of that emotion; the predicted one is the best within the predicted emotion. Intensity: softmax(logits / T).

**Base, data, licence.** bge-small-en-v1.5 (BAAI, MIT), fine-tuned on GoEmotions (Google Research, CC BY 4.0; 43,410
Reddit comments) and on {train:,} sentences of video transcripts, of which no text is in this repository. The vocabulary is
that of BERT (Apache-2.0).

**Figures** on {evaluation:,} held-out sentences, none of whose near-duplicates among the transcripts was trained on,
with 95% intervals:

{figures}

**Drift reference.** {reference:,} sentences of the transcripts as they were spoken, without those that repeat the one
before: every second block of 100.

**Limits.**

- English only: other languages and lone emoji get labels that mean nothing.
- Each sentence is read alone, without its context; its labels were given with it.
- The transcripts are of one kind of television, in part translated from French; other speech may fit less.
- Labels are noisy: a text that was labelled twice got the same emotion {emotion_noise:.0%}, the same sub-emotion
  {sub_noise:.0%} and the same intensity {intensity_noise:.0%} of the time.
- Weak sub-emotions, with an F1 below {weak} in five folds: {weak_labels}.
- Of the strong sentences it finds {strong:.0%}; most sentences are mild, and so are most of its answers.
- Statements about a person's inner state should not rest on it.
"""


def card(report: dict, manifest: dict, drift: dict) -> str:
    evaluation = report["evaluation"]
    lines = ["| | accuracy | weighted F1 | macro F1 | calibration error |", "| --- | --- | --- | --- | --- |"]
    for head in HEADS:
        cells = [
            f"{one['value']:.3f} [{one['interval'][0]:.3f}, {one['interval'][1]:.3f}]"
            for one in evaluation[head]["shipped"].values()
        ]
        error = report["calibration"]["evaluation"][head]["ece"]["value"]
        lines.append(f"| {head.replace('_', '-')} | {' | '.join(cells)} | {error:.3f} |")
    weak = {label: one["f1"] for label, one in report["folds"]["sub_emotion"]["labels"].items() if one["f1"] < WEAK}
    noise = report["noise"]
    return CARD.format(
        name=manifest["name"],
        version=manifest["version"],
        train=report["sentences"]["train"],
        evaluation=report["sentences"]["evaluation"],
        reference=drift["rows"],
        figures="\n".join(lines),
        emotion_noise=noise["emotion"]["accuracy"]["value"],
        sub_noise=noise["sub_emotion"]["accuracy"]["value"],
        intensity_noise=noise["intensity"]["accuracy"]["value"],
        weak=WEAK,
        weak_labels=", ".join(f"{label} ({f1:.2f})" for label, f1 in sorted(weak.items(), key=lambda item: item[1])) or "none",
        strong=evaluation["intensity"]["labels"]["strong"]["recall"],
    )
