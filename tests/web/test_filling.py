"""Small forms: what was typed stays, what is wrong stands beside it, and passwords are shown to nobody."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import message
from lionrock.web.filling import Box, filled, in_words, typed_in

BOXES = [
    Box("name", "Your name"),
    Box("text", "Your letter", kind="area", help="At most four pages."),
    Box("hour", "Hour", kind="select", choices=[("8", "08:00"), ("9", "09:00")]),
    Box("pace", "Pace", kind="choice", choices=[("slow", "Slow"), ("fast", "Fast")]),
    Box("secret", "Password", kind="password"),
]
HOSTILE = '"><script>alert(1)</script>'


def wrong(*fields: str) -> Invalid:
    faults = [Fault("tests.fault", message("The {field} is empty.", field=field), field=field) for field in fields]
    return Invalid("tests.fault", faults[0].message, faults=faults)


def test_what_is_typed_is_taken_by_the_boxes_alone() -> None:
    typed = typed_in(BOXES, {"name": "  Ng\0 ", "text": "a\r\nb\rc", "secret": " x ", "other": "no"})
    assert typed == {"name": "Ng", "text": "a\nb\nc", "hour": "", "pace": "", "secret": " x "}


def test_faults_stand_with_their_boxes_in_their_order_and_by_their_labels() -> None:
    told = in_words(wrong("pace", "elsewhere", "name"), BOXES)
    assert [str(each) for each in told.faults] == [
        "The “Your name” is empty.",
        "The “Pace” is empty.",
        "The elsewhere is empty.",
    ]
    boxes = {box.name: box for box in filled(BOXES, {"name": "Ng"}, told.faults)}
    assert [len(boxes[name].faults) for name in ("name", "text", "pace")] == [1, 0, 1]
    assert boxes["name"].described_by == "name-fault"
    assert boxes["text"].described_by == "text-help"


def page(typed: dict[str, str], error: Invalid | None = None) -> str:
    boxes = filled(BOXES, typed, error.faults if error else ())
    return render_to_string("web/parts/wrong.html", {"wrong": error}) + render_to_string(
        "web/parts/boxes.html", {"boxes": boxes}
    )


def test_nothing_typed_is_lost_but_a_password() -> None:
    shown = page(
        {"name": "Ng", "text": "\n two\nlines", "hour": "9", "pace": "fast", "secret": "granite"}, wrong("secret")
    )
    for kept in ('value="Ng"', ">\n\n two\nlines</textarea>", '"9" selected', 'value="fast" checked'):
        assert kept in shown
    assert "granite" not in shown
    assert shown.count("aria-invalid") == 1
    assert 'href="#secret"' in shown


@pytest.mark.parametrize("name", ["name", "text", "hour", "pace"])
def test_nothing_typed_is_markup(name: str) -> None:
    assert "<script>" not in page({name: HOSTILE}, wrong(name))
