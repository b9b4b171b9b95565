"""Cases of a programme: sentences with a date, given facts and the expected result.

A case asks one of three things: a quote, the value of a parameter, or what is still to be set
before a call can open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from lionrock.kernel.errors import LionrockError
from lionrock.kernel.messages import gettext_noop
from lionrock.kernel.money import parse_decimal, parse_share
from lionrock.rules import shape
from lionrock.rules.faultlog import FaultLog, Place
from lionrock.rules.programme import Programme
from lionrock.rules.quotes import Exceptional, Request, quote
from lionrock.rules.units import written
from lionrock.rules.yamltree import Listing, Mapped, Node, Scalar, read_tree

Facts = Mapping[str, str]
_QUOTE = "category item count months hours exceptional_rate reason decided_by"


@dataclass(frozen=True, slots=True)
class Case:
    """One sentence: on that day, given these facts, this is expected."""

    says: str
    on: date
    given: Facts
    expect: Facts
    place: Place


def read_cases(folder: Path, log: FaultLog) -> list[Case]:
    """Read the cases in a programme's folder `cases`, file by file."""
    return [case for path in sorted(folder.glob("*.yaml")) for case in _file(path, log)]


def _file(path: Path, log: FaultLog) -> Iterator[Case]:
    tree = read_tree(path, log)
    for entry in () if tree is None else shape.listed(tree, path.name, log):
        case = _case(entry, log)
        if case is not None:
            yield case


def _case(node: Node, log: FaultLog) -> Case | None:
    held = shape.mapped(node, "case", log)
    if held is None or not shape.check_keys(held, "case", log, required="says on given expect"):
        return None
    says = shape.text(held.entries["says"], "says", log)
    on = shape.day(held.entries["on"], "on", log)
    given = shape.mapped(held.entries["given"], "given", log)
    expect = shape.mapped(held.entries["expect"], "expect", log)
    if says is None or on is None or given is None or expect is None:
        return None
    shape.check_keys(given, "given", log, optional=f"{_QUOTE} parameter call")
    return Case(says, on, _facts(given), _facts(expect), held.place)


def _facts(node: Mapped) -> Facts:
    return {key: _flat(entry) for key, entry in node.entries.items()}


def _flat(node: Node) -> str:
    if isinstance(node, Scalar):
        return "null" if node.is_null else node.text
    if isinstance(node, Listing):
        return ", ".join(_flat(entry) for entry in node.entries)
    return "; ".join(f"{key}: {_flat(entry)}" for key, entry in node.entries.items())


def run_case(programme: Programme, case: Case) -> dict[str, str]:
    """Return what the programme answers, in the words of a case's `expect`."""
    ask: Callable[[Programme, Case], dict[str, str]] = _ask_quote
    if "parameter" in case.given:
        ask = _ask_parameter
    elif "call" in case.given:
        ask = _ask_call
    try:
        return ask(programme, case)
    except LionrockError as error:
        return {"error": error.code}


def _ask_parameter(programme: Programme, case: Case) -> dict[str, str]:
    terms = programme.at(case.on)
    path = case.given["parameter"]
    value = written(terms.value(path))
    citation = terms.record(path).citation
    return {"value": value or "null", "grade": citation.grade.value if citation else "null"}


def _ask_call(programme: Programme, case: Case) -> dict[str, str]:
    unset = programme.at(case.on).needed_to_open()
    return {"needed_to_open": ", ".join(each.path for each in unset)}


def _ask_quote(programme: Programme, case: Case) -> dict[str, str]:
    answer = quote(programme, _request(case))
    findings = {finding.rule: finding.outcome.value for finding in answer.findings}
    return {
        "list_price": str(answer.list_price.decimal),
        "scheme": str(answer.scheme_share.decimal),
        "user": str(answer.user_share.decimal),
        **findings,
    }


def _request(case: Case) -> Request:
    given = case.given
    months, hours = given.get("months"), given.get("hours")
    return Request(
        category=given.get("category", ""),
        item=given.get("item", ""),
        count=int(_number(given.get("count", "1"), "count")),
        on=case.on,
        months=int(_number(months, "months")) if months else None,
        hours=_number(hours, "hours") if hours else None,
        exceptional=_exceptional(given),
    )


def _number(text: str, field: str) -> Decimal:
    return parse_decimal(text, places=6, field=field)


def _exceptional(given: Facts) -> Exceptional | None:
    if "exceptional_rate" not in given:
        return None
    rate = parse_share(given["exceptional_rate"], field="exceptional_rate")
    return Exceptional(rate, given.get("reason"), given.get("decided_by"))


def check_cases(programme: Programme, cases: list[Case], log: FaultLog) -> None:
    """Run cases; an answer other than the expected one is a fault at the case's line."""
    for case in cases:
        answer = run_case(programme, case)
        for key, expected in case.expect.items():
            if answer.get(key, "null") != expected:
                log.add(
                    "rules.case.differs",
                    gettext_noop("“{says}”: {field} is {value} where {expected} is expected. Correct one of the two."),
                    case.place,
                    named=key,
                    value=answer.get(key) or answer.get("error") or "null",
                    says=case.says,
                    expected=expected,
                )
