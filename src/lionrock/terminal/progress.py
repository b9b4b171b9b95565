"""Progress of long work on standard error, quiet when nobody watches."""

from __future__ import annotations

import sys

import click


class Progress:
    """A counter such as "usage.parquet: 120,000 of 447,794 rows".

    On a terminal the line is rewritten in place; otherwise a line is printed at each tenth, so
    that logs stay short.
    """

    def __init__(self, label: str, unit: str, total: int | None = None) -> None:
        self.label = label
        self.unit = unit
        self.total = total
        self._live = sys.stderr.isatty()
        self._next_tenth = 1

    def __call__(self, done: int) -> None:
        """Report that so many are done in all."""
        if self._live:
            click.echo(f"\r{self._text(done)}", err=True, nl=False)
        elif self.total and done * 10 >= self._next_tenth * self.total:
            self._next_tenth = done * 10 // self.total + 1
            click.echo(self._text(done), err=True)

    def of(self, total: int) -> Progress:
        """Set the total, once it is known."""
        self.total = total
        return self

    def finish(self, done: int) -> None:
        """Print the last line."""
        if self._live:
            click.echo(f"\r{self._text(done)}", err=True)

    def _text(self, done: int) -> str:
        of = f" of {self.total:,}" if self.total else ""
        return f"{self.label}: {done:,}{of} {self.unit}"
