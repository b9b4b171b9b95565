"""The page of a determination: the form, the answer, and line by line what it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from lionrock.controls.domain.answers import Determination, Near, Part
from lionrock.controls.domain.catalogue import Item
from lionrock.controls.domain.determining import determine
from lionrock.controls.domain.explaining import QUANTITIES, shown, value_shown
from lionrock.controls.domain.figures import Figure, Kind, Quantity
from lionrock.controls.domain.rules import Book
from lionrock.controls.pages.asking import (
    Headline,
    book_for,
    choices_of,
    headline,
    question_of,
    said_of,
    typed,
)
from lionrock.controls.showing import DISCLAIMER, full_data
from lionrock.controls.wording import FIGURES, flag_said
from lionrock.kernel.errors import Invalid
from lionrock.kernel.findings import Finding
from lionrock.kernel.messages import Message, message

_TESTED = ("3A090", "excluded")
_UNITS: Final = {Quantity.TRANSFER: "GB/s", Quantity.MEMORY: "GB/s", Quantity.STACK_DENSITY: "GB/s/mm²"}


@dataclass(frozen=True, slots=True)
class Basis:
    """A first figure that a quantity is made of, and where it was read; no address where it has no source."""

    name: Message
    value: str
    address: str


@dataclass(frozen=True, slots=True)
class Measured:
    """A quantity of an item as it is shown, with the first figures that it is made of."""

    name: Message
    value: Message | str
    unit: str
    basis: tuple[Basis, ...]


@dataclass(frozen=True, slots=True)
class Close:
    """A line that an item lies close to."""

    near: Near
    name: Message
    value: Message | str
    off: str
    across: Headline


@dataclass(frozen=True, slots=True)
class Tests:
    """The tests of one paragraph, and whether they are all met."""

    paragraph: str
    findings: tuple[Finding, ...]
    outcome: str


@dataclass(frozen=True, slots=True)
class Opened:
    """One item of an answer, with its quantities, tests and steps."""

    part: Part
    said: Headline
    measured: tuple[Measured, ...]
    tests: tuple[Tests, ...]
    steps: tuple[Finding, ...]
    close: tuple[Close, ...]


@require_safe
def determination(request: HttpRequest) -> HttpResponse:
    """Show the form, and the answer when something is asked; a link that names a chip alone fills in the form."""
    book, boxes = book_for(request), typed(request)
    is_asked = boxes["to"] or (boxes["chip"] and "to" in request.GET)
    answer, wrong = _answer(book, boxes) if is_asked else (None, None)
    context = {
        **choices_of(book),
        "typed": boxes,
        "wrong": wrong,
        "answer": answer,
        "said": headline(answer) if answer else None,
        "parts": [_opened(part) for part in answer.parts] if answer else [],
        "flags": [flag_said(book, flag) for flag in answer.flags] if answer else [],
        "steps": _common(answer) if answer else [],
        "file": f"{reverse('controls:file')}?{urlencode(boxes)}",
        "disclaimer": gettext(DISCLAIMER),
        "watched": book.watched,
        "checked_until": book.checked_until,
    }
    return render(request, "controls/determination.html", context, status=422 if wrong else 200)


@require_safe
def determination_file(request: HttpRequest) -> JsonResponse:
    """Hand the answer out as JSON, in the words of the command."""
    book = book_for(request)
    answer = determine(book, question_of(book, typed(request)))
    return JsonResponse(full_data(answer), json_dumps_params={"ensure_ascii": False, "indent": 2, "default": str})


def _answer(book: Book, boxes: dict[str, str]) -> tuple[Determination | None, Invalid | None]:
    try:
        return determine(book, question_of(book, boxes)), None
    except Invalid as wrong:
        return None, wrong


def _opened(part: Part) -> Opened:
    return Opened(
        part=part,
        said=said_of(part.paragraph, part.authorisation, part.review),
        measured=tuple(_measured(part)),
        tests=tuple(_tests(part.findings)),
        steps=tuple(finding for finding in part.findings if not _is_test(finding)),
        close=tuple(_close(near) for near in part.near),
    )


def _measured(part: Part) -> Iterable[Measured]:
    of_memory = part.item.figures.kind is Kind.HBM
    shown_here = (
        [Quantity.STACK_DENSITY] if of_memory else [Quantity.TPP, Quantity.DENSITY, Quantity.TRANSFER, Quantity.MEMORY]
    )
    for quantity in shown_here:
        measure = part.measure(quantity)
        basis = tuple(_basis(part.item, figure) for figure in measure.basis)
        unit = _UNITS.get(quantity, "") if measure.exact is not None else ""
        yield Measured(message(QUANTITIES[quantity]), value_shown(measure), unit, basis)


def _basis(item: Item, figure: Figure) -> Basis:
    return Basis(message(FIGURES[figure]), shown(item.figures.known[figure]), item.sources.get(figure) or "")


def _is_test(finding: Finding) -> bool:
    return finding.rule.removeprefix("controls.").startswith(_TESTED)


def _tests(findings: Iterable[Finding]) -> Iterable[Tests]:
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        if _is_test(finding):
            groups.setdefault(finding.rule.removeprefix("controls."), []).append(finding)
    for paragraph, found in groups.items():
        outcomes = {finding.outcome.value for finding in found}
        worst = next((word for word in ("not_met", "unknown") if word in outcomes), "met")
        yield Tests(paragraph, tuple(found), worst)


def _close(near: Near) -> Close:
    return Close(
        near=near,
        name=message(QUANTITIES[near.test.quantity]),
        value=value_shown(near.measure),
        off=shown(near.distance * 100, 2),
        across=said_of(near.paragraph, near.authorisation, near.review),
    )


def _common(answer: Determination) -> list[Finding]:
    """Return the findings that are of no single item: the version, and how places are read."""
    own = {id(finding) for part in answer.parts for finding in part.findings}
    return [finding for finding in answer.findings if id(finding) not in own]
