"""Reading what Slurm prints of accounts, QOS, reservations and use, of both versions."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lionrock.allocations.domain.changes import shown
from lionrock.allocations.domain.reading import (
    parse_associations,
    parse_qos,
    parse_reservations,
    parse_tres,
    parse_use,
)
from lionrock.kernel.errors import Unavailable

# Account|ParentName|User|Partition|QOS|DefaultQOS|GrpJobs|GrpSubmit|MaxJobs|MaxSubmit|GrpTRESMins
ASSOCIATIONS = """\
root||||normal||||||
root||root||normal||||||
aiss|root|||normal||||||
aw-2026-0001|aiss|||aw-2026-0001|aw-2026-0001|0|0|||gres/gpu:h800=600
aw-2026-0001||ada|h800|aw-2026-0001,normal|aw-2026-0001|||0|0|
aw-2026-0001||ben|h800|aw-2026-0001|aw-2026-0001|||5||
aw-2026-0001||eve||aw-2026-0001|aw-2026-0001||||0|
"""
# Name|Flags|UsageFactor|GrpTRES|GrpTRESMins|GrpJobs|GrpSubmit|Preempt|PreemptMode
QOS = """\
normal||1.000000||||||cluster
aw-2026-0001|OverPartQOS,NoDecay|0.500000|gres/gpu:h800=8,gres/gpu=8|gres/gpu:h800=600|0|0|aiss.lent|requeue
"""
RESERVATION = (
    "ReservationName=aw-2026-0002 StartTime=1795380837 EndTime=1803859200 Duration=98-03:06:03 Nodes=h800-[1-2] "
    "NodeCnt=2 CoreCnt=64 Features=(null) PartitionName=h800 Flags=MAGNETIC TRES=cpu=64 Users=(null) Groups=(null) "
    "Accounts=aw-2026-0002,aw-2026-0001.lent Licenses=(null) State=ACTIVE BurstBuffer=(null) Watts=n/a "
    "MaxStartDelay=(null)\n"
)


def test_accounts_and_the_rights_of_users() -> None:
    accounts, rights = parse_associations(ASSOCIATIONS)
    assert [(name, account.parent, account.closed) for name, account in accounts.items()] == [
        ("root", "", False), ("aiss", "root", False), ("aw-2026-0001", "aiss", True),
    ]  # fmt: skip
    assert accounts["aw-2026-0001"].minutes == {"gres/gpu:h800": 600}
    ada, ben, eve = (rights["aw-2026-0001", *who] for who in (("ada", "h800"), ("ben", "h800"), ("eve", "")))
    assert (ada.qos, ada.default_qos, ada.closed) == ({"aw-2026-0001", "normal"}, "aw-2026-0001", True)
    assert (ben.closed, eve.closed) == (False, None)


def test_qos_with_types_whose_colon_separates_nothing() -> None:
    found = parse_qos(QOS)["aw-2026-0001"]
    assert found.devices == {"gres/gpu:h800": 8, "gres/gpu": 8}
    assert found.minutes == {"gres/gpu:h800": 600}
    assert (found.closed, found.usage_factor, found.requeued) == (True, "0.5", True)
    assert (found.flags, found.preempts) == ({"NoDecay", "OverPartQOS"}, {"aiss.lent"})


def test_reservations_with_times_as_seconds() -> None:
    found = parse_reservations(RESERVATION)["aw-2026-0002"]
    assert (found.nodes, found.partition, found.end) == (2, "h800", datetime(2027, 3, 1, tzinfo=UTC))
    assert found.accounts == {"aw-2026-0002", "aw-2026-0001.lent"}
    assert parse_reservations("No reservations in the system\n") == {}


def test_use_stands_in_brackets_behind_its_limit() -> None:
    said = (
        "QOS Records\n"
        "QOS=aw-2026-0001(2) UsageRaw=8.0 GrpTRES=cpu=N(0),gres/gpu:h800=8(1) "
        "GrpTRESMins=cpu=N(3),gres/gpu=6000(12),gres/gpu:h800=6000(11) GrpTRESRunMins=cpu=N(0)\n"
    )
    assert parse_use(said) == {"aw-2026-0001": {"cpu": 3, "gres/gpu": 12, "gres/gpu:h800": 11}}


def test_use_of_24_11_counts_more_kinds() -> None:
    said = (
        "QOS=lent(5) UsageRaw=0.000000 GrpTRESMins=cpu=N(0),gres/gpu=N(0),gres/gpu:h800=10(4),gres/gpumem=N(0),"
        "gres/gpuutil=N(0) GrpTRESRunMins=cpu=N(0)\n"
    )
    assert parse_use(said)["lent"]["gres/gpu:h800"] == 4


@given(st.dictionaries(st.sampled_from(["cpu", "gres/gpu", "gres/gpu:h800", "gres/gpu:a-100"]), st.integers(0, 10**12)))
def test_limits_are_read_as_they_are_written(limits: dict[str, int]) -> None:
    assert parse_tres(shown(limits)) == limits


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (parse_associations, "aiss|root|a|pipe|in|a|name|||||||\n"),
        (parse_associations, "sacctmgr: something else\n"),
        (parse_qos, "normal||fast||||||cluster\n"),
        (parse_qos, "normal||1.0|gres/gpu:h800=8K|||||cluster\n"),
        (parse_tres, "gres/gpu:h800"),
        (parse_tres, "gres/gpu=1.5"),
        (parse_reservations, "ReservationName=a StartTime=2026-04-01T00:00:00 EndTime=1 NodeCnt=1\n"),
    ],
)
def test_what_is_not_understood_is_never_guessed_at(read: object, text: str) -> None:
    with pytest.raises(Unavailable) as raised:
        read(text)  # type: ignore[operator]
    assert raised.value.code == "allocations.cluster.not_understood"
