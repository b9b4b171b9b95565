"""What may be asked of a job, how states follow, what was used, and how a log is shown."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lionrock.jobs.domain.log_text import LogText, visible
from lionrock.jobs.domain.requests import (
    LONGEST_NAME,
    MOST_ARGUMENT_BYTES,
    MOST_FILE_BYTES,
    JobRequest,
    award_findings,
    faults_of,
    read_devices,
    read_files,
    read_time_limit,
)
from lionrock.jobs.domain.states import TRANSITIONS, VERBS, explain, is_open
from lionrock.jobs.domain.usage import EndedJob, usage_of
from lionrock.kernel.errors import Conflict, Invalid
from lionrock.kernel.findings import Outcome
from lionrock.kernel.states import advance
from lionrock.sites.drivers.protocol import JobState, Reason

DAY = 86400
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


# --- time limits, devices, files ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1s", 1),
        ("90s", 90),
        ("10m", 600),
        ("2h", 7200),
        ("1h30m", 5400),
        ("1d2h3m4s", DAY + 7384),
        (" 5m ", 300),
        ("366d", 366 * DAY),
    ],
)
def test_a_time_limit_is_read(text: str, seconds: int) -> None:
    assert read_time_limit(text) == seconds


@pytest.mark.parametrize("text", ["", "0s", "10", "10x", "m", "-5m", "1.5h", "5m1h", "367d", "9" * 40 + "s", "٣m"])
def test_what_is_no_time_limit_is_said_with_an_example(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_time_limit(text)
    assert refused.value.faults[0].value == text
    assert "1h30m" in str(refused.value)


def test_devices_are_read() -> None:
    assert read_devices(["gpu=2", "h800-node=1"]) == {"gpu": 2, "h800-node": 1}
    assert read_devices([]) == {}


def test_every_device_that_cannot_be_read_is_named() -> None:
    with pytest.raises(Invalid) as refused:
        read_devices(["gpu", "gpu=x", "gpu=-1", "a=1", "a=1", "b=99999999", "c=²"])
    assert [fault.value for fault in refused.value.faults] == ["gpu", "gpu=x", "gpu=-1", "a=1", "b=99999999", "c=²"]


def test_every_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "good.py").write_text("print('香')")
    (tmp_path / "data.bin").write_bytes(b"\xff\xfe")
    assert read_files({"a.py": tmp_path / "good.py"}) == {"a.py": "print('香')"}
    wrong = {"x": tmp_path / "absent", "y": tmp_path / "data.bin", "z": tmp_path, "good": tmp_path / "good.py"}
    with pytest.raises(Invalid) as refused:
        read_files(wrong)
    assert [fault.value for fault in refused.value.faults] == [str(wrong[name]) for name in "xyz"]


# --- requests -------------------------------------------------------------------------------------


def asked(**changes: object) -> JobRequest:
    facts: dict[str, object] = {"award": "AW-1", "argv": ("python", "train.py"), "time_limit_seconds": 60}
    return JobRequest(**(facts | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"argv": ("echo", "; rm -rf ~", "$(reboot)", "\x1b[2J", "香港", "")},
        {"name": "x" * LONGEST_NAME},
        {"name": "香港 train #1; $(reboot)"},
        {"files": {"a/b.py": "", "c": "x" * MOST_FILE_BYTES}},
        {"devices": {"h800-node": 1_000_000}},
        {"time_limit_seconds": 1000},
    ],
)
def test_what_can_be_run_has_no_fault(changes: dict[str, object]) -> None:
    assert faults_of(asked(**changes), 1000) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"argv": ()}, "argv"),
        ({"argv": ("",)}, "argv"),
        ({"argv": ("echo", "a\0b"), "name": "n"}, "argv"),
        ({"argv": ("echo", "\udcff"), "name": "n"}, "argv"),
        ({"argv": ("echo", "x" * MOST_ARGUMENT_BYTES)}, "argv"),
        ({"name": "x" * (LONGEST_NAME + 1)}, "name"),
        ({"name": "\x1b[2J"}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": "\u202egnp.exe"}, "name"),
        ({"argv": ("bin/\x07bell",)}, "name"),
        ({"files": {"/etc/passwd": ""}}, "files"),
        ({"files": {"a/../../b": ""}}, "files"),
        ({"files": {".": ""}}, "files"),
        ({"files": {"": ""}}, "files"),
        ({"files": {"a\nb": ""}}, "files"),
        ({"files": {"a": "\0"}}, "files"),
        ({"files": {"a": "\ud800"}}, "files"),
        ({"files": {"a": "x" * MOST_FILE_BYTES, "b": "x"}}, "files"),
        ({"devices": {"gpu": 0}}, "devices"),
        ({"devices": {"gpu": 1_000_001}}, "devices"),
        ({"devices": {"Not A Slug": 1}}, "devices"),
        ({"time_limit_seconds": 0}, "time_limit"),
        ({"time_limit_seconds": 1001}, "time_limit"),
    ],
)
def test_what_cannot_be_run_is_named_in_printable_words(changes: dict[str, object], field: str) -> None:
    (fault,) = faults_of(asked(**changes), 1000)
    assert fault.field == field
    assert str(fault).isprintable()
    assert len(str(fault)) < 500


def test_all_faults_come_at_once() -> None:
    request = asked(argv=("",), name="\n", files={"/": "\0"}, devices={"?": 0}, time_limit_seconds=0)
    fields = [fault.field for fault in faults_of(request, 1000)]
    assert fields == ["argv", "name", "files", "files", "devices", "devices", "time_limit"]


def test_a_job_is_called_after_its_command_unless_it_has_a_name() -> None:
    assert asked().called == "python"
    assert asked(argv=("/usr/bin/env", "x")).called == "env"
    assert asked(name="Night run").called == "Night run"


@pytest.mark.parametrize(
    ("on", "active", "devices", "outcomes"),
    [
        (date(2026, 3, 1), True, {}, (Outcome.MET, Outcome.MET)),
        (date(2026, 3, 31), True, {"cpu-core": 4}, (Outcome.MET, Outcome.MET)),
        (date(2026, 2, 28), True, {}, (Outcome.NOT_MET, Outcome.MET)),
        (date(2026, 4, 1), True, {}, (Outcome.NOT_MET, Outcome.MET)),
        (date(2026, 3, 1), False, {}, (Outcome.NOT_MET, Outcome.MET)),
        (date(2026, 3, 1), True, {"cpu-core": 5}, (Outcome.MET, Outcome.NOT_MET)),
        (date(2026, 3, 1), True, {"h800-node": 1}, (Outcome.MET, Outcome.NOT_MET)),
        (date(2026, 3, 1), True, {"cpu-core": 1, "h800-node": 1}, (Outcome.MET, Outcome.NOT_MET)),
    ],
)
def test_an_award_covers_its_days_and_its_devices(
    on: date, active: bool, devices: dict[str, int], outcomes: tuple[Outcome, ...]
) -> None:
    findings = award_findings(
        asked(devices=devices),
        item="cpu-core",
        count=4,
        active=active,
        valid_from=date(2026, 3, 1),
        valid_to=date(2026, 4, 1),
        on=on,
    )
    assert tuple(finding.outcome for finding in findings) == outcomes
    assert all(finding.remedy for finding in findings)


# --- states ---------------------------------------------------------------------------------------

ENDS = [state for state in JobState if state not in {JobState.PENDING, JobState.RUNNING}]


@pytest.mark.parametrize("state", JobState)
@pytest.mark.parametrize("target", VERBS)
def test_every_state_with_every_verb(state: JobState, target: JobState) -> None:
    verb = VERBS[target]
    allowed = state in {JobState.PENDING, JobState.RUNNING} and target is not state
    if allowed:
        assert advance(TRANSITIONS, state, verb, thing="JOB-1") is target
    else:
        with pytest.raises(Conflict):
            advance(TRANSITIONS, state, verb, thing="JOB-1")


def test_what_is_over_cannot_change() -> None:
    assert [state for state in JobState if is_open(state.value)] == [JobState.PENDING, JobState.RUNNING]
    assert not {state for state, _ in TRANSITIONS} & set(ENDS)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_words(reason: Reason) -> None:
    said = explain(reason, detail="SIGKILL", exit_code=137, limit_seconds=60)
    assert (said is None) == (reason is Reason.NONE)
    assert said is None or "{" not in str(said)


# --- usage ----------------------------------------------------------------------------------------


def ended(started: datetime, lasting: timedelta, state: JobState = JobState.COMPLETED) -> EndedJob:
    return EndedJob("JOB-1", "local", "harbour", "AW-1", {"cpu-core": 2}, state, started, started + lasting)


@pytest.mark.parametrize(
    ("offset", "lasting", "seconds"),
    [
        (timedelta(), timedelta(seconds=90), 90),
        (timedelta(), timedelta(), 0),
        (timedelta(), timedelta(microseconds=999_999), 0),
        (timedelta(microseconds=900_000), timedelta(seconds=1, microseconds=200_000), 1),
        (timedelta(microseconds=999_999), timedelta(days=1, microseconds=999_999), DAY),
    ],
)
def test_use_is_in_whole_seconds_and_never_more_than_was_used(
    offset: timedelta, lasting: timedelta, seconds: int
) -> None:
    row = usage_of(ended(START + offset, lasting))
    assert (row.start, row.end) == (START, START + timedelta(seconds=seconds))


@given(st.integers(0, 10**6 - 1), st.integers(0, 10**12))
@settings(max_examples=100)
def test_no_broken_second_is_ever_billed(offset: int, lasting: int) -> None:
    row = usage_of(ended(START + timedelta(microseconds=offset), timedelta(microseconds=lasting)))
    assert 0 <= lasting - (row.end - row.start) // timedelta(microseconds=1) < 10**6
    assert (row.start.microsecond, row.end.microsecond) == (0, 0)


@pytest.mark.parametrize("state", ENDS)
def test_the_record_names_what_charging_needs(state: JobState) -> None:
    row = usage_of(ended(START, timedelta(seconds=5), state))
    assert (row.site, row.job, row.account, row.award) == ("local", "JOB-1", "harbour", "AW-1")
    assert (row.devices, row.device_seconds) == ({"cpu-core": 2}, {})
    assert (row.state, row.revision, row.interim) == (state.value, 1, False)


# --- logs -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (b"plain\n\ttext\n", "plain\n\ttext\n"),
        ("香港\n".encode(), "香港\n"),
        (b"\x1b[31mred\x1b[0m", "␛[31mred␛[0m"),
        (b"bell\x07 nul\x00 del\x7f", "bell␇ nul␀ del␡"),
        (b"10%\r20%\r\nend\r", "10%\n20%\nend\n"),
        (b"\xff\xfe\x80", "���"),
        ("\u202egnp.exe\u2066 \x9b2J".encode(), "\\u202egnp.exe\\u2066 \\u009b2J"),
        (b"", ""),
    ],
)
def test_a_terminal_obeys_nothing_that_a_program_wrote(written: bytes, shown: str) -> None:
    text = LogText()
    assert text.show(written) + text.show(b"", last=True) == shown


@given(st.binary(max_size=60), st.integers(0, 60))
@settings(max_examples=200)
def test_where_the_pieces_part_does_not_matter(written: bytes, at: int) -> None:
    whole, parts = LogText(), LogText()
    expected = whole.show(written) + whole.show(b"", last=True)
    assert parts.show(written[:at]) + parts.show(written[at:]) + parts.show(b"", last=True) == expected
    assert not {character for character in expected if character < " "} - {"\n", "\t"}


@given(st.text())
@settings(max_examples=100)
def test_what_is_visible_stays_as_it_is(text: str) -> None:
    assert visible(visible(text)) == visible(text)
