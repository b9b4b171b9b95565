"""What the page of an application says of the office's decisions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext

from lionrock.applications.models import Application
from lionrock.applications.pages import Decided, Event
from lionrock.intake.models import Check
from lionrock.intake.queries import checks_said
from lionrock.kernel.messages import gettext_noop

_DONE: Final[Mapping[str, str]] = {
    Check.Kind.RETURNED: gettext_noop("The office returned it with a question"),
    Check.Kind.ACCEPTED: gettext_noop("The office found it complete and eligible"),
    Check.Kind.REJECTED: gettext_noop("The office found it ineligible"),
}


def decided(application: Application) -> Decided:
    """Return what the office decided: each time in order of time, and the findings of the last in this round."""
    said = checks_said(application)
    last = next((each for each in said if each.round == application.round), None)
    events = [Event(each.at, gettext(_DONE[each.kind]), each.reason) for each in reversed(said)]
    return Decided(events, last.findings if last is not None else ())
