"""How errors end a command: a sentence on standard error, an exit code, and never a traceback unasked."""

from __future__ import annotations

import errno

import click
import pytest
from click.testing import CliRunner, Result

from lionrock.kernel.errors import (
    Broken,
    Conflict,
    Fault,
    Invalid,
    LionrockError,
    NotAllowed,
    NotFound,
    Refused,
    Unavailable,
)
from lionrock.kernel.findings import Finding, Outcome
from lionrock.kernel.messages import message
from lionrock.terminal.errors import Group


def end_with(error: BaseException, *, inside: type[click.Group] = click.Group) -> Result:
    """Run `top below fall`, a command that ends with the error, as a terminal would."""

    @click.group(cls=Group)
    def top() -> None:
        pass

    @click.group(cls=inside)
    def below() -> None:
        pass

    @below.command()
    def fall() -> None:
        click.echo("printed before")
        raise error

    top.add_command(below)
    return CliRunner().invoke(top, ["below", "fall"])


@pytest.mark.parametrize(
    ("kind", "code"),
    [(Invalid, 2), (Refused, 3), (NotAllowed, 4), (NotFound, 5), (Conflict, 6), (Unavailable, 7), (Broken, 70)],
)
@pytest.mark.parametrize("inside", [click.Group, Group])
def test_each_kind_of_error_has_its_exit_code(kind: type[LionrockError], code: int, inside: type[click.Group]) -> None:
    ended = end_with(kind("room.thing.wrong", message("{thing} is wrong.", thing="It")), inside=inside)
    assert ended.exit_code == code
    assert ended.stderr == "It is wrong.\n(room.thing.wrong)\n"
    assert ended.stdout == "printed before\n"


def test_every_fault_is_a_line_with_its_place() -> None:
    faults = [
        Fault("a.b", message("“{value}” is no number.", value="x"), file="use.csv", line=7, field="count", value="x"),
        Fault("a.c", message("Nothing is named.")),
    ]
    ended = end_with(Invalid("a.faults", message("{count} faults.", count=2), faults=faults))
    assert ended.stderr.splitlines() == [
        "use.csv:7: “x” is no number.",
        "Nothing is named.",
        "2 faults.",
        "(a.faults)",
    ]


def test_a_sentence_that_a_fault_says_already_is_not_said_twice() -> None:
    said = message("“{value}” is no number.", value="x")
    ended = end_with(Invalid("a.b", said, faults=[Fault("a.b", said, field="count", value="x")]))
    assert ended.stderr.splitlines() == ["“x” is no number.", "(a.b)"]


def test_findings_follow_with_outcome_and_remedy() -> None:
    finding = Finding("rule", Outcome.NOT_MET, message("Too many."), remedy=message("Ask for less."))
    ended = end_with(Refused("a.b", message("A rule says no."), findings=[finding]))
    assert "- [not_met] Too many. Ask for less." in ended.stderr.splitlines()


@pytest.mark.parametrize("inside", [click.Group, Group])
@pytest.mark.parametrize(
    "error", [ValueError("out of\nrange"), ZeroDivisionError(), RecursionError("deep"), KeyError("k")]
)
def test_an_error_nobody_foresaw_is_called_a_defect(
    error: Exception, inside: type[click.Group], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LIONROCK_DEBUG", raising=False)
    ended = end_with(error, inside=inside)
    assert ended.exit_code == 70
    assert "This is a defect in Lionrock" in ended.stderr
    assert type(error).__name__ in ended.stderr
    assert "LIONROCK_DEBUG=1" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr.splitlines()) == 2


def test_the_traceback_is_there_for_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIONROCK_DEBUG", "1")
    ended = end_with(ValueError("odd"))
    assert ended.exit_code == 70
    assert "Traceback (most recent call last)" in ended.stderr
    assert "This is a defect in Lionrock" in ended.stderr


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EMFILE])
def test_what_the_operating_system_refuses_is_no_defect(number: int) -> None:
    ended = end_with(OSError(number, "no", "some/file"))
    assert ended.exit_code == 7
    assert "some/file" in ended.stderr
    assert "terminal.system.refused" in ended.stderr


@pytest.mark.parametrize("error", [KeyboardInterrupt(), click.Abort()])
def test_an_interruption_ends_with_130_and_one_line(error: BaseException) -> None:
    ended = end_with(error)
    assert ended.exit_code == 130
    assert "Interrupted." in ended.stderr
    assert "Traceback" not in ended.output


def test_a_reader_that_went_away_is_no_defect() -> None:
    ended = end_with(BrokenPipeError(errno.EPIPE, "Broken pipe"))
    assert ended.exit_code == 1
    assert ended.stderr == ""


def test_a_wrong_option_stays_clicks_own_sentence() -> None:
    ended = end_with(click.UsageError("Name one."))
    assert ended.exit_code == 2
    assert "Error: Name one." in ended.stderr
