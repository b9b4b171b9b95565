"""Where the chain stands, signed and handed to somebody outside: what keeps its end from being cut off unseen."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lionrock.audit.domain import BEGINNING
from lionrock.audit.models import Seal
from lionrock.audit.sealing import seal_due
from lionrock.audit.signing import signature, written
from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message

FORMAT: Final = "lionrock audit anchor 1"


@dataclass(frozen=True, slots=True)
class Head:
    """That the chain stood at `chain` when seal `number` was its last, at an instant, signed."""

    number: int
    chain: bytes
    at: datetime
    signature: bytes

    def data(self) -> dict[str, object]:
        """Return it as an anchor's file holds it."""
        return {
            "format": FORMAT,
            "number": self.number,
            "chain": self.chain.hex(),
            "at": written(self.at),
            "signature": self.signature.hex(),
        }


def make_anchor(now: datetime) -> Head:
    """Seal what waits, and return where the chain stands."""
    seal_due(now)
    tip = Seal.objects.order_by("-number").first()
    number, chain = (tip.number, bytes(tip.chain)) if tip else (0, BEGINNING)
    return Head(number, chain, now, signature(number, chain, now))


def read_anchor(text: str) -> Head:
    """Return the head that a file holds; raises `Invalid` when it holds none."""
    try:
        data = json.loads(text)
        if data["format"] != FORMAT:
            raise ValueError(data["format"])
        chain, signed = bytes.fromhex(data["chain"]), bytes.fromhex(data["signature"])
        return Head(int(data["number"]), chain, datetime.fromisoformat(data["at"]), signed)
    except (ValueError, KeyError, TypeError) as wrong:
        said = message(gettext_noop("This is no anchor that `lionrock audit anchor` has written."))
        raise Invalid("audit.anchor.unreadable", said, faults=[Fault("audit.anchor.unreadable", said)]) from wrong
