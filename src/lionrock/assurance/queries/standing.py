"""What stands in a dossier: its answers, what was put on file, what reviewers found, and the assessment of it all.

Everything is read from the rows that `dossiers.loaded` brings, so that many dossiers take no more queries than one.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings

from lionrock.assurance.domain.answering import Ruled, Sheet
from lionrock.assurance.domain.assessing import Assessment, assess
from lionrock.assurance.domain.conditions import Condition as LaidDown
from lionrock.assurance.domain.rules import Binding, Book, Edition
from lionrock.assurance.domain.states import Judgement
from lionrock.assurance.models import Dossier, Opinion, TierRuling, Written
from lionrock.assurance.reading.book import load_book

QUESTION: Final = "q."
ITEM: Final = "item."
NONE: Final = "none"
"""What stands in a box for the answer "none of these"."""


def book_now() -> Book:
    """Return the rules of the gate of this installation."""
    return load_book(Path(settings.LIONROCK_RULEBOOK))


def edition_of(dossier: Dossier) -> Edition:
    """Return what a dossier is asked by: the profiles and the day that it was begun with."""
    return book_now().at(dossier.asked_on, dossier.profiles)


def written_of(dossier: Dossier) -> dict[str, Written]:
    """Return what stands in each box that was written in, by its key."""
    return {row.key: row for row in dossier.written.all()}  # in the order of versions: the last one stays


def answers_of(dossier: Dossier) -> dict[str, tuple[str, ...]]:
    """Return the answers to questions; a box without a choice is not answered, one with "none" is: by nothing."""
    found: dict[str, tuple[str, ...]] = {}
    for key, row in written_of(dossier).items():
        chosen = chosen_in(row.value)
        if key.startswith(QUESTION) and chosen is not None:
            found[key.removeprefix(QUESTION)] = chosen
    return found


def chosen_in(value: object) -> tuple[str, ...] | None:
    """Return the options in a box: None where nothing is chosen; "none" beside others stays, and contradicts them."""
    chosen = tuple(str(each) for each in value) if isinstance(value, list) else (str(value),) if value else ()
    if not chosen:
        return None
    return () if chosen == (NONE,) else chosen


def written_on(dossier: Dossier) -> dict[str, str]:
    """Return what was put on file on each item: its text, or the names of its files."""
    texts = {key.removeprefix(ITEM): row.value for key, row in written_of(dossier).items() if key.startswith(ITEM)}
    files: dict[str, list[str]] = {}
    for file in dossier.evidence.all():
        if file.removed_at is None:
            files.setdefault(file.item, []).append(file.name)
    return {
        item: texts.get(item) or ", ".join(files[item]) for item in {*texts, *files} if texts.get(item) or item in files
    }


def opinions_on(dossier: Dossier) -> dict[str, Opinion]:
    """Return the last opinion on each item."""
    return {row.item: row for row in dossier.opinions.all()}


def accepted_on(dossier: Dossier) -> dict[str, str]:
    """Return what is on file on each item and was found to be enough, as it stands now.

    What was changed after the opinion, or lost a file, waits for another one.
    """
    changed, opinions = changed_on(dossier), opinions_on(dossier)
    return {
        item: text
        for item, text in written_on(dossier).items()
        for opinion in [opinions.get(item)]
        if opinion and opinion.judgement == Judgement.ENOUGH.value and changed.get(item, opinion.at) <= opinion.at
    }


def changed_on(dossier: Dossier) -> dict[str, datetime]:
    """Return when the text of each item was last changed, or one of its files taken out."""
    found = {key.removeprefix(ITEM): row.at for key, row in written_of(dossier).items() if key.startswith(ITEM)}
    for file in dossier.evidence.all():
        if file.removed_at is not None:
            found[file.item] = max(file.removed_at, found.get(file.item, file.removed_at))
    return found


def standing_ruling(dossier: Dossier) -> TierRuling | None:
    """Return the ruling on the tier that is asked for or stands; None without one."""
    return next((row for row in dossier.rulings.all() if row.ended_at is None), None)


def sheet_of(dossier: Dossier) -> Sheet:
    """Return the answers of a dossier with what the review ruled on its tier, agreed by a second person where due."""
    ruling = standing_ruling(dossier)
    ruled = Ruled(ruling.to, ruling.lowers) if ruling and ruling.agreed_at else None
    return Sheet(edition_of(dossier), answers_of(dossier), ruled)


def assessed(dossier: Dossier, *, accepted: bool = False) -> Assessment:
    """Return the assessment of a dossier by all that is on file, or only by what reviewers found to be enough."""
    return assess(sheet_of(dossier), accepted_on(dossier) if accepted else written_on(dossier))


def laid_down(dossier: Dossier) -> tuple[LaidDown, ...]:
    """Return the conditions of a dossier as values; each is named by its number."""
    return tuple(
        LaidDown(
            id=str(row.number),
            item=row.item,
            owner=row.owner,
            due=row.due,
            proof=row.proof,
            binds=Binding(row.binds),
            milestone=row.milestone or None,
            met_on=row.met_on,
        )
        for row in dossier.conditions.all()
    )
