"""Who is held, and why: asked at the steps of an award, without loading a list."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from lionrock.kernel.findings import ParameterRead
from lionrock.screening.domain.cases import HOLDING, CaseState
from lionrock.screening.domain.ownership import Answer, Standing, owned_by_listed
from lionrock.screening.domain.ownership import Stake as Share
from lionrock.screening.domain.rules import OwnershipRule, Strength
from lionrock.screening.memory import rules_now
from lionrock.screening.models import Case, Hit, Stake, SubjectKind

_HOLDING = [state.value for state in HOLDING]


@dataclass(frozen=True, slots=True)
class Hold:
    """Why somebody is held: a case of theirs, or what listed owners make of them.

    For those who see no cases there is nothing in it but that it is being checked.
    """

    strength: Strength
    kind: str
    code: str
    case: int | None = None
    ownership: Answer | None = None
    read: ParameterRead | None = None


@dataclass(frozen=True, slots=True)
class Who:
    """One party to be asked about."""

    kind: SubjectKind
    code: str


def holds_on(parties: Iterable[Who], on: date) -> list[Hold]:
    """Return what holds any of these parties on a day, the strongest first; two queries where nobody is owned."""
    asked = [(who.kind.value, who.code) for who in parties]
    rows = Case.objects.filter(state__in=_HOLDING, code__in=[code for _, code in asked])
    found = [
        Hold(strength_of(case), case.kind, case.code, case=case.pk) for case in rows if (case.kind, case.code) in asked
    ]
    organisations = [code for kind, code in asked if kind == SubjectKind.ORGANISATION]
    for code in _with_owners(organisations):
        owned = ownership_of(code, on)
        if owned is not None and owned[0].standing is not Standing.FREE:
            strength = Strength.BLOCK if owned[0].standing is Standing.OWNED else Strength.REVIEW
            found.append(Hold(strength, SubjectKind.ORGANISATION.value, code, ownership=owned[0], read=owned[1].read()))
    return sorted(found, key=lambda hold: hold.strength is not Strength.BLOCK)


def blocked_organisations(codes: Iterable[str], on: date) -> frozenset[str]:
    """Return those of these organisations whose work is held back on a day.

    A hit that is only to be looked at holds back no work of an award in force.
    """
    holds = holds_on([Who(SubjectKind.ORGANISATION, code) for code in sorted(codes)], on)
    return frozenset(hold.code for hold in holds if hold.strength is Strength.BLOCK)


def _with_owners(organisations: Collection[str]) -> list[str]:
    """Return those of whom an owner is on file."""
    if not organisations:
        return []
    rows = Stake.objects.filter(organisation__code__in=organisations)
    return sorted(set(rows.values_list("organisation__code", flat=True)))


def strength_of(case: Case) -> Strength:
    """Return how strongly a case holds: one that is confirmed blocks, whatever its score."""
    return Strength.BLOCK if case.state == CaseState.CONFIRMED.value else Strength(case.strength)


def ownership_of(organisation: str, on: date) -> tuple[Answer, OwnershipRule] | None:
    """Return what its owners make of an organisation on a day, and by which rule; None where none is on file.

    An owner counts as listed while its own case is open or confirmed on one of the lists that the rule names.
    """
    if not Stake.objects.filter(organisation__code=organisation).exists():
        return None
    rule = rules_now().ownership_on(on)
    if rule is None or not rule.in_force:
        return None
    shares = [share_of(stake) for stake in Stake.objects.select_related("owner", "organisation", "of_owner")]
    answer = owned_by_listed(f"organisation:{organisation}", shares, listed_owners(rule), share=rule.share, on=on)
    return answer, rule


def share_of(stake: Stake) -> Share:
    """Return a stake on file (with owner, organisation and owned owner) as the rule of ownership takes it."""
    owned = f"organisation:{stake.organisation.code}" if stake.organisation else f"owner:{_code(stake)}"
    share = None if stake.share is None else Fraction(stake.share) / 100
    return Share(f"owner:{stake.owner.code}", owned, share, stake.since, stake.until)


def _code(stake: Stake) -> str:
    return stake.of_owner.code if stake.of_owner else ""


def listed_owners(rule: OwnershipRule) -> set[str]:
    """Return the owners whose own case is open or confirmed on one of the lists that a rule names."""
    hits = Hit.objects.filter(case__kind=SubjectKind.OWNER, case__state__in=_HOLDING, cleared_at__isnull=True)
    rows = hits.values_list("case__code", "entry__content__source")
    return {f"owner:{code}" for code, source in rows if short_name(source) in rule.lists}


def short_name(source: str) -> str:
    """Return the short name of a list within a list: what stands in its last brackets, or all of it."""
    inside = source.rpartition("(")[2].partition(")")[0] if "(" in source else source
    return inside.strip()
