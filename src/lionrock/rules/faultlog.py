"""Faults are gathered while files are read, so that one run names them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeVar

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import message

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: a file and a line, counted from 1."""

    file: str
    line: int


@dataclass
class FaultLog:
    """All faults met so far, in the order in which they were met."""

    faults: list[Fault] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.faults)

    def __iter__(self) -> Iterator[Fault]:
        return iter(self.faults)

    def add(self, code: str, template: str, place: Place, *, named: str, value: object = "", **more: object) -> None:
        """Note a fault; the template may use {field}, {value} and every further name given."""
        said = message(template, field=named, value=value, **more)
        self.faults.append(Fault(code, said, place.file, place.line, named, str(value)))

    def attempt(self, place: Place, read: Callable[[], Result]) -> Result | None:
        """Return what `read` returns, or note the faults of the `Invalid` it raises, at this place."""
        try:
            return read()
        except Invalid as invalid:
            self.faults += [replace(fault, file=place.file, line=place.line) for fault in invalid.faults]
            return None
