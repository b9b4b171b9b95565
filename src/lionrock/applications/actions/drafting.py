"""Beginning an application, with as much or as little as is known of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from lionrock.applications.actions.recording import record_of
from lionrock.applications.domain import Request, check_request
from lionrock.applications.domain.asked import Asked
from lionrock.applications.domain.core import core_answers
from lionrock.applications.domain.requests import check_words
from lionrock.applications.models import Answer, Application, PartEntry
from lionrock.applications.queries import asked_of
from lionrock.calls.numbering import next_code
from lionrock.calls.queries import call_by_code
from lionrock.kernel.periods import local_date
from lionrock.kernel.texts import check_lines, check_paragraph
from lionrock.people.domain import Actor
from lionrock.people.policies import require_member
from lionrock.people.programmes import programme_on_file
from lionrock.people.queries import organisation_by_code
from lionrock.rules.programme import Programme


@transaction.atomic
def draft_application(
    *,
    actor: Actor,
    call: str,
    organisation: str,
    now: datetime,
    category: str = "",
    title: str = "",
    request: Request | None = None,
    purpose: str = "",
    declarations: Iterable[str] = (),
    other_subsidy: bool | None = None,
    title_zh_hant: str = "",
    title_zh_hans: str = "",
    token: UUID | None = None,
) -> Application:
    """Begin an application of an organisation to a call; nothing is checked by the rules yet.

    What is given is written into the form, as far as the form asks it; everything else follows with
    `save_answers`. With a `token` that has begun one before, that one is returned. The actor must be a
    member. Raises `NotFound` for an unknown call or organisation, `Invalid` for a request whose numbers
    cannot be meant, or that names what the programme does not have, `Refused` while the programme's form
    is not known.
    """
    require_member(actor, organisation)
    place = organisation_by_code(organisation)
    found = call_by_code(actor, call)
    begun = Application.objects.filter(token=token, organisation=place).first() if token else None
    if begun is not None:
        return begun
    given: dict[str, object] = {
        "category": category,
        "title": title,
        "title_zh_hant": title_zh_hant,
        "title_zh_hans": title_zh_hans,
        "purpose": purpose,
        "declarations": sorted(set(declarations)),
        "other_subsidy": other_subsidy,
        **_request(request),
    }
    rules = programme_on_file(found.programme)
    on = local_date(now, rules.zone)
    _check(rules, request, given, on)
    application = Application.objects.create(
        code=next_code("APP", on.year), call=found, organisation=place, applicant=actor.email, token=token,
        created_at=now, state_since=now, **given,
    )  # fmt: skip
    _fill(application, asked_of(application, now), given, actor, now)
    record_of("applications.draft_application", application, actor, now, {"call": call, "item": application.item})
    return application


def _request(request: Request | None) -> dict[str, object]:
    if request is None:
        return {}
    return {
        "item": request.item,
        "count": request.count,
        "months": request.months,
        "hours": request.hours,
        "starts": request.starts,
    }


def _check(rules: Programme, request: Request | None, given: Mapping[str, object], on: date) -> None:
    check_lines({}, {name: str(given[name]) for name in ("title", "title_zh_hant", "title_zh_hans")})
    check_paragraph(str(given["purpose"]), field="purpose")
    if request is not None:
        check_request(request)
    declared = given["declarations"]
    signed = frozenset(declared) if isinstance(declared, list) else frozenset()
    check_words(
        rules.at(request.starts if request else on),
        item=request.item if request else "",
        category=str(given["category"]),
        declarations=signed,
    )


def _fill(application: Application, asked: Asked, given: Mapping[str, object], actor: Actor, now: datetime) -> None:
    """Write what was given into the form, and begin each repeated part with the entries that it needs."""
    Answer.objects.bulk_create(
        Answer(application=application, key=key, value=value, changed_by=actor.email, changed_at=now)
        for key, value in core_answers(asked, given).items()
    )
    PartEntry.objects.bulk_create(
        PartEntry(application=application, part=part.id, number=number)
        for part in asked.form.parts
        if part.repeats
        for number in range(1, part.least + 1)
    )
