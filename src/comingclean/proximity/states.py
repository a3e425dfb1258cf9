"""Which states a circle reaches into, from the ids of its block groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from comingclean.facilities.county import STATE_FIPS
from comingclean.proximity.grid import Rows

Bits = NDArray[np.uint64]
# A block group's id has 12 digits, the first two being its state's.
_BELOW_STATE: Final = 10**10
_BITS: Final = 64
_LETTERS: Final = {code: letters for letters, code in STATE_FIPS.items()}


@dataclass(frozen=True, eq=False)
class States:
    """The state of every row of a layer: `fips` by number, `bit` of each row, next row of `another`."""

    fips: tuple[str, ...]
    bit: Bits
    another: Rows

    @classmethod
    def of(cls, identity: Rows) -> States | None:
        """The states of rows by their ids; None where these are not ids of block groups."""
        if not identity.size or identity.min() < _BELOW_STATE or identity.max() >= 100 * _BELOW_STATE:
            return None
        codes, number = np.unique(identity // _BELOW_STATE, return_inverse=True)
        if codes.size > _BITS:
            return None
        change = np.append(np.flatnonzero(number[1:] != number[:-1]) + 1, number.size)
        another = np.repeat(change, np.diff(np.append(0, change)))
        bit = np.uint64(1) << number.astype(np.uint64)
        return cls(tuple(f"{code:02d}" for code in codes.tolist()), bit, another)

    def mark(self, bits: Bits, circle: Rows, start: Rows, stop: Rows) -> None:
        """Add to the `bits` of each circle the states of its rows from `start` to before `stop`."""
        while circle.size:
            some = start < stop
            circle, start, stop = circle[some], start[some], stop[some]
            np.bitwise_or.at(bits, circle, self.bit[start])
            start = self.another[start]

    def names(self, bits: Bits) -> list[str]:
        """The postal letters of the states in each set of bits, in order, with a space between."""
        letters = [_LETTERS.get(code, code) for code in self.fips]
        named = {
            value: " ".join(sorted(word for at, word in enumerate(letters) if value >> at & 1))
            for value in np.unique(bits).tolist()
        }
        return [named[value] for value in bits.tolist()]
