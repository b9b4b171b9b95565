"""Beginning a dossier, and saving what is typed in it: as it was typed, each version kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from lionrock.applications.actions import Change, Fate, Saved, SavedAnswer
from lionrock.applications.queries import application_by_code, may_write
from lionrock.assurance.actions.recording import follow, keep_step, record_of, reread
from lionrock.assurance.domain.checking import faults_of
from lionrock.assurance.domain.rules import CORE, Edition
from lionrock.assurance.domain.states import OPEN_TO_APPLICANTS, DossierState
from lionrock.assurance.models import Dossier, Written
from lionrock.assurance.queries.dossiers import dossier_by_code, require_writing
from lionrock.assurance.queries.holding import choice_for
from lionrock.assurance.queries.standing import (
    ITEM,
    NONE,
    QUESTION,
    answers_of,
    book_now,
    edition_of,
    standing_ruling,
    written_of,
)
from lionrock.kernel.errors import Conflict, Fault, Invalid, NotAllowed
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import local_date
from lionrock.kernel.texts import check_paragraph
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file

TEXT_LENGTH = 8_000
"""Characters of what is written on an item, at most."""
Value = str | list[str]


@transaction.atomic
def begin_dossier(*, actor: Actor, application: str, now: datetime) -> Dossier:
    """Begin the self-assessment of an application; twice begins one. Its authors may.

    It is asked by the editions of today for as long as it lives: those of the profiles that the programme
    chose, or of the core alone where it chose none, and then nothing is held by it.
    """
    found = application_by_code(actor, application, lock=True)
    if not may_write(actor, found):
        said = message(
            gettext_noop("{email} does not write in {application}. Ask one of its authors for an invitation."),
            email=actor.email,
            application=application,
        )
        raise NotAllowed("assurance.dossier.not_an_author", said)
    if Dossier.objects.filter(application=found).exists():
        return dossier_by_code(actor, application)
    choice = choice_for(found)
    on = local_date(now, programme_on_file(found.call.programme).zone)
    profiles = [CORE, *(choice.profiles if choice else ())]
    tiers = book_now().at(on, profiles).tiers
    dossier = Dossier.objects.create(
        application=found, programme=found.call.programme, profiles=profiles, asked_on=on, state_since=now,
        tier=tiers[0].id if tiers else "", at_most=tiers[-1].id if tiers else "", begun_at=now, begun_by=actor.email,
    )  # fmt: skip
    dossier = dossier_by_code(actor, application, lock=True)
    follow(dossier)
    keep_step(dossier, "begin", actor, now)
    record_of("begin_dossier", dossier, actor, now, {"profiles": profiles, "asked_on": on.isoformat()})
    return dossier


@transaction.atomic
def save_written(*, actor: Actor, application: str, changes: Sequence[Change], now: datetime) -> Saved:
    """Keep what an author chose or typed, right or wrong; the same again changes nothing.

    What somebody else changed since it was read is not overwritten: the result holds both. Contradictions
    are kept and told. Answers to questions change only while the dossier is with the applicants; what is
    written on items also later, for items that bind later, and counts when a reviewer finds it enough.
    Raises `Conflict` when the dossier is not open for it, `NotAllowed` for who is no author.
    """
    dossier = dossier_by_code(actor, application, lock=True)
    require_writing(actor, dossier)
    require_open(dossier, questions=any(each.key.startswith(QUESTION) for each in changes))
    edition = edition_of(dossier)
    taken = [_take(dossier, edition, change, actor, now) for change in changes]
    kept = {each.key: each.version for each in taken if each.fate is Fate.KEPT}
    if kept:
        reread(dossier)
        if any(key.startswith(QUESTION) for key in kept):
            _end_lowering(dossier, now)
        follow(dossier)
        record_of("save_written", dossier, actor, now, {"written": kept})
    wrong = {f"{QUESTION}{fault.field}": fault for fault in faults_in(dossier)}
    return Saved(tuple(_with_fault(each, wrong.get(each.key)) for each in taken))


def require_open(dossier: Dossier, *, questions: bool) -> None:
    """Raise `Conflict` unless the applicants may write: answers while it is with them, items unless it is refused."""
    state = DossierState(dossier.state)
    if state in OPEN_TO_APPLICANTS or not (questions or state is DossierState.REFUSED):
        return
    said = message(
        gettext_noop("The responsible-AI dossier of {application} is {state}, so that this cannot be changed in it."),
        application=dossier.application.code,
        state=state.value,
    )
    raise Conflict("assurance.dossier.not_open", said)


def faults_in(dossier: Dossier) -> list[Fault]:
    """Return what is wrong with the answers as they stand: contradictions, and "none" beside others."""
    edition, answers = edition_of(dossier), answers_of(dossier)
    mixed = [_mixed(name) for name, chosen in answers.items() if NONE in chosen]
    known = {question.id for question in edition.questions}
    found = faults_of(edition, {name: chosen for name, chosen in answers.items() if name in known})
    return mixed or [_here(fault) for fault in found]


def _here(fault: Fault) -> Fault:
    """Return a contradiction as it is said beside its question, which need not be named."""
    if fault.code != "assurance.answers.contradiction":
        return fault
    said = message(gettext_noop("This contradicts another answer: {says}"), says=fault.message.fields["says"])
    return replace(fault, message=said)


def _mixed(name: str) -> Fault:
    said = message(gettext_noop("“None of these” is chosen beside others. Take it out, or the others."))
    return Fault("assurance.answers.none", said, field=name, value=NONE)


def _with_fault(saved: SavedAnswer, fault: Fault | None) -> SavedAnswer:
    if saved.fault is not None or fault is None:
        return saved
    return SavedAnswer(saved.key, saved.typed, saved.fate, saved.value, saved.version, saved.by, saved.at, fault)


def _take(dossier: Dossier, edition: Edition, change: Change, actor: Actor, now: datetime) -> SavedAnswer:
    fault = _cannot_keep(edition, change)
    if fault is not None:
        return SavedAnswer(change.key, change.value, Fate.NOT_KEPT, "", 0, fault=fault)
    held = written_of(dossier).get(change.key)
    version, value = (held.version, held.value) if held else (0, [] if isinstance(change.value, list) else "")
    if change.value == value:
        return _told(change, held, Fate.UNCHANGED)
    if change.version != version:
        return _told(change, held, Fate.STALE)
    row = Written.objects.create(
        dossier=dossier, key=change.key, value=change.value, version=version + 1, by=actor.email, at=now
    )
    return _told(change, row, Fate.KEPT)


def _told(change: Change, held: Written | None, fate: Fate) -> SavedAnswer:
    if held is None:
        return SavedAnswer(change.key, change.value, fate, change.value, 0)
    return SavedAnswer(change.key, change.value, fate, held.value, held.version, held.by, held.at)


def _cannot_keep(edition: Edition, change: Change) -> Fault | None:
    """Return why something cannot be kept at all: no such question, option or item, or no text."""
    if change.key.startswith(ITEM):
        return next(_wrong_text(edition, change), None)
    name = change.key.removeprefix(QUESTION)
    chosen = change.value if isinstance(change.value, list) else [change.value] if change.value else []
    options = tuple(each for each in chosen if each != NONE)
    question = next((each for each in edition.questions if each.id == name), None)
    faults = faults_of(edition, {name: options}) if question is None or options else []
    return next((fault for fault in faults if fault.code != "assurance.answers.contradiction"), None)


def _wrong_text(edition: Edition, change: Change) -> Iterator[Fault]:
    item = change.key.removeprefix(ITEM)
    if item not in {each.id for each in edition.items}:
        said = message(gettext_noop("“{value}” is no item of review of this dossier."), value=item)
        yield Fault("assurance.item.unknown", said, field=change.key, value=item)
    try:
        check_paragraph(change.value if isinstance(change.value, str) else "", field=item, longest=TEXT_LENGTH)
    except Invalid as wrong:
        yield from wrong.faults


def _end_lowering(dossier: Dossier, now: datetime) -> None:
    """End a lowered tier: it was agreed upon for the answers that stood then."""
    ruling = standing_ruling(dossier)
    if ruling is not None and ruling.lowers:
        ruling.ended_at, ruling.ended_because = now, "answers"
        ruling.save(update_fields=["ended_at", "ended_because"])
        reread(dossier)
