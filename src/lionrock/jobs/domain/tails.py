"""The end of an output whose length nobody tells, found with few reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

TAIL_BYTES: Final = 32 * 1024
_FARTHEST: Final = 1 << 50

Read = Callable[[int, int], bytes]
"""(offset, limit) → that piece; empty beyond the end."""


def tail_of(read: Read, size: int = TAIL_BYTES) -> tuple[bytes, int]:
    """Return the last bytes of an output, at most `size`, and the offset at which they begin.

    One read where the output is short; otherwise about two for each doubling of its length. It may
    grow meanwhile: what is returned was its end at some instant.
    """
    whole = read(0, size)
    if len(whole) < size:
        return whole, 0
    low, high = size, 2 * size
    while high < _FARTHEST and read(high - 1, 1):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if read(middle - 1, 1) else (low, middle)
    start = max(0, low - size)
    return read(start, size), start
