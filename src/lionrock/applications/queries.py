"""Which applications a viewer may see, and what the rules say of them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from lionrock.applications.domain import LIVE, Circumstances, Request, Statements, eligibility
from lionrock.applications.models import Admission, Application, Standing
from lionrock.calls.domain import CallState, takes_applications
from lionrock.kernel.errors import Invalid, NotFound
from lionrock.kernel.findings import Finding
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import local_date
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file


def applications(viewer: Actor) -> QuerySet[Application]:
    """Return the applications of the viewer's programmes (from submission on) and organisations.

    Who is admitted to one (a co-author, an assessor) sees that one; who is shut out of one because
    of a conflict of interest sees nothing of it, whatever else they may see.
    """
    if viewer.operator:
        return Application.objects.all()
    own = Q(organisation__code__in=viewer.organisations())
    of_programmes = Q(call__programme__in=viewer.programmes()) & ~Q(submitted_at__isnull=True)
    rule = own | of_programmes | Q(pk__in=_standing(viewer, Standing.AUTHOR, Standing.READER))
    return Application.objects.filter(rule).exclude(pk__in=_standing(viewer, Standing.SHUT_OUT))


def _standing(viewer: Actor, *standings: Standing) -> QuerySet[Admission, int]:
    held = Admission.objects.filter(person=viewer.email, standing__in=standings)
    return held.values_list("application", flat=True)


def may_write(viewer: Actor, application: Application) -> bool:
    """Tell whether the viewer is one of the application's authors: its organisation's, or invited."""
    if viewer.belongs_to(application.organisation.code):
        return True
    return application.admissions.filter(person=viewer.email, standing=Standing.AUTHOR).exists()


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
    """Return what an application asks for, as a value; raises `Invalid` while a draft does not say it."""
    item, count, months, starts = application.item, application.count, application.months, application.starts
    if not item or count is None or months is None or starts is None:
        said = message(
            gettext_noop("{application} does not say yet what it asks for. Fill in item, count, months and start."),
            application=application.code,
        )
        raise Invalid("applications.request.incomplete", said)
    return Request(item, count, months, starts, application.hours)


def findings_now(application: Application, now: datetime) -> tuple[Finding, ...]:
    """Return what the rules say of an application as they stand at `now`; nothing is changed."""
    call, rules = application.call, programme_on_file(application.call.programme)
    others = Application.objects.exclude(pk=application.pk).filter(
        organisation=application.organisation, call__programme=call.programme, state__in=LIVE
    )
    call_open = takes_applications(CallState(call.state), call.opens, call.closes, now)
    return eligibility(
        request_of(application),
        Statements(application.category, frozenset(application.declarations), application.other_subsidy),
        Circumstances(call.code, call_open, others.count()),
        rules.at(local_date(now, rules.zone)),
    )
