"""Beginning an application."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from lionrock.applications.actions.recording import record_of
from lionrock.applications.domain import Request, Statements, check_request, check_words
from lionrock.applications.models import Application
from lionrock.calls.numbering import next_code
from lionrock.calls.queries import call_by_code
from lionrock.kernel.periods import local_date
from lionrock.kernel.texts import check_lines, check_paragraph
from lionrock.people.domain import Actor
from lionrock.people.policies import require_member
from lionrock.people.programmes import programme_on_file
from lionrock.people.queries import organisation_by_code


@transaction.atomic
def draft_application(
    *,
    actor: Actor,
    call: str,
    organisation: str,
    category: str,
    title: str,
    request: Request,
    now: datetime,
    purpose: str = "",
    declarations: Iterable[str] = (),
    other_subsidy: bool | None = None,
    title_zh_hant: str = "",
    title_zh_hans: str = "",
) -> Application:
    """Begin an application of an organisation to a call; nothing is checked by the rules yet.

    The actor must be a member. Raises `NotFound` for an unknown call or organisation, `Invalid` for
    a request whose numbers cannot be meant, or that names what the programme does not have.
    """
    require_member(actor, organisation)
    place = organisation_by_code(organisation)
    found = call_by_code(actor, call)
    check_lines({"title": title}, {"title_zh_hant": title_zh_hant, "title_zh_hans": title_zh_hans})
    check_paragraph(purpose, field="purpose")
    check_request(request)
    rules = programme_on_file(found.programme)
    signed = frozenset(declarations)
    check_words(rules, request, Statements(category, signed))
    application = Application.objects.create(
        code=next_code("APP", local_date(now, rules.zone).year),
        call=found,
        organisation=place,
        applicant=actor.email,
        category=category,
        title=title,
        title_zh_hant=title_zh_hant,
        title_zh_hans=title_zh_hans,
        purpose=purpose,
        item=request.item,
        count=request.count,
        months=request.months,
        hours=request.hours,
        starts=request.starts,
        declarations=sorted(signed),
        other_subsidy=other_subsidy,
        created_at=now,
        state_since=now,
    )
    record_of("applications.draft_application", application, actor, now, {"call": call, "item": request.item})
    return application
