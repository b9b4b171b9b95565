"""Bringing a cluster to hold what awards give: look, compare, change one thing after the other, look again.

Nothing here runs within a transaction: what was done on a cluster is written down at once, change by
change, whatever fails after it. A push that dies half-way leaves a cluster that the next one finishes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection

from lionrock.allocations.cluster import Programs, make
from lionrock.allocations.comparing import Compared, compare
from lionrock.allocations.domain.changes import Change
from lionrock.allocations.domain.difference import Plan
from lionrock.allocations.models import ClusterChange, Enforcement, Push
from lionrock.allocations.wanted import desired_of, digest_of, sites_that_enforce
from lionrock.audit.actions import record
from lionrock.kernel.errors import Conflict, LionrockError, Refused, Unavailable
from lionrock.kernel.messages import gettext_noop, message
from lionrock.notices.domain.keeping import kept
from lionrock.people.domain import Actor, Grant, Role
from lionrock.people.policies import require
from lionrock.sites.models import Site
from lionrock.sites.queries import site_by_code
from lionrock.sites.slurm.commands import slurm_of

LOOKED_AT_EVERY: Final = timedelta(minutes=5)
"""How often a cluster is compared where nothing of ours has changed: so soon is a change by hand undone."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """What became of a push: what was changed, what was refused, and what is left; `push` None: nothing to do."""

    push: Push | None
    applied: tuple[Change, ...]
    left: Plan

    @property
    def is_done(self) -> bool:
        """Whether the cluster holds all that it should."""
        return not self.left.changes


def push_site(*, actor: Actor, site: str, now: datetime) -> Pushed:
    """Bring a site's cluster to hold what awards give; takes the role cluster_admin or office.

    Raises `NotFound`, `Conflict` while somebody else is at it, `Unavailable` when the cluster is away:
    nothing is lost then, as what it should hold is made anew each time.
    """
    found = site_by_code(actor, site)
    require(actor, Role.CLUSTER_ADMIN, Role.OFFICE, programme=found.programme)
    with _alone(found):
        try:
            return _push(found, actor, now)
        except Unavailable as away:
            _note_away(found, away, now)
            raise


def _push(site: Site, actor: Actor, now: datetime) -> Pushed:
    Push.objects.filter(site=site, outcome=Push.Outcome.RUNNING).update(outcome=Push.Outcome.CUT_OFF, ended_at=now)
    slurm = slurm_of(site)
    compared = compare(site, now, slurm)
    if not compared.plan.changes:
        _note(compared, now)
        return Pushed(None, (), compared.plan)
    push = Push.objects.create(site=site, actor=actor.email, started_at=now)
    try:
        applied = [change for change in compared.plan.changes if _apply(push, change, slurm, compared.drift, now)]
        after = compare(site, now, slurm)
    except LionrockError:
        _end(push, Push.Outcome.CUT_OFF, now)
        raise
    complete = not after.plan.changes and after.look.scheduler_away is None
    _end(push, Push.Outcome.DONE if complete else Push.Outcome.PARTLY, now)
    _note(after, now)
    _audit(push, compared, applied, after, actor, now)
    return Pushed(push, tuple(applied), after.plan)


def _apply(push: Push, change: Change, slurm: Programs, drift: bool, now: datetime) -> bool:
    """Make one change and write it down; tell whether the cluster took it."""
    refused: LionrockError | None = None
    try:
        make(slurm, change)
    except Refused as no:
        refused = no
    ClusterChange.objects.create(
        push=push,
        subject=change.subject[:200],
        said=kept(change.sentence),
        command=[change.program, *change.arguments],
        before=dict(change.before),
        after=dict(change.after),
        by_hand=drift,
        made=change.made,
        refused=kept(refused.message) if refused else None,
        at=now,
    )
    return refused is None


def _end(push: Push, outcome: Push.Outcome, now: datetime) -> None:
    push.outcome, push.ended_at = outcome.value, now
    push.save(update_fields=["outcome", "ended_at"])


def _note(compared: Compared, now: datetime) -> None:
    """Remember how the cluster was found, for the page and for the next look."""
    away = compared.look.scheduler_away
    sound = not compared.plan.changes and away is None
    known = Enforcement.objects.filter(site=compared.site).first()
    values: dict[str, object] = {
        "looked_at": now,
        "tried_at": now,
        "away_since": None if away is None else (known and known.away_since) or now,
        "error": kept(away.message) if away else None,
        "differs": [kept(change.sentence) for change in compared.plan.changes],
        "notes": [kept(note) for note in compared.plan.notes],
    }
    if sound:
        values["digest"] = digest_of(compared.desired)
    if away is None:
        values["use"] = compared.look.use
    Enforcement.objects.update_or_create(site=compared.site, defaults=values)


def _note_away(site: Site, away: LionrockError, now: datetime) -> None:
    state, _ = Enforcement.objects.get_or_create(site=site)
    state.tried_at, state.error = now, kept(away.message)
    state.away_since = state.away_since or now
    state.save(update_fields=["tried_at", "error", "away_since"])


def _audit(
    push: Push, compared: Compared, applied: Sequence[Change], after: Compared, actor: Actor, now: datetime
) -> None:
    details = {
        "push": push.pk,
        "by_hand": compared.drift,
        "changes": [
            {"subject": each.subject, "before": dict(each.before), "after": dict(each.after)} for each in applied
        ],
        "left": [str(each.sentence) for each in after.plan.changes],
    }
    site = compared.site
    record(
        "allocations.push_site",
        site.code,
        actor=actor.email,
        now=now,
        programme=site.programme,
        details=details,
    )


@contextmanager
def _alone(site: Site) -> Iterator[None]:
    """Keep other pushes to the site away; the lock is our database session's, which gives it back when we die."""
    name = f"lionrock push {site.code}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [name])
        [free] = cursor.fetchone() or [False]
    if not free:
        raise Conflict(
            "allocations.push.under_way",
            message(gettext_noop("Somebody else is pushing to {site} now. Look again in a minute."), site=site.code),
        )
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [name])


def push_allocations(now: datetime) -> int:
    """Push to every cluster of which something is due; return how many changes were made.

    Due is what the database says otherwise than when the cluster last held it all (an award begun,
    varied, suspended or over, a member gone), what failed, and every cluster every few minutes. One
    that is away keeps no other waiting; the first error is raised in the end.
    """
    made, errors = 0, []
    for site in sites_that_enforce():
        try:
            if _is_due(site, now):
                made += len(push_site(actor=_on_behalf_of(site), site=site.code, now=now).applied)
        except (Unavailable, Conflict) as error:
            errors.append(error)
    if errors:
        raise errors[0]
    return made


def _is_due(site: Site, now: datetime) -> bool:
    state = Enforcement.objects.filter(site=site).first()
    if state is None or state.looked_at is None or state.error is not None or state.differs:
        return True
    return now - state.looked_at >= LOOKED_AT_EVERY or state.digest != digest_of(desired_of(site, now))


def _on_behalf_of(site: Site) -> Actor:
    """Return the actor for what happens by itself on a site."""
    grant = Grant(Role.CLUSTER_ADMIN, programme=site.programme)
    return Actor(email=f"{site.code}@site", grants=frozenset({grant}))
