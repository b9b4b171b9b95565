"""The projects of a programme as the public sees them: the same number of queries for any number of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from django.db.models import Prefetch, QuerySet

from lionrock.assurance.domain.answering import Sheet
from lionrock.assurance.domain.states import LET_THROUGH, DossierState
from lionrock.assurance.models import Dossier
from lionrock.assurance.queries import answers_of, edition_of
from lionrock.awards.domain import AwardState
from lionrock.awards.models import Award
from lionrock.awards.queries import KEPT_LONG, end_in_force
from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.public.domain.register import Ground, Project, PublicCondition, kept_out
from lionrock.public.models import Withholding
from lionrock.public.rulebook import grounds_now
from lionrock.rules.shape import Names

LISTED: Final = (AwardState.ACTIVE.value, AwardState.SUSPENDED.value, AwardState.ENDED.value)
USE: Final = "use"
"""The question of the self-assessment whose answers say in fixed words what a project is for."""
_LET: Final = tuple(state.value for state in LET_THROUGH)


def listed(programme: str) -> QuerySet[Award]:
    """Return the awards that the register shows, the latest first: those that were accepted and not withdrawn."""
    dossiers = Dossier.objects.prefetch_related("written", "conditions")
    return (
        Award.objects.filter(programme=programme, state__in=LISTED)
        .select_related("organisation", "application")
        .defer(*KEPT_LONG)
        .prefetch_related(
            "versions",
            Prefetch("application__dossier", queryset=dossiers),
        )
        .order_by("-in_force_from", "-code")
    )


def projects(awards: Iterable[Award]) -> Iterator[Project]:
    """Return awards (of `listed`) as the public sees them."""
    shown, grounds = list(awards), grounds_now()
    rows = Withholding.objects.filter(award__in=shown, ended_at__isnull=True)
    withheld = {row.award_id: grounds.get(row.ground) or _unknown(row) for row in rows}
    for award in shown:
        yield _project(award, getattr(award.application, "dossier", None), withheld.get(award.pk))


def withholding_of(award: Award) -> Withholding | None:
    """Return what keeps a project's title and organisation out of the register; None where they are shown."""
    return Withholding.objects.filter(award=award, ended_at__isnull=True).first()


def project_by_id(programme: str, code: str) -> Project:
    """Return one project of a programme; raises `NotFound`."""
    found = listed(programme).filter(code=code).first()
    if found is None:
        said = message(gettext_noop("There is no project {code} in this register."), code=code)
        raise NotFound("public.register.unknown", said)
    return next(projects([found]))


def _unknown(row: Withholding) -> Ground:
    """Return a ground that the rulebook has no more, by its id: it still keeps out what it kept out."""
    first = next(iter(grounds_now().values()))
    return Ground(row.ground, Names(row.ground), first.citation)


def _names(thing: object, field: str) -> Names:
    given = [getattr(thing, field), getattr(thing, f"{field}_zh_hant"), getattr(thing, f"{field}_zh_hans")]
    return Names(given[0] or "–", given[1] or None, given[2] or None)


def _project(award: Award, dossier: Dossier | None, withheld: Ground | None) -> Project:
    title, organisation = kept_out(_names(award.application, "title"), _names(award.organisation, "name"), withheld)
    edition = edition_of(dossier) if dossier else None
    tier = next((each for each in edition.tiers if each.id == dossier.tier), None) if edition and dossier else None
    level = (
        next((each for each in edition.oversight if each.id == dossier.oversight), None)
        if edition and dossier
        else None
    )
    return Project(
        id=award.code,
        programme=award.programme,
        title=title,
        organisation=organisation,
        category=award.application.category,
        since=award.in_force_from or award.valid_from,
        until=end_in_force(award),
        state=award.state,
        tier=tier.id if tier else None,
        tier_names=tier.names if tier else None,
        oversight=level.id if level else None,
        oversight_names=level.names if level else None,
        review=_review(dossier),
        uses=tuple(_uses(dossier)) if dossier else (),
        conditions=tuple(_conditions(dossier)) if dossier else (),
        withheld=withheld,
    )


def _review(dossier: Dossier | None) -> str:
    if dossier is None:
        return ""
    if dossier.state in _LET:
        return dossier.state
    return "refused" if dossier.state == DossierState.REFUSED.value else "under_review"


def _uses(dossier: Dossier) -> Iterator[tuple[str, Names]]:
    """Yield what a project is for: the answers to one question, in the words of the rulebook."""
    edition, answers = edition_of(dossier), answers_of(dossier)
    for question, chosen in Sheet(edition, answers).counted():
        if question.id == USE:
            yield from ((option.id, option.names) for option in question.options if option.id in chosen)


def _conditions(dossier: Dossier) -> Iterator[PublicCondition]:
    items = {item.id: item.names for item in edition_of(dossier).items}
    for row in sorted(dossier.conditions.all(), key=lambda each: each.number):
        names = items.get(row.item) or Names(row.item)
        yield PublicCondition(row.item, names, row.binds, row.due, row.met_on is not None)
