"""The office's desk for one application: all that is known of it, and the form in which the office decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from lionrock.applications.domain.eligibility import key_of
from lionrock.applications.domain.requests import TRANSITIONS, ApplicationState
from lionrock.applications.domain.rounds import changes_between
from lionrock.applications.models import Application, Submission
from lionrock.applications.parties import is_party, may_check
from lionrock.applications.progress import findings_of_round
from lionrock.applications.queries import application_by_code, asked_of, completeness_of, entries_of
from lionrock.intake.actions import (
    accept_application,
    judge_findings,
    reject_application,
    return_application,
    take_application,
)
from lionrock.intake.board import Card, Desk
from lionrock.intake.domain.judging import Judgement, is_open, judged, not_met
from lionrock.intake.models import Check
from lionrock.intake.queries import checks_of, deadline_to_answer, handlers_of, judgements_of
from lionrock.kernel.errors import Conflict, Fault, Invalid, LionrockError, NotFound, Refused
from lionrock.kernel.findings import Finding, Outcome
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.people.domain import Actor, Role
from lionrock.people.models import Person
from lionrock.people.programmes import programme_on_file
from lionrock.people.viewer import viewer_of
from lionrock.web.panels import Panel
from lionrock.web.sentences import translate

CHOICES: Final[Mapping[str, tuple[str, str]]] = {
    "judge": ("accept", gettext_noop("Only keep what I judged above, and decide later")),
    "return": ("return", gettext_noop("Ask the applicant")),
    "accept": ("accept", gettext_noop("Accept: it is complete and eligible, and goes on to the assessors")),
    "reject": ("reject", gettext_noop("Reject: it is ineligible, for the rules that are not met")),
}
"""What the office can choose, by the verb of the state table that must be open for it."""
DONE: Final[Mapping[str, str]] = {
    "judge": gettext_noop("What you judged is kept. {application} still waits for the office's decision."),
    "return": gettext_noop("The applicant has your question. {application} comes back when it is answered."),
    "accept": gettext_noop("{application} is accepted, and goes on to the assessors."),
    "reject": gettext_noop(
        "{application} is rejected. The applicant reads which rules are not met, with their sources."
    ),
}


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """A finding that the rules leave open, with what is typed or held of it."""

    number: int
    key: str
    finding: Finding
    outcome: str
    reason: str
    faults: tuple[Fault, ...]

    @property
    def field(self) -> str:
        """The id of the box for the reason."""
        return f"reason-{self.number}"


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form: outcomes and reasons by key of the finding, the choice and its texts."""

    outcomes: Mapping[str, str]
    reasons: Mapping[str, str]
    choice: str = ""
    question: str = ""
    note: str = ""

    def judgements(self) -> tuple[Judgement, ...]:
        """Return what was judged: every finding with an outcome or a reason."""
        keys = [key for key in self.reasons if self.outcomes.get(key) or self.reasons[key].strip()]
        return tuple(Judgement(key, _outcome(self.outcomes.get(key, "")), self.reasons[key].strip()) for key in keys)


def _outcome(text: str) -> Outcome:
    return Outcome(text) if text in list(Outcome) else Outcome.UNKNOWN


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, code: str) -> HttpResponse:
    """Show one application to the office, and take what the office decides."""
    viewer, now = viewer_of(request), timezone.now()
    found = _to_staff(viewer, code)
    if request.method == "POST":
        return _decide(request, viewer, found, now)
    held = judgements_of(found)
    typed = Typed({each.key: each.outcome.value for each in held}, {each.key: each.reason for each in held})
    return render(request, "intake/check.html", _context(viewer, found, now, typed))


@require_POST
def take(request: HttpRequest, code: str) -> HttpResponse:
    """Take an application in hand."""
    viewer, now = viewer_of(request), timezone.now()
    found = _to_staff(viewer, code)
    take_application(actor=viewer, application=found.code, now=now)
    messages.success(request, gettext("{application} is in your hands now.").format(application=found.code))
    return redirect("intake:check", found.code)


def _to_staff(viewer: Actor, code: str) -> Application:
    """Return an application to who works for its programme; for all others it is not there."""
    found = application_by_code(viewer, code)
    if viewer.sees_programme(found.call.programme) and found.submitted_at is not None:
        return found
    template = gettext_noop("There is nothing for the office to check in {application}.")
    raise NotFound("intake.check.unknown", message(template, application=code))


def _decide(request: HttpRequest, viewer: Actor, found: Application, now: datetime) -> HttpResponse:
    """Do what was chosen; what cannot be done is said in the same form, with all that was typed."""
    typed = _typed(request, found, now)
    round_seen = request.POST.get("round", "")
    try:
        _act(typed, viewer, found, now, int(round_seen) if round_seen.isdecimal() else None)
    except (Invalid, Refused) as wrong:
        return render(request, "intake/check.html", _context(viewer, found, now, typed, wrong), status=wrong.status)
    except Conflict as late:
        messages.warning(request, translate(_what_happened(found, late)))
        return redirect("intake:check", found.code)
    messages.success(request, translate(message(DONE[typed.choice], application=found.code)))
    return redirect("intake:check", found.code)


def _act(typed: Typed, viewer: Actor, found: Application, now: datetime, round_seen: int | None) -> None:
    code, held = found.code, typed.judgements()
    acts: dict[str, Callable[[], object]] = {
        "judge": lambda: judge_findings(
            actor=viewer, application=code, judgements=held, now=now, round_seen=round_seen
        ),
        "return": lambda: return_application(
            actor=viewer, application=code, question=typed.question, judgements=held, now=now, round_seen=round_seen
        ),
        "accept": lambda: accept_application(
            actor=viewer, application=code, reason=typed.note, judgements=held, now=now, round_seen=round_seen
        ),
        "reject": lambda: reject_application(
            actor=viewer, application=code, reason=typed.note, judgements=held, now=now, round_seen=round_seen
        ),
    }
    if typed.choice not in acts:
        said = message(gettext_noop("Nothing is chosen yet. Choose what happens with this application."))
        fault = Fault("intake.check.choice", said, field="choice", value=typed.choice)
        raise Invalid("intake.check.choice", said, faults=[fault])
    acts[typed.choice]()


def _what_happened(found: Application, late: Conflict) -> Message:
    """Say who was quicker, so that a form that comes twice, or too late, is understood."""
    last = checks_of(found).exclude(kind__in=[Check.Kind.TAKEN, Check.Kind.JUDGED]).last()
    if last is None or late.code == "intake.check.newer_round":
        return late.message
    template = gettext_noop("{email} decided about {application} already, at {at}. Nothing was done a second time.")
    return message(template, email=last.by, application=found.code, at=last.at)


def _typed(request: HttpRequest, found: Application, now: datetime) -> Typed:
    posted = {name: _text(request, name) for name in request.POST}
    keys = [key_of(finding) for finding in is_open(findings_of_round(found, now))]
    keys += [name.removeprefix("reason:") for name in posted if name.startswith("reason:")]
    return Typed(
        outcomes={key: posted.get(f"outcome:{key}", "") for key in keys},
        reasons={key: posted.get(f"reason:{key}", "") for key in keys},
        choice=posted.get("choice", ""),
        question=posted.get("question", ""),
        note=posted.get("note", ""),
    )


def _text(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\0", "").replace("\r\n", "\n")


def _context(
    viewer: Actor, found: Application, now: datetime, typed: Typed, wrong: LionrockError | None = None
) -> dict[str, object]:
    rules = programme_on_file(found.call.programme)
    desk = Desk(viewer, rules, now)
    findings = findings_of_round(found, now)
    checks = list(checks_of(found).order_by("-id"))
    names = _names(found, checks)
    held = judged(findings, judgements_of(found))
    choices = _choices(viewer, found)
    return {
        "application": found,
        "programme": rules,
        "zone": rules.zone,
        "card": _card(desk, found, names),
        "choices": choices,
        "asks": "return" in dict(choices),
        "days_to_answer": deadline_to_answer(found, now),
        "party": is_party(viewer, found),
        "office": viewer.holds(Role.OFFICE, programme=rules.id),
        "failed": not_met(findings),
        "opened": _opened(findings, typed, wrong),
        "met": [finding for finding in findings if finding.outcome is Outcome.MET],
        "standing": {"not_met": len(not_met(held)), "unknown": len(is_open(held))},
        "typed": typed,
        "wrong": _with_ids(wrong, findings),
        "done": [(each, names.get(each.by, each.by)) for each in checks],
        "completeness": _completeness(found, now),
        "submissions": _submissions(found, now),
        "in_own_hands": handlers_of([found]).get(found.pk) == viewer.email,
        "may_take": found.state == ApplicationState.SUBMITTED and may_check(viewer, found),
    }


def _card(desk: Desk, found: Application, names: Mapping[str, str]) -> Card:
    handler = handlers_of([found]).get(found.pk, "") if found.state == ApplicationState.SUBMITTED else ""
    return desk.card(found, names.get(handler, handler))


def _names(found: Application, checks: Sequence[Check]) -> dict[str, str]:
    addresses = {each.by for each in checks} | {found.applicant}
    return dict(Person.objects.filter(email__in=addresses).values_list("email", "name"))


def _choices(viewer: Actor, found: Application) -> list[tuple[str, str]]:
    """Return what the viewer can choose now: nothing, for who may not decide or when nothing can be."""
    if not may_check(viewer, found):
        return []
    state = ApplicationState(found.state)
    return [(name, gettext(label)) for name, (verb, label) in CHOICES.items() if (state, verb) in TRANSITIONS]


def _opened(findings: Sequence[Finding], typed: Typed, wrong: LionrockError | None) -> list[OpenFinding]:
    faults = wrong.faults if wrong else ()
    opened = []
    for number, finding in enumerate(is_open(findings), start=1):
        key = key_of(finding)
        own = tuple(fault for fault in faults if fault.field == f"reason:{key}")
        opened.append(OpenFinding(number, key, finding, typed.outcomes.get(key, ""), typed.reasons.get(key, ""), own))
    return opened


@dataclass(frozen=True, slots=True)
class Wrong:
    """What stands in the way, each fault with the id of its box, and the findings of a refusal."""

    said: Message
    faults: tuple[tuple[str, Fault], ...]
    findings: tuple[Finding, ...]

    def of(self, field: str) -> list[Fault]:
        """Return the faults of one box."""
        return [fault for box, fault in self.faults if box == field]

    @property
    def choice(self) -> list[Fault]:
        """The faults of the choice."""
        return self.of("choice")

    @property
    def question(self) -> list[Fault]:
        """The faults of the question."""
        return self.of("question")

    @property
    def note(self) -> list[Fault]:
        """The faults of the note."""
        return self.of("note")


_BOXES: Final = {"reason": "note", "question": "question", "choice": "choice"}


def _with_ids(wrong: LionrockError | None, findings: Sequence[Finding]) -> Wrong | None:
    if wrong is None:
        return None
    boxes = {f"reason:{key_of(each)}": f"reason-{number}" for number, each in enumerate(is_open(findings), start=1)}
    known = boxes | _BOXES
    return Wrong(
        wrong.message, tuple((known.get(fault.field or "", ""), fault) for fault in wrong.faults), wrong.findings
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that differs between two rounds, with its name for people."""

    label: object
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Rounds:
    """What was handed in: the latest round, and what it changed against the one before."""

    latest: Submission
    before: Submission | None
    changed: tuple[Row, ...]


def _submissions(found: Application, now: datetime) -> Rounds | None:
    """Return the last two rounds compared; None for an application that was never handed in word for word."""
    rounds = list(found.submissions.order_by("-round")[:2])
    if not rounds:
        return None
    if len(rounds) == 1:
        return Rounds(rounds[0], None, ())
    labels = _labels(found, now)
    changes = changes_between(rounds[1].content, rounds[0].content)
    rows = tuple(Row(labels.get(each.key, each.key), _shown(each.before), _shown(each.after)) for each in changes)
    return Rounds(rounds[0], rounds[1], rows)


def _labels(found: Application, now: datetime) -> dict[str, object]:
    """Return the names of what can be changed: the fields of the form, and the documents."""
    asked = asked_of(found, now)
    named: dict[str, object] = {key: slot.field.names for key, slot in asked.boxes(entries_of(found)).items()}
    return named | {f"document:{each.id}": each.label for each in asked.terms.documents()}


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "–")


def _completeness(found: Application, now: datetime) -> object:
    """Return what is missing; None where the programme's form of that day is not known."""
    try:
        return completeness_of(found, now)
    except Refused:
        return None


def panel(viewer: Actor, application: Application) -> Panel:
    """Return the way from the application's own page to the desk, for who works for the programme."""
    staff = viewer.sees_programme(application.call.programme) and application.submitted_at is not None
    address = reverse("intake:check", args=[application.code]) if staff else ""
    handler = handlers_of([application]).get(application.pk, "") if staff else ""
    names = dict(Person.objects.filter(email=handler).values_list("email", "name")) if handler else {}
    return Panel("intake/panel.html", {"check": address, "handler": names.get(handler, handler)})
