"""The word table in 4 bits: blocks of BLOCK columns of one row share a scale.

The larger encoder's table is taken down to 4 bits before training and stays frozen, so that everything above it
learns with the words as they ship, and the export changes nothing about them.
"""

import numpy as np

BLOCK = 64


def quantise(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """[words, width] float32 to codes 0 to 15 [words, width] and scales [words, width / BLOCK].

    Of several scales per block the one with the smallest squared error is taken. 7 and 8 steps to the largest value
    are among them, so that quantising a table twice changes nothing but a rounding.
    """
    blocks = table.reshape(len(table), -1, BLOCK)
    peak = np.maximum(np.abs(blocks).max(axis=2, keepdims=True), 1e-6)
    best = np.full(blocks.shape[:2], np.inf, np.float32)
    codes, scales = np.zeros(blocks.shape, np.uint8), np.zeros(blocks.shape[:2], np.float32)
    for steps in np.arange(7, 12.5, 0.5, dtype=np.float32):
        scale = peak / steps
        code = np.clip(np.round(blocks / scale), -8, 7)
        error = ((code * scale - blocks) ** 2).sum(axis=2)
        better = error < best
        best[better], scales[better] = error[better], scale[better][:, 0]
        codes[better] = (code[better] + 8).astype(np.uint8)
    return codes.reshape(table.shape), scales


def restore(codes: np.ndarray, scales: np.ndarray) -> np.ndarray:
    """The float32 table [words, width] that codes and scales stand for."""
    blocks = codes.reshape(len(codes), -1, BLOCK).astype(np.float32) - 8
    return (blocks * scales[:, :, None]).reshape(codes.shape)
