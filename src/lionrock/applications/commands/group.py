"""The group that every command of the room joins."""

from __future__ import annotations

import click


@click.group()
def application() -> None:
    """Applications: draft, fill, attach, check, submit, list, show, and more."""
