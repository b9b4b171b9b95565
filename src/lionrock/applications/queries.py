"""Which applications a viewer may see, and what the rules say of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from lionrock.applications.domain import LIVE, OPEN_TO_AUTHORS, Circumstances, Request, Statements, eligibility
from lionrock.applications.domain.answers import Value
from lionrock.applications.domain.asked import Asked
from lionrock.applications.domain.completeness import Completeness, Filled, completeness
from lionrock.applications.models import Admission, Answer, Application, Attachment, Standing, Submission
from lionrock.calls.domain import CallState, takes_applications
from lionrock.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from lionrock.kernel.findings import Finding
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import local_date
from lionrock.people.domain import Actor
from lionrock.people.models import Person
from lionrock.people.programmes import programme_on_file
from lionrock.people.queries import members_of
from lionrock.rules.forms import ApplicationForm

KEPT_LONG: Final = ("findings", "declarations")
"""Fields that a list never shows and that take long to read: defer them there."""
KEPT_LONG_THERE: Final = tuple(f"application__{name}" for name in KEPT_LONG)
"""The same, seen from what belongs to an application."""


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


def form_of(application: Application) -> ApplicationForm:
    """Return the form that an application follows: the one in force on the day on which it was begun.

    It stays the same for as long as the application lives, so that nothing typed loses its place.
    Raises `Refused` when the programme's form of that day is not known.
    """
    rules = programme_on_file(application.call.programme)
    on = local_date(application.created_at, rules.zone)
    form = rules.form_on(on)
    if form is None:
        said = message(
            gettext_noop(
                "The application form of {programme} on {on} is not known, so that nobody can fill it. "
                "The owner of the programme must set it first."
            ),
            programme=rules.names,
            on=on,
        )
        raise Refused("applications.form.unknown", said)
    return form


def asked_of(application: Application, now: datetime) -> Asked:
    """Return what an application is asked for: its form, with the programme's terms of today."""
    rules = programme_on_file(application.call.programme)
    return Asked(form_of(application), rules.at(local_date(now, rules.zone)))


def entries_of(application: Application) -> dict[str, tuple[int, ...]]:
    """Return the numbers of the entries of each repeated part, in order; removed ones are not among them."""
    found: dict[str, tuple[int, ...]] = {}
    for part, number in application.entries.filter(removed_at=None).values_list("part", "number"):
        found[part] = (*found.get(part, ()), number)
    return found


def answers_of(application: Application) -> dict[str, Answer]:
    """Return every answer by its key, as typed, with version, author and time; also those of removed entries."""
    return {answer.key: answer for answer in application.answers.all()}


def values_of(application: Application) -> dict[str, Value]:
    """Return every answer by its key, as typed."""
    return dict(application.answers.values_list("key", "value"))


def files_of(application: Application) -> QuerySet[Attachment]:
    """Return the files of an application as its authors have them now."""
    return application.attachments.filter(removed_at=None)


def attachments_of(viewer: Actor, application: Application) -> QuerySet[Attachment]:
    """Return the files that a viewer of the application may see; removed ones are among them (`removed_at`).

    Its authors see all. Everybody else sees what was handed in, once it was.
    """
    if may_write(viewer, application):
        return application.attachments.all()
    handed_in = Submission.objects.filter(application=OuterRef("application"), submitted_at__gte=OuterRef("added_at"))
    while_there = handed_in.filter(submitted_at__lt=OuterRef("removed_at"))
    return application.attachments.filter(Exists(handed_in) & Q(removed_at=None) | Exists(while_there))


def filled_of(application: Application) -> Filled:
    """Return what there is of an application: answers, entries, documents with a file (three queries)."""
    documents = set(files_of(application).values_list("document", flat=True))
    return Filled(values_of(application), entries_of(application), documents)


def last_submission(application: Application) -> Submission | None:
    """Return what was handed in last; None while nothing was."""
    return application.submissions.order_by("-round").first()


def filled_for(viewer: Actor, application: Application) -> Filled:
    """Return what a viewer of an application may read of it: its authors all, others what was handed in last."""
    if may_write(viewer, application):
        return filled_of(application)
    last = last_submission(application)
    content: dict[str, Any] = last.content if last else {}
    entries = {part: tuple(numbers) for part, numbers in content.get("entries", {}).items()}
    documents = {each["document"] for each in content.get("documents", [])}
    return Filled(content.get("answers", {}), entries, documents)


def completeness_of(application: Application, now: datetime) -> Completeness:
    """Return what is missing from an application, or wrong in it, by its form and the terms of today."""
    return completeness(asked_of(application, now), filled_of(application))


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody who can write in an application; `invited`: not a member of its organisation."""

    email: str
    name: str
    invited: bool


def authors_of(application: Application) -> Sequence[Author]:
    """Return who can write in an application: the members of its organisation, then those invited to it."""
    shut_out = set(_admitted(application, Standing.SHUT_OUT))
    members = [email for email in members_of(application.organisation.code) if email not in shut_out]
    invited = [email for email in _admitted(application, Standing.AUTHOR) if email not in members]
    names = dict(Person.objects.filter(email__in=[*members, *invited]).values_list("email", "name"))
    return [Author(email, names.get(email, email), email in invited) for email in (*members, *invited)]


def _admitted(application: Application, standing: Standing) -> list[str]:
    return list(application.admissions.filter(standing=standing).order_by("person").values_list("person", flat=True))


def application_to_write(actor: Actor, code: str) -> Application:
    """Return an application, locked, for one of its authors to change.

    Raises `NotFound` when there is none for this actor, `NotAllowed` when they are no author of it,
    `Conflict` when it is not with its authors.
    """
    found = application_by_code(actor, code, lock=True)
    if not may_write(actor, found):
        said = message(
            gettext_noop("{email} does not write in {application}. Ask one of its authors for an invitation."),
            email=actor.email,
            application=code,
        )
        raise NotAllowed("applications.application.not_an_author", said)
    if found.state not in OPEN_TO_AUTHORS:
        said = message(
            gettext_noop(
                "{application} is {state}, so that nothing can be changed in it. What was there before is unchanged."
            ),
            application=code,
            state=found.state,
        )
        raise Conflict("applications.application.not_open", said)
    return found
