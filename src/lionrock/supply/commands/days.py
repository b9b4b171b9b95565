"""A day as a parameter of a command."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from lionrock.controls.rows import read_day


class _Day(click.ParamType[date]):
    """A day written as 2025-01-31."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:  # noqa: ARG002
        """Return the day; raises `Invalid`."""
        return value if isinstance(value, date) else read_day(value)


DAY = _Day()
