"""What supply is called for people: standings, and why something is held."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from lionrock.kernel.messages import gettext_noop
from lionrock.supply.domain.capacity import Standing
from lionrock.supply.domain.states import Kind

STANDINGS: Final[Mapping[Standing, str]] = MappingProxyType(
    {
        Standing.CERTAIN: gettext_noop("Certain"),
        Standing.LICENSED: gettext_noop("Licensed"),
        Standing.APPLIED: gettext_noop("Applied for"),
        Standing.AT_RISK: gettext_noop("At risk"),
    }
)
MEANINGS: Final[Mapping[Standing, str]] = MappingProxyType(
    {
        Standing.CERTAIN: gettext_noop("In operation, less what is retired by then"),
        Standing.LICENSED: gettext_noop("Ordered, and all that is required is there"),
        Standing.APPLIED: gettext_noop("Ordered; a licence is applied for and not granted yet"),
        Standing.AT_RISK: gettext_noop("Ordered, and held, late, lost, expired or not known"),
    }
)
KINDS: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        Kind.LICENCE: gettext_noop("Licence"),
        Kind.NAC: gettext_noop("Exception NAC"),
        Kind.ACA: gettext_noop("Exception ACA"),
    }
)
CAUSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "placed": gettext_noop("When the order was placed"),
        "rules": gettext_noop("When the rules, or the day, had changed"),
        "date": gettext_noop("When the delivery was moved"),
    }
)
