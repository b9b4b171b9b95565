"""Saving what is typed, handing the scores in, and giving them back to be changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from lionrock.applications.actions.admissions import check_reason
from lionrock.applications.domain import ApplicationState
from lionrock.applications.models import Application
from lionrock.kernel.errors import Conflict
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.states import advance
from lionrock.notices.actions import notify
from lionrock.notices.domain import Subject
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require
from lionrock.people.queries import holders_of
from lionrock.review.actions.assigning import require_assessing
from lionrock.review.actions.recording import move, record_of
from lionrock.review.domain import OPEN, TRANSITIONS, AssignmentState, Sheet, Typed, check_typed, read_sheet
from lionrock.review.models import Assignment, Comment, Entry, Score
from lionrock.review.queries import assessment_by_id, assignment_by_id, scheme_for, typed_in


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a sheet: the boxes that were written, and those that another window had changed.

    `stale` holds what is on file now, by the key of the box; there nothing was overwritten.
    """

    written: tuple[str, ...]
    stale: Mapping[str, str]


@transaction.atomic
def save_scores(*, actor: Actor, assignment: int, typed: Mapping[str, Typed], now: datetime) -> Saved:
    """Keep what an assessor has typed, right or wrong, by the key of the box.

    Only who is assigned and has declared may do it. A box that was changed since it was read is left
    as it is and reported; all others are written. Raises `Invalid` for a box that the sheet does not
    have, `Conflict` once the scores are in or while the application is not with the assessors.
    """
    found = assessment_by_id(actor, assignment, lock=True)
    _require_open(found)
    check_typed(scheme_for(found.application), {key: each.text for key, each in typed.items()})
    held = typed_in(found)
    changed = {key: each for key, each in typed.items() if each.text != _value(held, key)}
    stale = {
        key: _value(held, key) for key, each in changed.items() if each.is_stale(_value(held, key), _version(held, key))
    }
    written = [_entry(found, key, each.text, held, now) for key, each in changed.items() if key not in stale]
    _write(written)
    if written:
        keys = sorted(entry.key for entry in written)
        details: dict[str, object] = {"assessor": found.assessor.email, "boxes": keys}
        record_of("review.save_scores", found.application, actor, now, details)
    return Saved(tuple(entry.key for entry in written), stale)


def _write(written: Sequence[Entry]) -> None:
    Entry.objects.bulk_create(
        written,
        update_conflicts=True,
        unique_fields=["assignment", "key"],
        update_fields=["value", "version", "changed_at"],
    )


def _require_open(found: Assignment) -> None:
    """Raise `Conflict` unless the assessor can write in the sheet now."""
    require_assessing(found.application)
    advance(TRANSITIONS, AssignmentState(found.state), "score", thing=f"{found.application.code}: the sheet")


def _value(held: Mapping[str, Entry], key: str) -> str:
    return held[key].value if key in held else ""


def _version(held: Mapping[str, Entry], key: str) -> int:
    return held[key].version if key in held else 0


def _entry(found: Assignment, key: str, text: str, held: Mapping[str, Entry], now: datetime) -> Entry:
    return Entry(assignment=found, key=key, value=text, version=_version(held, key) + 1, changed_at=now)


@transaction.atomic
def submit_scores(*, actor: Actor, assignment: int, now: datetime) -> Assignment:
    """Hand in the sheet as it was last saved; from then on only the office can open it again.

    Only who is assigned and has declared may do it. The office is told when the last sheet is in.
    Raises `Invalid` with a fault for every box that is missing or wrong, `Conflict` as `save_scores` does.
    """
    found = assessment_by_id(actor, assignment, lock=True)
    _require_open(found)
    scheme = scheme_for(found.application)
    sheet = read_sheet(scheme, {key: entry.value for key, entry in typed_in(found).items()})
    _keep(found, sheet, scheme.scale_max)
    move(found, AssignmentState.SCORED.value, now, round=found.round + 1)
    details: dict[str, object] = {"assessor": found.assessor.email, "round": found.round}
    record_of("review.submit_scores", found.application, actor, now, details)
    _tell_when_all_are_in(found.application, now)
    return found


def _keep(found: Assignment, sheet: Sheet, scale_max: int) -> None:
    number = found.round + 1
    Score.objects.bulk_create(
        Score(assignment=found, round=number, point=key, mark=mark, scale_max=scale_max)
        for key, mark in sheet.marks.items()
    )
    Comment.objects.bulk_create(
        Comment(
            assignment=found,
            round=number,
            criterion=each.criterion,
            for_applicant=each.for_applicant,
            for_committee=each.for_committee,
        )
        for each in sheet.remarks
    )


def _tell_when_all_are_in(application: Application, now: datetime) -> None:
    still_open = [state.value for state in OPEN]
    if Assignment.objects.filter(application=application, state__in=still_open).exists():
        return
    said = message(
        gettext_noop("All scores of {application} are in. Look through them and pass it on."),
        application=application.code,
    )
    office = holders_of(Role.OFFICE, programme=application.call.programme)
    notify(to=office, said=said, about=Subject("application", application.code), now=now)


@transaction.atomic
def reopen_scores(*, actor: Actor, assignment: int, reason: str, now: datetime) -> Assignment:
    """Give a sheet back to its assessor, with the reason; what was handed in stays on file beside the next.

    Takes the role office. Raises `Conflict` when the scores are not in, or the application has gone
    to the committee, `Invalid` without a reason.
    """
    found = assignment_by_id(actor, assignment, lock=True)
    require(actor, Role.OFFICE, programme=found.application.call.programme)
    check_reason(reason)
    _require_here(found.application)
    thing = f"{found.application.code} / {found.assessor.email}"
    state = advance(TRANSITIONS, AssignmentState(found.state), "reopen", thing=thing)
    move(found, state.value, now, reopened_because=reason)
    details: dict[str, object] = {"assessor": found.assessor.email, "reason": reason}
    record_of("review.reopen_scores", found.application, actor, now, details)
    said = message(
        gettext_noop("Your scores of {application} are open again: {reason}"),
        application=found.application.code,
        reason=reason,
    )
    notify(to=[found.assessor.email], said=said, about=Subject("assessment", str(found.pk)), now=now)
    return found


def _require_here(application: Application) -> None:
    if application.state != ApplicationState.ASSESSED:
        require_assessing(application)
        return
    said = message(
        gettext_noop("{application} is with the committee. Take it back from there first."),
        application=application.code,
    )
    raise Conflict("review.application.with_the_committee", said)
