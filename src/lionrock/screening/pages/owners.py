"""Who owns whom: the chain above each organisation as a picture and a table, and what it makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from lionrock.kernel.errors import Invalid
from lionrock.kernel.messages import gettext_noop
from lionrock.people.models import Organisation
from lionrock.people.viewer import viewer_of
from lionrock.screening.actions.owners import REPLACED
from lionrock.screening.domain.ownership import Standing
from lionrock.screening.drawing import BOX_HEIGHT, BOX_WIDTH, Line, Node, Picture, draw
from lionrock.screening.memory import today
from lionrock.screening.models import Stake
from lionrock.screening.policies import answers_for_it
from lionrock.screening.queries.owners import Chain, Ownership, ownership
from lionrock.web.asking import read_day
from lionrock.web.listing import in_language

_NAME_SHOWN: Final = 24
_STANDINGS: Final[Mapping[Standing, str]] = {
    Standing.OWNED: gettext_noop("counts as listed"),
    Standing.UNKNOWN: gettext_noop("may count as listed"),
    Standing.FREE: gettext_noop("does not count"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A stake as the table shows it."""

    stake: Stake
    owner: str
    owned: str
    share: str
    counts: str
    because: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A chain as the page shows it."""

    chain: Chain
    name: str
    said: str
    together: str
    picture: Picture
    nodes: list[tuple[Node, str, str]]
    lines: list[tuple[Line, str]]
    rows: list[Row]


@require_safe
def owners(request: HttpRequest) -> HttpResponse:
    """Show who owns whom on a day: a picture and a table for each organisation, and what has ended."""
    viewer, now = viewer_of(request), timezone.now()
    day, wrong = _day(request.GET.get("on", "").strip(), now)
    found = ownership(viewer, day)
    context = {
        "found": found,
        "day": day,
        "reads": [found.rule.read()] if found.rule else [],
        "shown": [_shown(chain, found) for chain in found.chains],
        "ended": [_row(stake, found) for stake in found.ended],
        "box": (BOX_WIDTH, BOX_HEIGHT),
        "may": answers_for_it(viewer),
        "wrong": wrong,
    }
    return render(request, "screening/owners.html", context, status=422 if wrong else 200)


def _day(text: str, now: datetime) -> tuple[date, Invalid | None]:
    if not text:
        return today(now), None
    try:
        return read_day(text, field="on"), None
    except Invalid as wrong:
        return today(now), wrong


def _shown(chain: Chain, found: Ownership) -> Shown:
    names = _names(chain)
    party = f"organisation:{chain.organisation.code}"
    picture = draw(party, [share for share, _ in chain.stakes], found.standings, found.listed)
    return Shown(
        chain=chain,
        name=names[party],
        said=chain.answer.standing.value if chain.answer else "",
        together=as_per_cent(chain.answer.together) if chain.answer else "",
        picture=picture,
        nodes=[(node, _short(names[node.party]), _stands(node.party, found)) for node in picture.nodes],
        lines=[(line, as_per_cent(line.stake.share)) for line in picture.lines],
        rows=[_row(stake, found) for _, stake in chain.stakes],
    )


def _names(chain: Chain) -> dict[str, str]:
    names = {f"organisation:{chain.organisation.code}": in_language(chain.organisation, "name")}
    for share, stake in chain.stakes:
        names[share.owner] = stake.owner.name
        if stake.of_owner:
            names[share.owned] = stake.of_owner.name
    return names


def _short(name: str) -> str:
    """Return a name that fits into its box; the table has it whole. A Chinese character is as wide as two letters."""
    room, kept = _NAME_SHOWN, ""
    for letter in name:
        room -= 2 if ord(letter) > 0x2E80 else 1
        if room < 0:
            return kept.rstrip() + "…"
        kept += letter
    return kept


def _stands(party: str, found: Ownership) -> str:
    if party in found.listed:
        return gettext("may be on a list")
    return gettext(_STANDINGS[found.standings[party]]) if party in found.standings else ""


def _row(stake: Stake, found: Ownership) -> Row:
    whole = stake.organisation or stake.of_owner
    owned = in_language(whole, "name") if isinstance(whole, Organisation) else whole.name if whole else ""
    because = gettext(stake.ended_because) if stake.ended_because == REPLACED else stake.ended_because
    share = None if stake.share is None else Fraction(stake.share) / 100
    return Row(stake, stake.owner.name, owned, as_per_cent(share), _stands(f"owner:{stake.owner.code}", found), because)


def as_per_cent(share: Fraction | None) -> str:
    """Return a share as people write it: 33.333 %, or that it is not known."""
    if share is None:
        return gettext("not known")
    return f"{(Decimal(share.numerator) * 100 / Decimal(share.denominator)).quantize(Decimal('0.001')).normalize():f} %"
