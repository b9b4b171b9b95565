"""A portal at work, killed at random moments: `python -m bench.kills` does the same two hundred times."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.api.receiver import receiving
from tests.integration.disturbed import Disturbed, PortalHome
from tests.integration.home import Home

pytestmark = pytest.mark.integration
KILLS = 8


def test_whatever_is_killed_everything_acknowledged_is_there_once(migrated: Home, tmp_path: Path) -> None:
    with receiving() as receiver:
        disturbed = Disturbed(PortalHome(migrated.copy(tmp_path / "home").path), receiver, seed=4)
        try:
            disturbed.fill(KILLS * 4)
            disturbed.disturb(KILLS)
            assert disturbed.faults() == []
        finally:
            disturbed.gone()
    assert sum(disturbed.kills.values()) == KILLS
    assert all([disturbed.written, disturbed.decided, disturbed.files, disturbed.closed, receiver.got])
