"""What charging rests on: prices from the rulebook and the terms of the awards, for one programme."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from lionrock.awards.domain import AwardState
from lionrock.awards.models import Award
from lionrock.awards.queries import end_in_force, versions_of
from lionrock.charging.domain.awards import AwardBook, AwardTerms, ShareSteps
from lionrock.charging.domain.prices import PriceBook, PriceVersion
from lionrock.kernel.periods import Interval, Month, local_midnight
from lionrock.people.programmes import programme_on_file
from lionrock.rules.items import PriceVersion as ListVersion
from lionrock.rules.programme import Programme


@dataclass(frozen=True)
class Basis:
    """Zone, currency, prices and awards of a programme, as they stand now."""

    programme: Programme
    prices: PriceBook
    awards: AwardBook

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the programme's months."""
        return self.programme.zone

    def fingerprint(self, month: Month) -> str:
        """Return a digest of every price and award term that bears on a month of use.

        When it differs from the one kept at a close, something was changed backwards.
        """
        span = month.interval(self.zone)
        facts = [*self._prices_in(span), *self._awards_in(span), [self.programme.at(month.first_day).proration().value]]
        return hashlib.sha256(json.dumps(sorted(facts)).encode()).hexdigest()

    def _prices_in(self, span: Interval) -> list[list[str]]:
        return [
            [_listed(item, site), version.label, str(version.price), version.unit.value, str(version.ends)]
            for (site, item), versions in self.prices.lists().items()
            for version in versions
            if version.starts < span.end
        ]

    def _awards_in(self, span: Interval) -> list[list[str]]:
        return [
            [award.code, award.account, str(award.share), *_bearing_on(award, span)]
            for award in self.awards.by_code.values()
            if award.starts < span.end and award.ends > span.start
        ]


def _bearing_on(award: AwardTerms, span: Interval) -> list[str]:
    """Return what of an award's time bears on a month: a change of the time after it does not."""
    changes = {since for since, _ in award.planned if span.holds(since)}
    ends = [award.planned_end(instant) for instant in sorted({span.start, *changes})]
    return [instant.isoformat() for instant in (max(award.starts, span.start), min(award.ends, span.end), *ends)]


def load_basis(programme_id: str, account: str | None = None) -> Basis:
    """Return what a programme's charges rest on, or those to one account; raises `NotFound` for an unknown one."""
    programme = programme_on_file(programme_id)
    return Basis(programme, _price_book(programme), _award_book(programme, account))


def _listed(item: str, site: str | None) -> str:
    return item if site is None else f"{item} at {site}"


def _price_book(programme: Programme) -> PriceBook:
    """Return the dated prices; a site with a list of its own has no others, even where that has none yet."""
    book = PriceBook()
    for listed in (one for item in programme.items.values() for one in item.lists):
        book.replace(listed.site, listed.id, map(_priced, listed.versions()))
    return book


def _priced(version: ListVersion) -> PriceVersion:
    return PriceVersion(
        version.item, version.site, version.starts, version.label, version.price, version.unit, version.ends
    )


_UNASKED = ("findings", "reads", "conditions", "reason", "end_reason")
"""What of an award no charge rests on, and takes long to read."""


def _award_book(programme: Programme, account: str | None) -> AwardBook:
    """Return all awards that were accepted; what is left of each stands in the ledger, not here."""
    rows = Award.objects.filter(programme=programme.id, accepted_at__isnull=False)
    rows = rows if account is None else rows.filter(organisation__code=account)
    terms = [
        AwardTerms(
            code=award.code,
            account=award.organisation.code,
            starts=starts_at(award, programme.zone),
            ends=ends_at(award, programme.zone),
            share=Fraction(award.share),
            items=frozenset({award.item}),
            planned=_planned(award, programme.zone),
        )
        for award in rows.select_related("organisation").defer(*_UNASKED).prefetch_related("versions")
    ]
    return AwardBook(terms, ShareSteps(()))


def _planned(award: Award, zone: ZoneInfo) -> tuple[tuple[datetime, datetime], ...]:
    versions = versions_of(award)
    return tuple((local_midnight(one.since, zone), local_midnight(one.valid_to, zone)) for one in versions)


def starts_at(award: Award, zone: ZoneInfo) -> datetime:
    """Return the instant from which an accepted award pays: its first day, or a later day of acceptance."""
    return local_midnight(award.in_force_from or award.valid_from, zone)


def ends_at(award: Award, zone: ZoneInfo) -> datetime:
    """Return the instant from which an award pays no more: its end day as varied, or its withdrawal before that."""
    regular = local_midnight(end_in_force(award), zone)
    if award.state != AwardState.WITHDRAWN.value or award.ended_at is None:
        return regular
    withdrawn = award.ended_at.replace(microsecond=0)
    return max(starts_at(award, zone), min(regular, withdrawn))
