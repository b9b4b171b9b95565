"""A statement as people read it: the one value that the page, the PDF, the CSV and the JSON are made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from lionrock.kernel.findings import ParameterRead
from lionrock.kernel.messages import Message
from lionrock.kernel.money import Money, Price
from lionrock.kernel.periods import Month, local_date
from lionrock.rules.programme import Programme
from lionrock.rules.shape import Names


@dataclass(frozen=True, slots=True)
class Paid:
    """What one award pays of a line: `share` between 0 and 1, and the amount that came of it."""

    award: str
    share: Decimal
    amount: Money


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One line: what was used, at which price, and who bears how much of it.

    `quantity` is in `unit` (a code such as `device_hour` or `node_month`) and, like `unit_price`
    and `price_from`, None for adjustments and fees, which have a `reason` instead. `corrects` names
    the closed month that the line belongs to.
    """

    kind: str
    what: Names
    site: str
    quantity: Decimal | None
    unit: str
    unit_price: Price | None
    price_from: date | None
    paid: tuple[Paid, ...]
    gross: Money
    subsidy: Money
    user: Money
    corrects: Month | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AwardTotal:
    """What one award paid on this paper, and what is left of it afterwards."""

    award: str
    title: Names
    subsidy: Money
    left: Money | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """How something was reckoned, and the rulebook values that this rests on."""

    message: Message
    reads: tuple[ParameterRead, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """A statement, an invoice or a credit note of one organisation for one closed month.

    `kind` is `statement`, `invoice` or `credit_note`. `payment` is empty while the programme's
    owner has not set how to pay.
    """

    number: str
    kind: str
    programme: Names
    organisation: Names
    organisation_code: str
    month: Month
    issued_at: datetime
    zone: ZoneInfo
    currency: str
    gross: Money
    subsidy: Money
    user: Money
    lines: tuple[PaperLine, ...]
    awards: tuple[AwardTotal, ...] = ()
    notes: tuple[Note, ...] = ()
    payment: tuple[Message, ...] = ()


def due_day(programme: Programme, month: date, issued_at: datetime) -> date | None:
    """Return the last day on which a document of that month can be paid in time; None: no term is set.

    So many days after the day of issue in the programme's zone, by the value in force for its month,
    which is the one that the document itself states.
    """
    days = programme.at(month).value("payment.days")
    return local_date(issued_at, programme.zone) + timedelta(days=days) if isinstance(days, int) else None
