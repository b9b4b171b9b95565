"""What may be asked of a job: its command, files, devices and time, read and checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Final

from lionrock.kernel.errors import Fault, Invalid, collecting
from lionrock.kernel.findings import Finding, Outcome
from lionrock.kernel.ids import check_slug
from lionrock.kernel.messages import gettext_noop, message
from lionrock.sites.drivers.protocol import AFTER

LONGEST_NAME: Final = 100
MOST_ARGUMENT_BYTES: Final = 128 * 1024
MOST_FILE_BYTES: Final = 1024 * 1024
MOST_DEVICES: Final = 1_000_000
MOST_TASKS: Final = 10_000
LONGEST_SECONDS: Final = 366 * 86400
_CODE: Final = re.compile(r"JOB-[0-9]{4}-[0-9]{4,}")
_RANGE: Final = re.compile(r"([0-9]{1,7})(?:-([0-9]{1,7})(?::([0-9]{1,7}))?)?")
_NOT_TEXT: Final = gettext_noop("The file {value} is not text in UTF-8. Put data where the job can read it.")
_MOST_SHOWN: Final = 200
_UNITS: Final = {"d": 86400, "h": 3600, "m": 60, "s": 1}
_TIME: Final = re.compile(r"(?:(\d{1,5})d)?(?:(\d{1,7})h)?(?:(\d{1,9})m)?(?:(\d{1,10})s)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class JobRequest:
    """What somebody asks for.

    `devices` maps an item to a count; empty means one device of the award's item. `site` may be empty
    where the programme has a single one, `name` where the command's own name will do. `array` is a
    range of tasks ("0-9%2": ten, two at a time), each with devices and time of its own; `after` are
    jobs that it waits for, as (condition, code); `template` and `parameters` where a form made it;
    `requeue` lets the site run it again by itself.
    """

    award: str
    argv: tuple[str, ...]
    time_limit_seconds: int
    devices: Mapping[str, int] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    site: str = ""
    array: str = ""
    after: tuple[tuple[str, str], ...] = ()
    template: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    requeue: bool = False

    @property
    def called(self) -> str:
        """The job's name: the one that was given, or that of the command."""
        return self.name or (PurePosixPath(self.argv[0]).name[:LONGEST_NAME] if self.argv else "")


def read_time_limit(text: str) -> int:
    """Read a time limit such as "90s", "10m", "1h30m" or "2d" as seconds; raises `Invalid`."""
    found = _TIME.fullmatch(text.strip())
    seconds = (
        sum(int(part or 0) * unit for part, unit in zip(found.groups(), _UNITS.values(), strict=True)) if found else 0
    )
    if not 1 <= seconds <= LONGEST_SECONDS:
        raise _invalid(
            "jobs.request.time_limit",
            "time_limit",
            text,
            gettext_noop("“{value}” is not a time limit. Write one with units, such as 90s, 10m, 1h30m or 2d."),
        )
    return seconds


def read_devices(texts: Iterable[str]) -> dict[str, int]:
    """Read devices such as "gpu=2"; raises `Invalid` with a fault for each that cannot be read."""
    devices: dict[str, int] = {}
    faults: list[Fault] = []
    for text in texts:
        item, equals, count = text.partition("=")
        if not (equals and count.isascii() and count.isdigit() and len(count) <= len(str(MOST_DEVICES))):
            template = gettext_noop("“{value}” is not a number of devices. Write item and count, such as gpu=2.")
        elif item in devices:
            template = gettext_noop("“{value}” names a device for the second time. Write each once.")
        else:
            devices[item] = int(count)
            continue
        faults.extend(_invalid("jobs.request.devices", "devices", text, template).faults)
    if faults:
        raise Invalid("jobs.request.devices", faults[0].message, faults=faults)
    return devices


def read_after(texts: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Read jobs to wait for, such as "JOB-2026-0001" (its success) or "afterany:JOB-2026-0001"; raises `Invalid`."""
    read: list[tuple[str, str]] = []
    faults: list[Fault] = []
    for text in texts:
        condition, colon, code = text.strip().rpartition(":")
        condition = condition if colon else "afterok"
        if condition in AFTER and _CODE.fullmatch(code):
            read.append((condition, code))
            continue
        template = gettext_noop("“{value}” is no job to wait for. Write a code such as JOB-2026-0001.")
        faults += _invalid("jobs.request.after", "after", text, template).faults
    if faults:
        raise Invalid("jobs.request.after", faults[0].message, faults=faults)
    return tuple(read)


def tasks_of(array: str) -> int:
    """Return how many tasks a range has: "0-9:2%2" has 5; 1 for a job without a range. Raises `Invalid`."""
    if not array:
        return 1
    pieces = [_RANGE.fullmatch(piece) for piece in array.partition("%")[0].split(",")]
    ranges = [
        range(int(found[1]), int(found[2] or found[1]) + 1, int(found[3] or 1))
        for found in pieces
        if found and int(found[3] or 1)
    ]
    count = sum(map(len, ranges))
    most_at_once = array.partition("%")[2] if "%" in array else "1"
    if len(ranges) < len(pieces) or not 1 <= count <= MOST_TASKS or not re.fullmatch("[1-9][0-9]{0,5}", most_at_once):
        template = gettext_noop("“{value}” is no range of at most {most} tasks. Write one such as 0-9 or 0-9%2.")
        raise _invalid("jobs.request.array", "array", array, template, most=MOST_TASKS)
    return count


def named_files(argv: tuple[str, ...], files: tuple[str, ...]) -> dict[str, Path]:
    """Return name in the job's folder → file: those asked for, and those of this folder in the command."""
    named = {word: Path(word) for word in argv if _is_of_this_folder(word)}
    for word in files:
        path = Path(word)
        named[word if _is_of_this_folder(word) else path.name] = path
    return named


def _is_of_this_folder(word: str) -> bool:
    path = PurePosixPath(word)
    if not word or "\0" in word or path.is_absolute() or ".." in path.parts:
        return False
    return Path(word).is_file()


def read_files(named: Mapping[str, Path]) -> dict[str, str]:
    """Read the text files that a job brings, by their names in its folder.

    Raises `Invalid` with a fault for each that is not there, cannot be read or is not UTF-8.
    """
    files: dict[str, str] = {}
    faults: list[Fault] = []
    for name, path in named.items():
        try:
            with path.open("rb") as file:
                files[name] = file.read(MOST_FILE_BYTES + 1).decode("utf-8")
        except OSError as wrong:
            template = gettext_noop("The file {value} cannot be read: {why}. Check its name and its permissions.")
            faults += _invalid("jobs.request.file", "files", str(path), template, why=wrong.strerror).faults
        except UnicodeDecodeError:
            faults += _invalid("jobs.request.file_text", "files", str(path), _NOT_TEXT).faults
    if faults:
        raise Invalid("jobs.request.file", faults[0].message, faults=faults)
    return files


def faults_of(request: JobRequest, longest_seconds: int) -> list[Fault]:
    """Return all that is wrong with a request, whoever asks; empty when it can be run."""
    return [
        *_argv_faults(request.argv),
        *_name_faults(request.called),
        *_file_faults(request.files),
        *_device_faults(request.devices),
        *_time_faults(request.time_limit_seconds, longest_seconds),
        *_array_faults(request.array),
    ]


def scheduler_faults(request: JobRequest, *, arrays: bool, dependencies: bool) -> list[Fault]:
    """Return what a request asks of a scheduler that the site has not."""
    faults: list[Fault] = []
    if request.array and not arrays:
        template = gettext_noop("This site has no arrays, so “{value}” cannot be run there. Submit the tasks singly.")
        faults += _invalid("jobs.request.no_arrays", "array", request.array, template).faults
    if request.after and not dependencies:
        codes = ", ".join(code for _, code in request.after)
        template = gettext_noop("At this site no job can wait for {value}. Submit this one when those are over.")
        faults += _invalid("jobs.request.no_dependencies", "after", codes, template).faults
    return faults


def asked_for(request: JobRequest, item: str) -> dict[str, int]:
    """Return the devices that a job takes: those it names, or one of the award's item."""
    return dict(request.devices) or {item: 1}


def award_findings(
    request: JobRequest, *, item: str, count: int, active: bool, valid_from: date, valid_to: date, on: date
) -> tuple[Finding, ...]:
    """Return whether the award covers the job: in force on that day, and for that many of its item.

    `valid_to` is the first day on which the award is no longer valid.
    """
    devices = asked_for(request, item)
    covered = set(devices) == {item} and devices[item] <= count
    return (
        Finding(
            rule="jobs.award_in_force",
            outcome=Outcome.MET if active and valid_from <= on < valid_to else Outcome.NOT_MET,
            message=message(
                gettext_noop("{award} runs from {start} up to, not including, {end}; the job is submitted on {on}."),
                award=request.award,
                start=valid_from,
                end=valid_to,
                on=on,
            ),
            facts={"active": str(active).lower(), "on": on.isoformat()},
            remedy=message(gettext_noop("Choose an award that is in force; `lionrock award list` shows them.")),
        ),
        Finding(
            rule="jobs.devices_awarded",
            outcome=Outcome.MET if covered else Outcome.NOT_MET,
            message=message(
                gettext_noop("{award} is for {count} × {item}; the job asks for {devices}."),
                award=request.award,
                item=item,
                count=count,
                devices=", ".join(f"{asked} × {device}" for device, asked in sorted(devices.items())),
            ),
            facts={"item": item, "count": str(count)},
            remedy=message(
                gettext_noop("Ask for at most {count} × {item}, or name another award."), item=item, count=count
            ),
        ),
    )


def _invalid(code: str, field_name: str, value: str, template: str, **more: object) -> Invalid:
    shown = "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in value[:_MOST_SHOWN])
    said = message(template, value=shown, **more)
    return Invalid(code, said, faults=[Fault(code, said, field=field_name, value=shown)])


def _is_text(text: str) -> bool:
    """Tell whether a database can keep it: no NUL, no half of a character."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def _argv_faults(argv: tuple[str, ...]) -> Iterator[Fault]:
    if not argv or not argv[0]:
        template = gettext_noop("There is no command to run. Write it after --, such as: -- python train.py.")
        yield from _invalid("jobs.request.argv", "argv", "", template).faults
    for word in argv:
        if not _is_text(word):
            template = gettext_noop("“{value}” in the command is not text in UTF-8. Write it in printable characters.")
            yield from _invalid("jobs.request.argv", "argv", word, template).faults
    if sum(len(word.encode("utf-8", "surrogatepass")) for word in argv) > MOST_ARGUMENT_BYTES:
        template = gettext_noop("The command is longer than {most} bytes. Bring a file with --file instead.")
        yield from _invalid("jobs.request.argv", "argv", argv[0], template, most=MOST_ARGUMENT_BYTES).faults


def _name_faults(name: str) -> Iterator[Fault]:
    if len(name) > LONGEST_NAME or not name.isprintable():
        template = gettext_noop("“{value}” cannot be a job's name. Use at most {most} printable characters.")
        yield from _invalid("jobs.request.name", "name", name, template, most=LONGEST_NAME).faults


def _file_faults(files: Mapping[str, str]) -> Iterator[Fault]:
    for name, text in files.items():
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or not path.parts or not name.isprintable():
            template = gettext_noop("A job cannot bring a file named “{value}”. Name it relative to the job's folder.")
            yield from _invalid("jobs.request.file_name", "files", name, template).faults
        if not _is_text(text):
            yield from _invalid("jobs.request.file_text", "files", name, _NOT_TEXT).faults
    if sum(len(text.encode("utf-8", "surrogatepass")) for text in files.values()) > MOST_FILE_BYTES:
        template = gettext_noop(
            "The files ({value}) are larger than {most} bytes together. Put data where the job can read it."
        )
        names = ", ".join(sorted(files))
        yield from _invalid("jobs.request.file_size", "files", names, template, most=MOST_FILE_BYTES).faults


def _device_faults(devices: Mapping[str, int]) -> Iterator[Fault]:
    faults: list[Fault] = []
    for item, count in devices.items():
        with collecting(faults):
            check_slug(item, field="devices")
        if not 1 <= count <= MOST_DEVICES:
            template = gettext_noop("“{value}” is not a number of devices. Ask for 1 to {most}.")
            faults += _invalid("jobs.request.devices", "devices", f"{item}={count}", template, most=MOST_DEVICES).faults
    yield from faults


def _array_faults(array: str) -> list[Fault]:
    faults: list[Fault] = []
    with collecting(faults):
        tasks_of(array)
    return faults


def _time_faults(seconds: int, longest_seconds: int) -> Iterator[Fault]:
    if not 1 <= seconds <= longest_seconds:
        template = gettext_noop("A time limit of {value} s cannot be kept there. Choose one from 1 s to {longest} s.")
        yield from _invalid(
            "jobs.request.time_limit", "time_limit", str(seconds), template, longest=longest_seconds
        ).faults
