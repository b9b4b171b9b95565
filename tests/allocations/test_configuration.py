"""What a cluster must be set up for, and what is said where it is not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.allocations.test_desired import LEASE, METERED, desired

from lionrock.allocations.domain.configuration import can_lend, configuration_notes
from lionrock.allocations.domain.reading import parse_config

SAID = """\
Configuration data as of 2026-11-22T20:57:09
AccountingStorageEnforce = associations,limits,qos,safe
AccountingStorageTRES   = cpu,mem,gres/gpu,gres/gpu:h800
PreemptMode             = OFF
PreemptType             = preempt/none
TaskPluginParam         = (null type)
"""
SOUND = parse_config(SAID)
LENDS = {"PreemptType": "preempt/qos", "PreemptMode": "REQUEUE"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({}, []),
        ({"AccountingStorageEnforce": "associations,limits"}, ["lacks qos, safe"]),
        ({"AccountingStorageEnforce": "none"}, ["lacks associations, limits, qos, safe"]),
        ({"AccountingStorageTRES": "cpu,mem"}, ["does not count gres/gpu, gres/gpu:h800"]),
        ({"AccountingStorageTRES": "cpu,gres/gpu"}, ["does not count gres/gpu:h800"]),
    ],
)
def test_what_limits_need_of_a_cluster_is_said(change: dict[str, str], says: list[str]) -> None:
    notes = [str(note) for note in configuration_notes({**SOUND, **change}, desired(METERED))]
    assert [word in note for word, note in zip(says, notes, strict=True)] == [True] * len(says)


def test_nothing_is_said_of_what_is_not_known_or_not_needed() -> None:
    assert configuration_notes({}, desired(METERED)) == ()
    assert configuration_notes({"AccountingStorageEnforce": "none"}, desired()) == ()


@pytest.mark.parametrize(
    ("config", "can"),
    [(SOUND, False), (LENDS, True), (LENDS | {"PreemptMode": "OFF"}, False), ({"PreemptType": "preempt/qos"}, False)],
)
def test_nodes_are_lent_only_where_the_lender_can_have_them_back(config: dict[str, str], can: bool) -> None:
    lent = desired(METERED, replace(LEASE, lends=True))
    assert can_lend(config) is can
    assert [note.fields.keys() for note in configuration_notes({**SOUND, **config}, lent)] == [{"kind", "mode"}] * (
        not can
    )
