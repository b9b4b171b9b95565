"""Collecting: reading what a cluster accounts for since it was last read, and passing it on to charging."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.db import transaction

from lionrock.allocations.domain.naming import account_of, lent_account_of
from lionrock.awards.models import Award
from lionrock.kernel.errors import Fault, Invalid, LionrockError
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import Interval, local_date, local_midnight, zone
from lionrock.metering.actions.asking import BATCH, Batch, ask, ask_for, check_accounting, running_now
from lionrock.metering.actions.keeping import held_runs, keep
from lionrock.metering.actions.missing import mark_missing
from lionrock.metering.domain.terms import Payer, Sold, Terms
from lionrock.metering.domain.windows import windows
from lionrock.metering.models import Collection, HeldRow, MeteredRun
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require
from lionrock.people.programmes import programme_on_file
from lionrock.rules.items import Mode
from lionrock.sites.models import Pool, Site
from lionrock.sites.queries import site_as_actor, site_by_code
from lionrock.sites.slurm.commands import Slurm, slurm_of

DRIVER: Final = "slurm"
"""The driver whose sites have an accounting that can be read."""


@dataclass
class Collected:
    """What a collection came to: the span that was asked for, and what became of its rows."""

    site: str
    span: Interval
    tally: Counter[str] = field(default_factory=Counter)


def unwatched(_through: datetime, _rows: int) -> None:
    """Nobody watches the progress."""


def collect(
    *,
    actor: Actor,
    site: str,
    now: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
    batch: int = BATCH,
    progress: Callable[[datetime, int], None] = unwatched,
) -> Collected:
    """Read what ran at a site since it was last read, up to `now`; takes the role cluster_admin.

    With `since` (and `until`) that span is read, again where it was before; nothing is counted twice.
    Each batch is a transaction of its own, and how far was read moves in that of a window's last: whoever
    is killed goes on where that stands. `progress` is told up to when was read, and how many rows.
    Raises `Unavailable` when the cluster is away, `Refused` when its accounting lacks what is counted.
    """
    found = site_by_code(actor, site)
    require(actor, Role.CLUSTER_ADMIN, programme=found.programme)
    state = collection_of(found, now, since)
    if until is not None and (since is None or until <= since):
        raise _span(since, until)
    try:
        collected = _collect(found, state, _windows(state, now, since, until), now, batch, progress)
    except LionrockError as error:
        _note_failure(state, error, now)
        raise
    _note_success(state, collected, now)
    return collected


def collect_due(now: datetime) -> int:
    """Read every site that has an accounting; return how many rows were new or changed.

    A site that is away keeps none of the others waiting: why stands on its page, and the next time
    catches up.
    """
    told = 0
    for site in metered_sites():
        try:
            told += collect(actor=site_as_actor(site), site=site.code, now=now).tally["told"]
        except LionrockError:
            continue
    return told


def metered_sites() -> list[Site]:
    """Return the sites whose accounting is read: those with a cluster that somebody has connected."""
    return [site for site in Site.objects.filter(driver=DRIVER).order_by("code") if site.connection.get("cluster")]


def collection_of(site: Site, now: datetime, since: datetime | None = None) -> Collection:
    """Return how far a site was read; one never read begins on the day on which it came on file."""
    day = local_midnight(local_date(min(site.created_at, now), zone(site.time_zone)), zone(site.time_zone))
    first = min(day, since) if since else day
    state, _ = Collection.objects.get_or_create(site=site, defaults={"since": first, "through": first})
    return state


def _windows(state: Collection, now: datetime, since: datetime | None, until: datetime | None) -> list[Interval]:
    if since is None:
        return list(windows(state.through, now))
    return list(windows(since, until or now, overlap=timedelta()))


def _collect(
    site: Site,
    state: Collection,
    spans: list[Interval],
    now: datetime,
    batch: int,
    progress: Callable[[datetime, int], None],
) -> Collected:
    slurm = slurm_of(site)
    terms = terms_of(site, slurm, now)
    check_accounting(slurm, {device for pool in terms.pools.values() for device in pool})
    done = Collected(site.code, Interval(spans[0].start, spans[-1].end))
    _take_all(site, state, ask(slurm, spans, now, batch=batch), terms, done, progress)
    if spans[-1].end >= now:
        _take_all(site, state, ask_for(slurm, _unmet(site, now), now, batch=batch), terms, done, progress)
        _judge_again(site, state, terms, now)
        mark_missing(site, lambda: running_now(slurm), now)
    return done


def _take_all(
    site: Site,
    state: Collection,
    batches: Iterable[Batch],
    terms: Terms,
    done: Collected,
    progress: Callable[[datetime, int], None],
) -> None:
    """Take in batch after batch, each in a transaction of its own."""
    for batch in batches:
        with transaction.atomic(), _no_search_for_cycles():
            locked = Collection.objects.select_for_update().get(pk=state.pk)
            start = batch.window.start if batch.window else None
            done.tally += keep(site, batch.outcomes, terms, asked_at=batch.asked_at, window_start=start)
            if batch.window is not None and batch.last:
                _move(locked, batch.window)
                _forget_lines(site, batch)
        if batch.window is not None:
            progress(batch.window.end, done.tally["rows"])


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Let Python not look for cycles while rows are taken in: they make none, and it would look at all of them often.

    It took a third of the time of a collection.
    """
    searched = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searched:
            gc.enable()


def _move(locked: Collection, window: Interval) -> None:
    """Move how far was read to the window's end, where the window begins before that; never back.

    A span that lies beyond a gap leaves the gap to be read.
    """
    if window.start <= locked.through < window.end:
        locked.through, locked.window_start = window.end, window.start
        locked.save(update_fields=["through", "window_start"])
    elif window.start < locked.since <= window.end:
        locked.since = window.start
        locked.save(update_fields=["since"])


def _forget_lines(site: Site, batch: Batch) -> None:
    """Forget unreadable lines of no known job that a window had and has no more."""
    if batch.window is None:
        return
    held = HeldRow.objects.filter(site=site, key__startswith="line:", seen_at__lt=batch.asked_at)
    held.filter(window_start__gte=batch.window.start, window_start__lte=batch.window.end).delete()


def _unmet(site: Site, asked_at: datetime) -> list[str]:
    """Return the numbers of jobs to ask for by number: those that ran and were not met, and what cannot be read.

    What ended before the window in which it would be met is in no window any more.
    """
    running = MeteredRun.objects.filter(site=site, end__isnull=True, read_at__lt=asked_at).values_list("key", flat=True)
    held = HeldRow.objects.filter(site=site, key__contains="@", seen_at__lt=asked_at).values_list("key", flat=True)
    return [key.split("@")[0] for key in [*running, *held]]


def _judge_again(site: Site, state: Collection, terms: Terms, now: datetime) -> None:
    """Judge what is held again: an award or a pool may have come on file."""
    with transaction.atomic():
        Collection.objects.select_for_update().get(pk=state.pk)
        held = [kept.reading for kept in held_runs(site)]
        for at in range(0, len(held), BATCH):
            keep(site, held[at : at + BATCH], terms, asked_at=now, window_start=None)


def terms_of(site: Site, slurm: Slurm, now: datetime) -> Terms:
    """Return who pays for what at a site, as awards and pools are on file."""
    programme = programme_on_file(site.programme)
    month = local_date(now, programme.zone).replace(day=1)
    awards = _accepted()
    metered = [award for award in awards if award.programme == site.programme and award.mode != Mode.LEASE.value]
    leases = [award for award in awards if award.programme == site.programme and award.mode == Mode.LEASE.value]
    gone = MeteredRun.objects.filter(site=site, end__isnull=True, missing_since__isnull=False)
    return Terms(
        site=site.code,
        source=f"sacct {slurm.cluster}",
        pools=_pools(site),
        payers={name: Payer(award.organisation, award.code) for award in metered for name in award.accounts},
        leases=frozenset(name for award in leases for name in award.accounts),
        elsewhere=frozenset(name for award in awards if award.programme != site.programme for name in award.accounts),
        month_began=local_midnight(month, programme.zone),
        missing=frozenset(gone.values_list("key", flat=True)),
        lent=_lent(site, metered),
    )


class _Accepted(NamedTuple):
    """An accepted award, whosever programme's it is."""

    code: str
    programme: str
    organisation: str
    mode: str
    item: str

    @property
    def accounts(self) -> tuple[str, str]:
        """Its accounts on a cluster: its own, and the one under which it borrows."""
        return account_of(self.code), lent_account_of(self.code)


def _accepted() -> list[_Accepted]:
    accepted = Award.objects.filter(accepted_at__isnull=False)
    return [_Accepted(*row) for row in accepted.values_list("code", "programme", "organisation__code", "mode", "item")]


def _lent(site: Site, metered: Iterable[_Accepted]) -> Mapping[str, Mapping[str, Sold]]:
    """Return as what devices are sold to awards that borrow them: as their own item, not as the lender's."""
    sold: dict[str, dict[str, Sold]] = {}
    for pool in Pool.objects.filter(site=site).exclude(item=""):
        sold.setdefault(pool.item, {})[pool.device] = Sold(pool.item, pool.devices_per_unit)
    return {lent_account_of(award.code): sold[award.item] for award in metered if award.item in sold}


def _pools(site: Site) -> Mapping[str, Mapping[str, Sold]]:
    pools: dict[str, dict[str, Sold]] = {}
    for pool in Pool.objects.filter(site=site):
        pools.setdefault(pool.partition, {})[pool.device] = Sold(pool.item, pool.devices_per_unit)
    return pools


def _note_failure(state: Collection, error: LionrockError, now: datetime) -> None:
    fields = {name: str(value) for name, value in error.message.fields.items()}
    failure = {"code": error.code, "template": error.message.template, "fields": fields}
    Collection.objects.filter(pk=state.pk).update(failure=failure)
    Collection.objects.filter(pk=state.pk, failing_since__isnull=True).update(failing_since=now)


def _note_success(state: Collection, collected: Collected, now: datetime) -> None:
    Collection.objects.filter(pk=state.pk).update(
        asked_at=now, tally=dict(collected.tally), failing_since=None, failure={}
    )


def _span(since: datetime | None, until: datetime) -> Invalid:
    said = message(
        gettext_noop("Nothing lies between {since} and {until}. Say --from before --to."), since=since, until=until
    )
    code = "metering.collect.span"
    return Invalid(code, said, faults=[Fault(code, said, field="to", value=str(until))])
