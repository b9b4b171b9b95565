"""A visitor, a programme in full swing and an award of it, for those who run jobs on the real cluster."""

from __future__ import annotations

from tests.browser.conftest import scene, visitor
from tests.slurm.newcomer.award import award

__all__ = ["award", "scene", "visitor"]
