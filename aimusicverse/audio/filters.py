"""Recursive filters over blocks, in matrix form, because a loop over samples is slow in Python.

A cascade of second-order sections is one linear state-space system (A, B, C, D). Over a block of M
samples its output is a Toeplitz matrix times the input plus the observability matrix times the state at
the block's start, and the states themselves follow a recurrence that doubling solves in log2 steps.
The result is the recursive filter itself, not a truncation of it.

Source of the section formulas: R. Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter
coefficients" (W3C Note, 2021).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
_BLOCK = 64


class Section(NamedTuple):
    """One second-order section, a0 = 1: y = b0 x + b1 x' + b2 x'' - a1 y' - a2 y''."""

    b0: float
    b1: float
    b2: float
    a1: float
    a2: float


def highpass(frequency: float, rate: int, q: float = math.sqrt(0.5)) -> Section:
    """12 dB per octave below `frequency` (Hz)."""
    w, alpha = _angle(frequency, rate, q)
    a0, c = 1 + alpha, math.cos(w)
    return Section((1 + c) / 2 / a0, -(1 + c) / a0, (1 + c) / 2 / a0, -2 * c / a0, (1 - alpha) / a0)


def lowpass(frequency: float, rate: int, q: float = math.sqrt(0.5)) -> Section:
    """12 dB per octave above `frequency` (Hz)."""
    w, alpha = _angle(frequency, rate, q)
    a0, c = 1 + alpha, math.cos(w)
    return Section((1 - c) / 2 / a0, (1 - c) / a0, (1 - c) / 2 / a0, -2 * c / a0, (1 - alpha) / a0)


def peaking(frequency: float, rate: int, gain_db: float, q: float = 1.0) -> Section:
    """A bell of `gain_db` around `frequency` (Hz)."""
    w, alpha = _angle(frequency, rate, q)
    a, c = 10 ** (gain_db / 40), math.cos(w)
    a0 = 1 + alpha / a
    return Section((1 + alpha * a) / a0, -2 * c / a0, (1 - alpha * a) / a0, -2 * c / a0, (1 - alpha / a) / a0)


def high_shelf(frequency: float, rate: int, gain_db: float) -> Section:
    """`gain_db` above `frequency` (Hz), slope 1."""
    w, alpha = _angle(frequency, rate, math.sqrt(0.5))
    a, c = 10 ** (gain_db / 40), math.cos(w)
    root = 2 * math.sqrt(a) * alpha
    a0 = (a + 1) - (a - 1) * c + root
    return Section(
        a * ((a + 1) + (a - 1) * c + root) / a0,
        -2 * a * ((a - 1) + (a + 1) * c) / a0,
        a * ((a + 1) + (a - 1) * c - root) / a0,
        2 * ((a - 1) - (a + 1) * c) / a0,
        ((a + 1) - (a - 1) * c - root) / a0,
    )


def _angle(frequency: float, rate: int, q: float) -> tuple[float, float]:
    w = 2 * math.pi * min(frequency, 0.49 * rate) / rate
    return w, math.sin(w) / (2 * q)


class Cascade:
    """Sections one after the other over a stream of (channels, N) blocks; the state carries over."""

    def __init__(self, sections: Sequence[Section], channels: int) -> None:
        a, b, c, d = _series(sections)
        order = len(b)
        powers = [np.eye(order)]
        for _ in range(_BLOCK):
            powers.append(a @ powers[-1])
        response = np.array([d] + [c @ powers[k] @ b for k in range(_BLOCK - 1)])
        toeplitz = np.zeros((_BLOCK, _BLOCK))
        for row in range(_BLOCK):
            toeplitz[row, row:] = response[: _BLOCK - row]
        self._toeplitz = toeplitz
        self._observe = np.array([c @ powers[k] for k in range(_BLOCK)]).T  # (order, M)
        self._powers = powers
        self._b = b
        self._state = np.zeros((channels, order))
        self._reach = np.array([powers[_BLOCK - 1 - j] @ b for j in range(_BLOCK)])  # (M, order)

    def process(self, block: Floats) -> Floats:
        """The filtered block, same shape and dtype as given; calculated in that dtype, states in float64."""
        channels, length = block.shape
        full = length // _BLOCK
        out = np.empty_like(block)
        if full:
            head = np.ascontiguousarray(block[:, : full * _BLOCK]).reshape(channels, full, _BLOCK)
            states, self._state = self._walk(head @ self._reach.astype(block.dtype))
            part = head @ self._toeplitz.astype(block.dtype)
            part += states.astype(block.dtype) @ self._observe.astype(block.dtype)
            out[:, : full * _BLOCK] = part.reshape(channels, -1)
        rest = length - full * _BLOCK
        if rest:
            tail = block[:, full * _BLOCK :].astype(np.float64)
            out[:, full * _BLOCK :] = (
                tail @ self._toeplitz[:rest, :rest] + self._state @ self._observe[:, :rest]
            )
            reach = self._reach[_BLOCK - rest :]
            self._state = self._state @ self._powers[rest].T + tail @ reach
        return out

    def _walk(self, driven: Floats) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """States at the start of every block (channels, K, order) and the one after the last."""
        scan = driven.astype(np.float64)
        step = self._powers[_BLOCK]
        scan[:, 0] += self._state @ step.T
        reach, jump = 1, step
        while reach < scan.shape[1]:
            scan[:, reach:] = scan[:, reach:] + scan[:, :-reach] @ jump.T
            jump = jump @ jump
            reach *= 2
        starts = np.concatenate([self._state[:, None], scan[:, :-1]], axis=1)
        return starts, scan[:, -1].copy()


def _series(
    sections: Sequence[Section],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], float]:
    """The state-space form of a cascade (each section in transposed direct form II)."""
    a, b, c, d = np.zeros((0, 0)), np.zeros(0), np.zeros(0), 1.0
    for s in sections:
        a2 = np.array([[-s.a1, 1.0], [-s.a2, 0.0]])
        b2 = np.array([s.b1 - s.a1 * s.b0, s.b2 - s.a2 * s.b0])
        c2 = np.array([1.0, 0.0])
        a = np.block([[a, np.zeros((len(b), 2))], [np.outer(b2, c), a2]])
        b = np.concatenate([b, b2 * d])
        c = np.concatenate([s.b0 * c, c2])
        d *= s.b0
    return a, b, c, d
