"""Who owns whom, for those who may see it: the chain above each organisation, and what it makes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lionrock.people.domain import Actor
from lionrock.people.models import Organisation
from lionrock.screening.domain.ownership import Answer, Standing, chain_of, owned_by_listed, standings
from lionrock.screening.domain.ownership import Stake as Share
from lionrock.screening.domain.rules import OwnershipRule
from lionrock.screening.memory import rules_now
from lionrock.screening.models import Owner, Stake
from lionrock.screening.policies import require_sight
from lionrock.screening.queries.holding import listed_owners, share_of


@dataclass(frozen=True, slots=True)
class Chain:
    """An organisation, the stakes above it on the day, and what they make of it (None: no rule is in force)."""

    organisation: Organisation
    stakes: tuple[tuple[Share, Stake], ...]
    answer: Answer | None


@dataclass(frozen=True, slots=True)
class Ownership:
    """All that is on file of owners on a day: chains, what counts as listed, owners of nothing, ended stakes."""

    on: date
    rule: OwnershipRule | None
    chains: tuple[Chain, ...]
    standings: Mapping[str, Standing]
    listed: frozenset[str]
    others: tuple[Owner, ...]
    ended: tuple[Stake, ...]


def ownership(viewer: Actor, on: date) -> Ownership:
    """Return who owns whom on a day (three queries); raises `NotAllowed` for who may not see it."""
    require_sight(viewer)
    rows = [(share_of(stake), stake) for stake in Stake.objects.select_related("owner", "organisation", "of_owner")]
    held = [(share, stake) for share, stake in rows if share.holds_on(on)]
    rule = rules_now().ownership_on(on)
    listed = frozenset(listed_owners(rule)) if rule else frozenset()
    in_force = rule if rule and rule.in_force else None
    shares = [share for share, _ in held]
    owned = {stake.organisation.code: stake.organisation for _, stake in held if stake.organisation}
    chains = [_chain(owned[code], held, shares, listed, in_force, on) for code in sorted(owned)]
    drawn = {share for chain in chains for share, _ in chain.stakes}
    known = standings(shares, listed, share=in_force.share, on=on) if in_force else {}
    in_a_chain = {stake.owner_id for share, stake in held if share in drawn}
    return Ownership(
        on=on,
        rule=rule,
        chains=tuple(chains),
        standings=known,
        listed=listed,
        others=tuple(Owner.objects.exclude(pk__in=in_a_chain)),
        ended=tuple(stake for share, stake in rows if not share.holds_on(on)),
    )


def _chain(
    organisation: Organisation,
    held: Sequence[tuple[Share, Stake]],
    shares: Sequence[Share],
    listed: frozenset[str],
    rule: OwnershipRule | None,
    on: date,
) -> Chain:
    party = f"organisation:{organisation.code}"
    by_share = dict(held)
    stakes = tuple((share, by_share[share]) for share in dict.fromkeys(chain_of(party, shares)))
    answer = owned_by_listed(party, shares, listed, share=rule.share, on=on) if rule else None
    return Chain(organisation, stakes, answer)
