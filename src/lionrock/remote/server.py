"""The server that commands are asked of, and its problems as errors of the product."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lionrock.kernel import errors
from lionrock.kernel.errors import Fault, Invalid, LionrockError
from lionrock.kernel.findings import Finding, Outcome
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock_client import Client, Limits, Problem, token_in

_LIMITS: Final = Limits(tries=3, longest_pause=20, together=120)
"""Somebody waits: a server that is away is said to be after some seconds."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where to ask, and with which token file."""

    address: str
    token_file: Path | None

    def client(self) -> Client:
        """Return the client; raises `Invalid` without a token file, or with one that others can read."""
        if self.token_file is None:
            said = message(
                gettext_noop(
                    "Name the file that holds your token with --token-file, or in LIONROCK_TOKEN_FILE. A token is made "
                    "in your account on {server}."
                ),
                server=self.address,
            )
            raise Invalid("remote.token.none", said, faults=[Fault("remote.token.none", said, field="token-file")])
        with telling():
            return Client(self.address, token_in(self.token_file), limits=_LIMITS)


@contextmanager
def telling() -> Iterator[None]:
    """Raise what the client raises as the error of the product that it is."""
    try:
        yield
    except Problem as problem:
        raise _error_of(problem) from None


def _error_of(problem: Problem) -> LionrockError:
    kind: type[LionrockError] = getattr(errors, problem.kind)
    faults = [Fault(each.code, _told(each.detail), each.file, each.line, each.field, each.value)
              for each in problem.faults]  # fmt: skip
    findings = [
        Finding(
            each.rule, Outcome(each.outcome), _told(each.detail), remedy=_told(each.remedy) if each.remedy else None
        )
        for each in problem.findings
    ]
    return kind(problem.code, _told(problem.detail), faults=faults, findings=findings)


def _told(sentence: str) -> Message:
    """Return a sentence that the server has made already."""
    return message(gettext_noop("{sentence}"), sentence=sentence)
