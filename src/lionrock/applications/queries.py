"""Which applications a viewer may see, and what the rules say of them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from lionrock.applications.domain import LIVE, Request, Standing, Statements, eligibility
from lionrock.applications.models import Application
from lionrock.calls.domain import CallState, takes_applications
from lionrock.kernel.errors import NotFound
from lionrock.kernel.findings import Finding
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import local_date
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file
from lionrock.people.queries import visible


def applications(viewer: Actor) -> QuerySet[Application]:
    """Return the applications of the viewer's programmes and organisations."""
    rule = visible(viewer, programme="call__programme", organisation="organisation__code")
    return Application.objects.filter(rule)


def application_by_code(viewer: Actor, code: str, *, lock: bool = False) -> Application:
    """Return one application; with `lock`, keep others from changing it until the transaction ends.

    Raises `NotFound` when there is none that this viewer may see.
    """
    found = applications(viewer).filter(code=code).select_related("call", "organisation")
    application = (found.select_for_update(of=("self",)) if lock else found).first()
    if application is None:
        raise NotFound(
            "applications.application.unknown",
            message(
                gettext_noop("There is no application {code} for you. See `lionrock application list`."), code=code
            ),
        )
    return application


def request_of(application: Application) -> Request:
    """Return what an application asks for, as a value."""
    return Request(application.item, application.count, application.months, application.starts, application.hours)


def findings_now(application: Application, now: datetime) -> tuple[Finding, ...]:
    """Return what the rules say of an application as they stand at `now`; nothing is changed."""
    call, rules = application.call, programme_on_file(application.call.programme)
    others = Application.objects.exclude(pk=application.pk).filter(
        organisation=application.organisation, call__programme=call.programme, state__in=LIVE
    )
    return eligibility(
        request_of(application),
        Statements(application.category, frozenset(application.declarations), application.other_subsidy),
        Standing(call.code, takes_applications(CallState(call.state), call.opens, call.closes, now), others.count()),
        rules.at(local_date(now, rules.zone)),
    )
