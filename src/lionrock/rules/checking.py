"""Checking a rulebook or one programme of it: every fault, and the cases."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lionrock.kernel.errors import Fault
from lionrock.kernel.messages import gettext_noop
from lionrock.rules.cases import check_cases, read_cases
from lionrock.rules.drafts import IDENTITY
from lionrock.rules.faultlog import FaultLog, Place
from lionrock.rules.programme import Programme
from lionrock.rules.rulebook import PROGRAMMES, SOURCES, UNITS, read_rulebook

CASES = "cases"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check went through, and what it found."""

    programmes: int
    values: int
    prices: int
    questions: int
    cases: int
    faults: tuple[Fault, ...]


def check_rulebook(path: Path) -> list[Fault]:
    """Return every fault of a rulebook, or of one programme with the files that it shares."""
    return list(check(path).faults)


def check(path: Path) -> Checked:
    """Check a whole rulebook, or the programme whose folder is given, and run the cases."""
    if (path / IDENTITY).is_file():
        return _check(path.parent.parent, path.name)
    return _check(path, None)


def _check(folder: Path, only: str | None) -> Checked:
    if not folder.is_dir():
        return _nothing_there(folder)
    rulebook, log = read_rulebook(folder)
    chosen = [programme for name, programme in rulebook.programmes.items() if only in (None, name)]
    cases = 0
    for programme in chosen:
        cases += _cases(folder, programme, log)
    faults = tuple(fault for fault in log if only is None or _concerns(fault, folder, only))
    values = sum(len(each.values) for programme in chosen for each in programme.parameters.values())
    lists = [listed for programme in chosen for item in programme.items.values() for listed in item.lists]
    prices = sum(len(listed.prices) for listed in lists)
    questions = sum(each.form.questions for programme in chosen for each in programme.forms if each.form)
    return Checked(len(chosen), values, prices, questions, cases, faults)


def _cases(folder: Path, programme: Programme, log: FaultLog) -> int:
    """Run the cases of a programme without faults; with faults they would only repeat them."""
    home = folder / PROGRAMMES / programme.id
    sound = not any(_concerns(fault, folder, programme.id) for fault in log)
    cases = read_cases(home / CASES, log)
    if sound:
        check_cases(programme, cases, log)
    return len(cases)


def _concerns(fault: Fault, folder: Path, programme: str) -> bool:
    place = Path(fault.file or "")
    shared = (folder / UNITS, folder / SOURCES)
    return place in shared or (folder / PROGRAMMES / programme) in place.parents


def _nothing_there(folder: Path) -> Checked:
    log = FaultLog()
    log.add(
        "rules.rulebook.absent",
        gettext_noop("{value} is not a folder. Give the folder of a rulebook or of one programme."),
        Place(str(folder), 1),
        named="path",
        value=folder,
    )
    return Checked(0, 0, 0, 0, 0, tuple(log))
