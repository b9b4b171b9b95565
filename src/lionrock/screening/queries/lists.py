"""Lists and their versions, and what is different between two of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor
from lionrock.screening.models import ListedEntry, ListVersion, ScreeningList
from lionrock.screening.policies import require_sight


@dataclass(frozen=True, slots=True)
class Difference:
    """What a later version of a list has, or has no more, beside an earlier one; entries by name."""

    earlier: ListVersion
    later: ListVersion
    added: Sequence[ListedEntry]
    removed: Sequence[ListedEntry]
    changed: Sequence[tuple[ListedEntry, ListedEntry]]


def versions(viewer: Actor) -> QuerySet[ListVersion]:
    """Return the versions of all lists, the latest first; raises `NotAllowed` for who may see none."""
    require_sight(viewer)
    return ListVersion.objects.select_related("list").order_by("list__code", "-number")


def list_by_code(viewer: Actor, code: str) -> ScreeningList:
    """Return a list; raises `NotFound`."""
    require_sight(viewer)
    found = ScreeningList.objects.filter(code=code).first()
    if found is None:
        raise NotFound(
            "screening.list.unknown",
            message(gettext_noop("There is no list {code}. See `lionrock screening lists`."), code=code),
        )
    return found


def version_of(viewer: Actor, code: str, number: int | None = None) -> ListVersion:
    """Return a version of a list, or its latest; raises `NotFound`."""
    of = list_by_code(viewer, code).versions.select_related("list")
    found = of.filter(number=number).first() if number is not None else of.order_by("-number").first()
    if found is None:
        raise NotFound(
            "screening.version.unknown",
            message(
                gettext_noop("The list {code} has no version {number}. See `lionrock screening lists`."),
                code=code,
                number=number,
            ),
        )
    return found


def difference(earlier: ListVersion, later: ListVersion) -> Difference:
    """Return what is different between two versions of one list, by name."""
    before, after = _standing(earlier), _standing(later)
    added = [after[key] for key in after.keys() - before.keys()]
    removed = [before[key] for key in before.keys() - after.keys()]
    both = before.keys() & after.keys()
    changed = [(before[key], after[key]) for key in both if before[key].digest != after[key].digest]
    return Difference(
        earlier,
        later,
        sorted(added, key=_name),
        sorted(removed, key=_name),
        sorted(changed, key=lambda pair: _name(pair[1])),
    )


def _standing(version: ListVersion) -> dict[str, ListedEntry]:
    """Return the entries of a version that stand in it, by key."""
    rows = ListedEntry.objects.filter(list=version.list, since__number__lte=version.number)
    rows = rows.filter(Q(until__isnull=True) | Q(until__number__gt=version.number))
    return {row.key: row for row in rows}


def _name(entry: ListedEntry) -> tuple[str, str]:
    return str(entry.content["name"]).casefold(), entry.key
