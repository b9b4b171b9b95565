"""Screening: everybody when a list or a name has changed, and one party at a step that it takes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from lionrock.kernel.findings import read_as_json
from lionrock.kernel.messages import gettext_noop, message
from lionrock.notices.actions import notify
from lionrock.notices.domain import Subject as About
from lionrock.people.domain import Role
from lionrock.people.models import Person
from lionrock.screening.domain.cases import CaseState
from lionrock.screening.domain.parties import Match
from lionrock.screening.domain.rules import Strength
from lionrock.screening.memory import Against, Held, against_now, held_now
from lionrock.screening.models import Case, CaseStep, Hit, Screened
from lionrock.screening.subjects import Subject, all_subjects

MOST_HITS: Final = 25
"""So many hits are kept of one party, the best ones; how many there were is kept with the screening."""
BY_ITSELF: Final = "screening"
"""Who acts where no person does."""


def screen_due(now: datetime) -> int:
    """Screen everybody who has not been screened as they are now against the lists as they are now.

    Returns how many that were: none while nothing has changed, everybody after a list has. One
    transaction each.
    """
    against = against_now(now)
    if against is None:
        return 0
    done = set(Screened.objects.filter(against=against.digest).values_list("kind", "code", "fingerprint"))
    waiting = [each for each in all_subjects() if (each.kind, each.code, each.party.fingerprint()) not in done]
    for subject in waiting:
        _screen(subject, against, held_now(against), "lists", now)
    return len(waiting)


def screen_party(subject: Subject, *, occasion: str, now: datetime) -> Case | None:
    """Screen one party at a step that it takes, unless it has been screened just so; return its case, if it has one.

    Nothing happens while no list is on file.
    """
    against = against_now(now)
    if against is None:
        return None
    just_so = Screened.objects.filter(
        against=against.digest, kind=subject.kind, code=subject.code, fingerprint=subject.party.fingerprint()
    )
    if not just_so.exists():
        _screen(subject, against, held_now(against), occasion, now)
    return Case.objects.filter(kind=subject.kind, code=subject.code).first()


@transaction.atomic
def _screen(subject: Subject, against: Against, held: Held, occasion: str, now: datetime) -> None:
    limits = against.thresholds
    found = held.index.matches(subject.party, least=limits.review) if subject.party.names else []
    Screened.objects.create(
        kind=subject.kind,
        code=subject.code,
        fingerprint=subject.party.fingerprint(),
        against=against.digest,
        names=list(subject.party.names),
        versions=dict(against.versions),
        found=len(found),
        best=found[0].score if found else 0,
        occasion=occasion,
        at=now,
    )
    if found:
        _note(subject, found[:MOST_HITS], against, held, now)


def _note(subject: Subject, found: Sequence[Match], against: Against, held: Held, now: datetime) -> None:
    """Put what was found into the party's case, and open that (again) where something is new."""
    case, made = Case.objects.select_for_update().get_or_create(
        kind=subject.kind,
        code=subject.code,
        defaults={
            "name": subject.name[:400], "state": CaseState.OPEN.value, "strength": Strength.REVIEW.value, "score": 0,
            "opened_at": now, "state_since": now,
        },
    )  # fmt: skip
    known = {hit.identity: hit for hit in case.hits.all()}
    numbers = {id(entry): number for entry, number in zip(held.index.entries, held.numbers, strict=True)}
    new = sum(_put(case, match, known, numbers[id(match.entry)], against, now) for match in found)
    if new:
        _open_again(case, new, made, now)


def _put(case: Case, match: Match, known: dict[str, Hit], entry: int, against: Against, now: datetime) -> bool:
    """Keep one hit; tell whether it is one that nobody has looked at."""
    identity = hashlib.sha256(f"{match.entry.identity()}".encode()).hexdigest()
    limits = against.thresholds
    facts = {"score": match.score, "strength": limits.strength(match.score).value, "match": match.as_json()}
    before = known.get(identity)
    if before is None:
        reads = [read_as_json(read) for read in limits.reads()]
        known[identity] = Hit.objects.create(
            case=case, entry_id=entry, identity=identity, reads=reads, found_at=now, **facts
        )
        return True
    if match.score <= before.score:
        return False
    cleared = before.cleared_at is not None
    Hit.objects.filter(pk=before.pk).update(**facts, cleared_at=None, found_at=now)
    return cleared


def _open_again(case: Case, new: int, made: bool, now: datetime) -> None:
    """Take the strength of what is not cleared, and open the case where it was settled or about to be."""
    best = case.hits.filter(cleared_at__isnull=True).order_by("-score").first()
    if best is not None:
        case.score, case.strength = best.score, best.strength
    verb = "open" if made else "find"
    if case.state in (CaseState.CLEARED.value, CaseState.CLEARING.value):
        verb, case.state, case.asked_by, case.state_since = "reopen", CaseState.OPEN.value, "", now
    case.save(update_fields=["score", "strength", "state", "asked_by", "state_since"])
    CaseStep.objects.create(case=case, verb=verb, state=case.state, actor=BY_ITSELF, reason="", at=now)
    _tell(case, new, now)


def _tell(case: Case, new: int, now: datetime) -> None:
    to = Person.objects.filter(is_active=True, role_grants__role=Role.COMPLIANCE.value).distinct()
    said = message(
        gettext_noop("{name} may be on a list: {count} to look at, the best of {score} of 100."),
        name=case.name,
        count=new,
        score=case.score,
    )
    notify(to=to.values_list("email", flat=True), said=said, about=About("case", str(case.pk)), now=now, urgent=True)
