"""Who may forgive a debt: the programme sets the amounts, and larger ones take a second person."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Authority(StrEnum):
    """What it takes to write an amount off."""

    ALONE = "alone"
    """Finance does it; nobody else is asked."""
    FINANCE = "finance"
    """Another person of finance agrees, or the chair."""
    CHAIR = "chair"
    """The chair of the committee agrees."""
    NOBODY = "nobody"
    """More than the programme lets anybody write off."""
    UNSET = "unset"
    """The programme's owner has not said who may."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Up to how much, in minor units, each may; None: the owner has not set it, so that nobody may."""

    alone: int | None = None
    finance: int | None = None
    chair: int | None = None

    def needed(self, amount: int) -> Authority:
        """Return what it takes to write off that amount."""
        for most, authority in (
            (self.alone, Authority.ALONE),
            (self.finance, Authority.FINANCE),
            (self.chair, Authority.CHAIR),
        ):
            if most is not None and amount <= most:
                return authority
        return Authority.UNSET if self.chair is None else Authority.NOBODY
