"""Saving what is typed: as it was typed, by version, so that no author overwrites another unseen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from lionrock.applications.actions.recording import record_of
from lionrock.applications.domain.answers import Value, cannot_keep
from lionrock.applications.domain.asked import Asked
from lionrock.applications.domain.core import read_core
from lionrock.applications.models import Answer, Application
from lionrock.applications.queries import answers_of, application_to_write, asked_of, entries_of
from lionrock.kernel.errors import Fault
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor
from lionrock.rules.forms import Slot


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody typed into one box, and the version that they had read there; 0: nothing stood there."""

    key: str
    value: Value
    version: int


class Fate(StrEnum):
    """What became of a change."""

    KEPT = "kept"
    UNCHANGED = "unchanged"
    """The same stood there already, whoever wrote it."""
    STALE = "stale"
    """Somebody else has written something else there meanwhile, which was not overwritten."""
    NOT_KEPT = "not_kept"
    """It has no place any more, or cannot be kept; `fault` says why."""


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """What became of one change: what was typed, what stands there now, in which version, by whom and since when.

    `fault` is what is wrong with what stands there, which keeps it from being handed in but not from being kept.
    """

    key: str
    typed: Value
    fate: Fate
    value: Value
    version: int
    by: str = ""
    at: datetime | None = None
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of each change, in the order in which they were given."""

    answers: tuple[SavedAnswer, ...]

    def of(self, fate: Fate) -> tuple[SavedAnswer, ...]:
        """Return those with one fate."""
        return tuple(each for each in self.answers if each.fate is fate)

    @property
    def whole(self) -> bool:
        """Whether all that was typed stands there now."""
        return all(each.fate in (Fate.KEPT, Fate.UNCHANGED) for each in self.answers)


@transaction.atomic
def save_answers(*, actor: Actor, application: str, changes: Sequence[Change], now: datetime) -> Saved:
    """Keep what an author typed, right or wrong; the same again changes nothing.

    What somebody else changed since it was read is not overwritten: the result holds both texts. The
    columns of what is asked for follow the answers. Raises `Conflict` when the application is not with
    its authors, `NotAllowed` for who is none of them.
    """
    found = application_to_write(actor, application)
    return keep_answers(found, asked_of(found, now), changes, actor, now)


def keep_answers(
    application: Application, asked: Asked, changes: Sequence[Change], actor: Actor, now: datetime
) -> Saved:
    """Do what `save_answers` promises with an application that is locked already."""
    desk = _Desk(application, asked, actor, now)
    saved = Saved(tuple(desk.take(change) for change in changes))
    desk.write()
    return saved


class _Desk:
    """The answers of one application while changes are taken in."""

    def __init__(self, application: Application, asked: Asked, actor: Actor, now: datetime) -> None:
        self.application, self.asked, self.actor, self.now = application, asked, actor, now
        self.answers = answers_of(application)
        self.slots = asked.boxes(entries_of(application))
        self.touched: dict[str, Answer] = {}

    def take(self, change: Change) -> SavedAnswer:
        slot = self.slots.get(change.key)
        fault = _no_place(change) if slot is None else cannot_keep(slot, change.value)
        if slot is None or fault is not None:
            return SavedAnswer(change.key, change.value, Fate.NOT_KEPT, "", 0, fault=fault)
        held = self.answers.get(change.key)
        version, value = (held.version, held.value) if held else (0, [] if isinstance(change.value, list) else "")
        if change.value == value:
            return self._told(slot, change, Fate.UNCHANGED)
        if change.version != version:
            return self._told(slot, change, Fate.STALE)
        self.touched[change.key] = self.answers[change.key] = self._changed(held, change)
        return self._told(slot, change, Fate.KEPT)

    def _changed(self, held: Answer | None, change: Change) -> Answer:
        answer = held or Answer(application=self.application, key=change.key, version=0)
        answer.value, answer.version = change.value, answer.version + 1
        answer.changed_by, answer.changed_at = self.actor.email, self.now
        return answer

    def _told(self, slot: Slot, change: Change, fate: Fate) -> SavedAnswer:
        held = self.answers.get(change.key)
        if held is None:
            return SavedAnswer(change.key, change.value, fate, change.value, 0)
        fault = self.asked.fault(slot, held.value)
        return SavedAnswer(
            change.key, change.value, fate, held.value, held.version, held.changed_by, held.changed_at, fault
        )

    def write(self) -> None:
        """Write what was changed, let the columns follow, and record which answers they were."""
        if not self.touched:
            return
        Answer.objects.bulk_create([each for each in self.touched.values() if each.pk is None])
        Answer.objects.bulk_update(
            [each for each in self.touched.values() if each.version > 1],
            ["value", "version", "changed_by", "changed_at"],
        )
        follow_answers(self.application, self.asked, self.answers)
        details: dict[str, object] = {"answers": {key: each.version for key, each in self.touched.items()}}
        record_of("applications.save_answers", self.application, self.actor, self.now, details)


def follow_answers(application: Application, asked: Asked, answers: dict[str, Answer]) -> None:
    """Let the columns of an application say what its answers say."""
    columns = read_core(asked, {key: answer.value for key, answer in answers.items()})
    changed = [name for name, value in columns.items() if getattr(application, name) != value]
    for name in changed:
        setattr(application, name, columns[name])
    if changed:
        application.save(update_fields=changed)


def _no_place(change: Change) -> Fault:
    said = message(
        gettext_noop(
            "“{field}” has no place in this application any more, perhaps because its entry was removed. "
            "What you typed was not kept: copy it to where it belongs."
        ),
        field=change.key,
    )
    return Fault("applications.answer.no_place", said, field=change.key)
