"""An offer: until when it can be accepted, by whom, and from which day its use begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from lionrock.kernel.errors import Fault, Invalid, Refused
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.texts import check_lines, check_paragraph
from lionrock.rules.terms import Terms


def last_day_to_accept(terms: Terms, valid_to: date) -> date:
    """Return the last day on which an offer of that day can be accepted, in the programme's zone.

    That is `agreement.days_to_sign` days after the decision, but never later than the award's own
    last day; the latter alone while the owner has set no number of days.
    """
    days = terms.value("agreement.days_to_sign")
    award_ends = valid_to - timedelta(days=1)
    return min(terms.on + timedelta(days=days), award_ends) if isinstance(days, int) else award_ends


def use_begins(valid_from: date, accepted_on: date) -> date:
    """Return the day from which an award may be used and is charged.

    Its first day, or the day of the acceptance where that is later: nobody pays for a day on which
    nothing was agreed, and no closed month is touched. The end and the money stay as decided.
    """
    return max(valid_from, accepted_on)


@dataclass(frozen=True, slots=True)
class Signature:
    """Who binds the organisation: the name and the title of its authorised signatory."""

    name: str
    title: str


def check_signature(signature: Signature) -> Signature:
    """Return the signature when both its parts are there; raises `Invalid` with every fault."""
    check_lines({"signatory": signature.name, "title": signature.title})
    return Signature(signature.name.strip(), signature.title.strip())


def check_in_time(award: str, on: date, last: date) -> None:
    """Raise `Refused` when an offer can no longer be accepted on that day."""
    if on <= last:
        return
    raise Refused(
        "awards.offer.late",
        message(
            gettext_noop(
                "The offer of {award} could be accepted until {last}; today is {on}. Ask the programme's office for a "
                "new decision: an offer that has lapsed cannot be taken up again."
            ),
            award=award,
            last=last,
            on=on,
        ),
    )


def is_due(on: date, last: date) -> bool:
    """Tell whether an offer that nobody accepted has lapsed on that day."""
    return on > last


def check_reason(reason: str) -> str:
    """Return the reason when there is one; raises `Invalid`."""
    if not reason.strip():
        said = message(gettext_noop("Nothing is written in {field}. Say why, in a sentence."), field="reason")
        raise Invalid("awards.reason", said, faults=[Fault("awards.reason", said, field="reason", value=reason)])
    check_paragraph(reason, field="reason")
    return reason.strip()
