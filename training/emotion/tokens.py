"""Texts that a tokenizer may trip over, and a digest of their tokens: `python -m emotion.tokens`.

The service makes the same texts from the same rules (training/hostile-texts.ts) and must come
to the same digests, written to training/expected/tokens.json.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from tokenizers import Tokenizer

from .model import load_tokenizer

TEXTS, PER_DIGEST, LONG = 10_000, 100, 5_000
EXPECTED = Path(__file__).parent.parent / "expected"
PIECES: list[str] = json.loads((Path(__file__).parent.parent / "pieces.json").read_text(encoding="utf-8"))


def texts(vocabulary: list[str]) -> Iterator[str]:
    """Words of the vocabulary, awkward pieces and any character of the first planes, run together at random.

    Every hundredth text has LONG characters or a few more. The numbers are those of a 32-bit linear congruential
    generator, so that TypeScript makes the same.
    """
    state = 7

    def pick(count: int) -> int:
        nonlocal state
        state = (state * 1664525 + 1013904223) % 2**32
        return state * count // 2**32

    def piece() -> str:
        kind = pick(8)
        if kind < 4:
            return vocabulary[pick(len(vocabulary))]
        if kind < 7:
            return PIECES[pick(len(PIECES))]
        return chr(0x20 + pick(0x3000) if pick(4) else 0x1F300 + pick(0x800))

    for number in range(TEXTS):
        text, pieces = "", 1 + pick(24)
        long = number % PER_DIGEST == 0
        while len(text) < LONG if long else pieces > 0:
            text += piece() + ("" if pick(4) == 0 else " ")
            pieces -= 1
        yield text


def every_character() -> Iterator[str]:
    """Each code point but the surrogates inside a word and as a word."""
    for code in range(0x110000):
        if not 0xD800 <= code < 0xE000:
            yield f"a{chr(code)}b {chr(code)} a"


def digest(tokenizer: Tokenizer, part: list[str]) -> str:
    ids = [encoding.ids for encoding in tokenizer.encode_batch(part)]
    return hashlib.sha256(json.dumps(ids, separators=(",", ":")).encode()).hexdigest()[:16]


def main() -> None:
    tokenizer = load_tokenizer()
    vocabulary = sorted(tokenizer.get_vocab(), key=tokenizer.get_vocab().__getitem__)
    hostile = list(texts(vocabulary))
    parts = (hostile[start : start + PER_DIGEST] for start in range(0, TEXTS, PER_DIGEST))
    content = {
        "texts": TEXTS,
        "perDigest": PER_DIGEST,
        "digests": [digest(tokenizer, part) for part in parts],
        "everyCharacter": digest(tokenizer, list(every_character())),
    }
    EXPECTED.mkdir(exist_ok=True)
    (EXPECTED / "tokens.json").write_text(json.dumps(content) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
