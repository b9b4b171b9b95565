"""What it costs: the quiet box beside the questions on what is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from lionrock.applications.domain.costs import to_quote
from lionrock.applications.models import Application
from lionrock.applications.queries import request_of
from lionrock.kernel.errors import Invalid, Refused
from lionrock.kernel.findings import Finding, Outcome
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.money import PRICE_PLACES, to_places
from lionrock.kernel.periods import local_date
from lionrock.people.programmes import programme_on_file
from lionrock.rules.quotes import Quote, quote


@dataclass(frozen=True, slots=True)
class Cost:
    """A quote, or why there is none yet."""

    quote: Quote | None
    why_not: Message | None = None

    @property
    def share(self) -> Decimal | None:
        """The scheme's share between 0 and 1, to six places."""
        if self.quote is None:
            return None
        return to_places(self.quote.rate, PRICE_PLACES)

    @property
    def broken(self) -> tuple[Finding, ...]:
        """The limits of the programme that the request does not keep."""
        found = self.quote.findings if self.quote else ()
        return tuple(finding for finding in found if finding.outcome is Outcome.NOT_MET)


def cost_of(application: Application, now: datetime) -> Cost:
    """Return what an application would cost at the list price of today, as far as it says what it asks for."""
    rules = programme_on_file(application.call.programme)
    if not application.category or not application.item:
        return Cost(None, message(gettext_noop("Answer category, item, number, months and first day to see it.")))
    try:
        asked = to_quote(rules, request_of(application), application.category, local_date(now, rules.zone))
        return Cost(quote(rules, asked))
    except (Invalid, Refused) as none_yet:
        return Cost(None, none_yet.message)
