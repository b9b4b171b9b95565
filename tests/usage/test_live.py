"""A cluster as it is now: read, kept, noted as capacity; away, and asked no more often than needed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.calls.world import holder, member
from tests.charging.books import PROGRAMME, Books
from tests.metering.world import SITE
from tests.usage.cluster import Cluster, node, queued
from tests.usage.world import GPU, NOW

from lionrock.kernel.errors import NotAllowed, NotFound
from lionrock.people.domain import Role
from lionrock.sites.domain.inventory import nodes
from lionrock.sites.models import Site
from lionrock.usage.actions import FRESH, look_at, look_due
from lionrock.usage.domain.live import Live, Place, Queue, Reason, State, kept, live_of, read_back
from lionrock.usage.models import CapacityReading
from lionrock.usage.queries.live import cluster_now

OFFICE = holder(Role.OFFICE, PROGRAMME)
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def cluster(books: Books, monkeypatch: pytest.MonkeyPatch) -> Cluster:
    made = Cluster()
    monkeypatch.setattr("lionrock.usage.actions.slurm_of", lambda _site: made)
    return made


def noted(pool: str = "h800") -> list[tuple[datetime, int, int]]:
    rows = CapacityReading.objects.filter(pool=pool, device=GPU).order_by("since")
    return list(rows.values_list("since", "devices", "down"))


def test_nodes_and_queue_become_what_people_ask_for() -> None:
    made = Cluster()
    live = live_of(nodes(made.nodes), made.queue, "24.11.5")
    assert live.states == (State("IDLE", 1, False), State("IDLE+DRAIN", 1, True), State("MIXED", 1, False))
    assert live.places == (Place("h800", GPU, 3, 1, 24, 3, 8),)
    assert live.places[0].free == 13
    assert live.queues == (Queue("h800", 1, 1, datetime.fromtimestamp(1795399200, UTC)),)
    assert live.reasons == (Reason("Resources", 1),)
    assert [(each.name, each.why) for each in live.out] == [("n3", "fan broken")]


def test_a_node_that_is_in_two_partitions_counts_once_in_the_whole() -> None:
    live = live_of(nodes(node("n1", partitions="h800,all")), "", "")
    assert [(place.partition, place.devices) for place in live.places] == [("all", 8), ("h800", 8)]
    assert [place.devices for place in live.whole] == [8]


def test_what_a_node_still_holds_while_it_is_taken_out_is_in_use() -> None:
    [place] = live_of(nodes(node("n1", "MIXED+DRAIN", used=5)), "", "").places
    assert (place.used, place.down, place.free) == (5, 3, 0)


def test_states_that_are_neither_are_counted_and_nothing_is_guessed() -> None:
    live = live_of((), queued("a", "REVOKED") + queued("a", "NEW_STATE") + queued("a", "COMPLETING"), "")
    assert (live.running, live.waiting, live.other) == (1, 0, 2)


@given(st.text(max_size=300), st.text(max_size=300))
@settings(max_examples=60)
def test_whatever_a_cluster_prints_can_be_kept_and_read_back(listed: str, queue: str) -> None:
    live = live_of(nodes(listed), queue, "1")
    assert read_back(json.loads(json.dumps(kept(live)))) == live


def test_what_is_kept_comes_back_as_it_was() -> None:
    made = Cluster()
    live = live_of(nodes(made.nodes), made.queue, "24.11.5")
    assert read_back(json.loads(json.dumps(kept(live)))) == live


@pytest.mark.django_db
def test_capacity_is_noted_when_it_changes_and_only_then(cluster: Cluster) -> None:
    assert look_due(NOW) == 1
    assert noted() == noted("") == [(NOW, 24, 8)]
    look_due(NOW + timedelta(minutes=1))
    assert len(noted()) == 1
    cluster.nodes = node("n1") + node("n2")
    look_due(LATER)
    assert noted() == [(NOW, 24, 8), (LATER, 16, 0)]
    cluster.nodes = ""
    look_due(LATER + timedelta(hours=1))
    assert noted()[-1] == (LATER + timedelta(hours=1), 0, 0)


@pytest.mark.django_db
def test_a_cluster_is_asked_no_more_often_than_needed(cluster: Cluster) -> None:
    site = Site.objects.get()
    for seconds in (0, 1, 19):
        look_at(site, NOW + timedelta(seconds=seconds))
    assert cluster.asked == 2
    look_at(site, NOW + FRESH)
    assert cluster.asked == 4


@pytest.mark.django_db
def test_a_cluster_that_is_away_is_shown_as_it_was_last_seen(cluster: Cluster) -> None:
    before = cluster_now(OFFICE, SITE, NOW)
    cluster.away = True
    found = cluster_now(OFFICE, SITE, LATER)
    assert isinstance(found.live, Live)
    assert (found.live, found.seen_at, found.away_since) == (before.live, NOW, LATER)
    assert str(found.away) == "The cluster t does not answer now."
    assert cluster_now(OFFICE, SITE, LATER + timedelta(hours=1)).away_since == LATER
    assert look_due(LATER + timedelta(hours=2)) == 0
    cluster.away = False
    back = cluster_now(OFFICE, SITE, LATER + timedelta(hours=3))
    assert (back.away, back.away_since, back.seen_at) == (None, None, LATER + timedelta(hours=3))
    assert len(noted()) == 1


@pytest.mark.django_db
def test_a_cluster_that_never_answered_says_so(cluster: Cluster) -> None:
    cluster.away = True
    found = cluster_now(OFFICE, SITE, NOW)
    assert (found.live, found.seen_at, found.away_since) == (None, None, NOW)


@pytest.mark.django_db
def test_what_a_cluster_is_at_is_for_who_works_for_its_programme(cluster: Cluster) -> None:
    with pytest.raises(NotAllowed):
        cluster_now(member("u1"), SITE, NOW)
    with pytest.raises(NotFound):
        cluster_now(holder(Role.OFFICE, "another"), SITE, NOW)
    assert cluster.asked == 0
