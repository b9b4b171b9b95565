"""A programme whose site is a cluster with an accounting that is written down."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.charging.conftest import rulebook_put_back
from tests.metering.recorded import Recorded

__all__ = ["rulebook_put_back"]


@pytest.fixture
def books(settings: Any, db: None, tmp_path: Path) -> Any:
    """A programme with a metered award and a lease, and its cluster on file."""
    from tests.charging.books import HOUR, Books  # noqa: PLC0415
    from tests.metering.world import at, put_awards, put_site  # noqa: PLC0415

    prices = {"gpu": HOUR, "pod": {"sku": "pod", "versions": [["2000-01-01", "16.00"]]}}
    made = Books(tmp_path / "rulebook", prices=prices)
    put_awards(made)
    put_site({"cluster": "hill"}, created_at=at(1795350000))
    return made


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Recorded:
    """What the site's cluster answers."""
    made = Recorded()
    for place in ("collecting", "reconciling"):
        monkeypatch.setattr(f"lionrock.metering.actions.{place}.slurm_of", lambda _site: made)
    return made
