"""What goes wrong, as exceptions: a code that never changes, every fault with its place, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, TypeVar

P = TypeVar("P", bound="Problem")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in what was sent: its place (`field`, or `file` and `line`) and what stood there."""

    code: str
    detail: str
    field: str | None = None
    value: str | None = None
    file: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule found; `remedy` is what would change it, where anything would."""

    rule: str
    outcome: str
    detail: str
    remedy: str | None = None


class Problem(Exception):
    """Base of all: `detail` says what happened, why, and what to do next."""

    kind: ClassVar[str] = "Broken"

    def __init__(self, code: str, detail: str, *, status: int = 0, title: str = "", instance: str = "") -> None:
        super().__init__(f"{detail} ({code})")
        self.code = code
        self.detail = detail
        self.status = status
        self.title = title
        self.instance = instance
        self.faults: tuple[Fault, ...] = ()
        self.findings: tuple[Finding, ...] = ()
        self.retry_after: int | None = None

    @classmethod
    def made(cls: type[P], code: str, detail: str) -> P:
        """Return a problem that no server told."""
        return cls(code, detail)


class Invalid(Problem):
    """What was sent needs correcting; `faults` names every place."""

    kind = "Invalid"


class Refused(Problem):
    """A rule of the programme says no; `findings` says which and why."""

    kind = "Refused"


class NotAllowed(Problem):
    """A role or a scope is missing."""

    kind = "NotAllowed"


class NotSignedIn(NotAllowed):
    """The token counts no more: it expired, was revoked, or never was."""


class NotFound(Problem):
    """It is not there, or not for this person."""

    kind = "NotFound"


class Conflict(Problem):
    """It cannot be done as things stand."""

    kind = "Conflict"


class Outdated(Conflict):
    """It is not as it was read any more: read it again, and decide anew."""


class Unavailable(Problem):
    """The server, or something that it needs, does not serve now; what was to be done was tried again in vain."""

    kind = "Unavailable"


class TooOften(Unavailable):
    """This token asked too often; waiting helps."""


class Unreachable(Unavailable):
    """No answer came: a broken connection, a certificate that is not trusted, a name that nobody has."""


class OtherVersion(Unavailable):
    """What answers is no API of Lionrock that this client knows."""


class Broken(Problem):
    """A defect of the server."""


_BY_STATUS: Final[Mapping[int, type[Problem]]] = {
    400: Invalid,
    401: NotSignedIn,
    403: NotAllowed,
    404: NotFound,
    409: Conflict,
    412: Outdated,
    413: Invalid,
    415: Invalid,
    422: Invalid,
    428: Invalid,
    429: TooOften,
    503: Unavailable,
}
_NOWHERE: Final = "api.request.nowhere"


def problem_of(status: int, document: Mapping[str, Any], retry_after: str | None) -> Problem:
    """Return the exception that a problem document (RFC 9457) of the server becomes."""
    code, detail = str(document.get("code", "")), str(document.get("detail", ""))
    kind = _BY_STATUS.get(status, Broken)
    if status == 409 and document.get("kind") == Refused.kind:
        kind = Refused
    if code == _NOWHERE:
        kind, detail = OtherVersion, f"{detail} The server is of another version than this client."
    made = kind(
        code, detail, status=status, title=str(document.get("title", "")), instance=str(document.get("instance", ""))
    )
    made.faults = tuple(_read(Fault, each) for each in document.get("faults", ()))
    made.findings = tuple(_read(Finding, each) for each in document.get("findings", ()))
    made.retry_after = int(retry_after) if retry_after and retry_after.isascii() and retry_after.isdigit() else None
    return made


Read = TypeVar("Read", Fault, Finding)


def _read(kind: type[Read], said: Mapping[str, Any]) -> Read:
    """Return what is known of it; a newer server may say more."""
    return kind(**{name: said[name] for name in kind.__slots__ if name in said})


def unknown_answer(status: int, server: str) -> OtherVersion:
    """Return what is said of an answer that is none of the API's."""
    return OtherVersion(
        "client.answer.unknown",
        f"{server} answered {status}, and not as Lionrock's API does. Look whether the address is right, and "
        "whether something between here and there answers in its place.",
        status=status,
    )
