"""The errors of the product: what happened, why, and what to do next.

Each error has a stable dotted code and a `Message`. One place in `web` turns them into pages and
one place in `terminal` turns them into exit codes; nobody else looks inside.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from lionrock.kernel.messages import Message

if TYPE_CHECKING:
    from lionrock.kernel.findings import Finding


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in what was sent: where it stands, what was found, what to do.

    `file` and `line` are for input that came as a file (lines count from 1), `field` and `value`
    for every input. The message already names them in its sentence.
    """

    code: str
    message: Message
    file: str | None = None
    line: int | None = None
    field: str | None = None
    value: str | None = None

    def __str__(self) -> str:
        place = self.file or ""
        if self.line is not None:
            place = f"{place}:{self.line}"
        return f"{place}: {self.message}" if place else str(self.message)


class LionrockError(Exception):
    """Base of all errors that are part of the product.

    `status` is the HTTP status and `exit_code` the status of a command that ends with this error.
    """

    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 70

    def __init__(
        self,
        code: str,
        message: Message,
        *,
        faults: Sequence[Fault] = (),
        findings: Sequence[Finding] = (),
    ) -> None:
        super().__init__(str(message))
        self.code = code
        self.message = message
        self.faults = tuple(faults)
        self.findings = tuple(findings)


class Invalid(LionrockError):
    """The input is malformed; `faults` names every place."""

    status = 422
    exit_code = 2


@contextmanager
def collecting(faults: list[Fault]) -> Iterator[None]:
    """Add the faults of an `Invalid` to the list and go on, so that all of an input is checked at once."""
    try:
        yield
    except Invalid as wrong:
        faults.extend(wrong.faults)


class Refused(LionrockError):
    """A rule of the programme says no; `findings` says which and why."""

    status = 409
    exit_code = 3


class NotAllowed(LionrockError):
    """This actor may not do this."""

    status = 403
    exit_code = 4


class NotFound(LionrockError):
    """It is not there, or it is not there for this viewer."""

    status = 404
    exit_code = 5


class Conflict(LionrockError):
    """The thing is in a state, or was changed meanwhile, so that this cannot be done."""

    status = 409
    exit_code = 6


class Unavailable(LionrockError):
    """An outside system (database, cluster, disk) does not serve us now."""

    status = 503
    exit_code = 7


class Broken(LionrockError):
    """One of our own invariants does not hold: a defect in Lionrock."""

    status = 500
    exit_code = 70
