"""Signatures of texts, and the bands by which texts with similar ones are found. Pure.

MinHash (Broder 1997): of so many random orders of all shingles, the smallest shingle that a text has. Two texts agree in as large a part of
their signatures as of their shingles. A band is a few places of the signature taken together (Indyk and Motwani 1998): texts that agree in
any one of them are candidates.

The numbers here stand in the states of users: another order, width or constant would find none of their articles again.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from newscrawl.duplicates.shingles import Shingles

Signature: TypeAlias = npt.NDArray[np.uint32]

_SEED = 20180701
_MOST = 256  # places of the longest signature


def _orders() -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """Factors (odd) and addends by which shingles are brought into another order: a step of splitmix64 each (Steele et al. 2014), so that
    they are the same with every version of every library."""
    state, drawn = _SEED, []
    for _ in range(2 * _MOST):
        state = (state + 0x9E3779B97F4A7C15) % 2**64
        mixed = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) % 2**64
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) % 2**64
        drawn.append((mixed ^ (mixed >> 31)) >> 32)
    numbers = np.array(drawn, dtype=np.uint32).reshape(2, _MOST, 1)
    return numbers[0] | np.uint32(1), numbers[1]


_FACTORS, _ADDENDS = _orders()


def signature(of: Shingles, length: int) -> Signature:
    """The MinHash signature of a text's shingles, of which there is at least one."""
    smallest: Signature = np.min(of * _FACTORS[:length] + _ADDENDS[:length], axis=1)
    return smallest


def bands(of: Signature, rows: int, first: int = 0) -> list[int]:
    """A number for each band of so many places; `first`: the number of the first band, for signatures of different things to stay apart.

    32 bits are enough: among the million bands of a fortnight, one of a text's meets another's by chance one time in a hundred.
    """
    count = len(of) // rows
    places = of[: count * rows].reshape(count, rows)
    numbers = np.arange(first, first + count, dtype=np.uint32) * np.uint32(0x9E3779B1)
    for row in range(rows):
        numbers = (numbers ^ places[:, row]) * np.uint32(0x85EBCA6B)
        numbers ^= numbers >> np.uint32(15)
    return [int(number) for number in numbers]
