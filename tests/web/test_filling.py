"""Small forms: what was typed stays, what is wrong stands beside it, and passwords are shown to nobody."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.test import RequestFactory

from lionrock.identity.pages.proofs import PASSWORD
from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import message
from lionrock.people.pages.boxes import password_box
from lionrock.web.filling import Box, filled, in_words, typed_in
from lionrock.web.middleware import TextsAsKept

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


def test_whatever_a_form_sends_is_composed_and_without_what_nobody_sees_but_for_passwords() -> None:
    posted = QueryDict(mutable=True)
    for name in ("title", "purpose", "text.1", "password", "current", "lionrock-proof-password"):
        posted.setlist(name, ["cafe\u0301\u202e\0", "\u2066b"])
    request = RequestFactory().post("/account", posted.urlencode(), content_type="application/x-www-form-urlencoded")
    TextsAsKept(lambda _: HttpResponse()).process_view(request, None, (), {})
    kept = {name: request.POST.getlist(name) for name in posted}
    assert {name: texts for name, texts in kept.items() if texts == ["caf\u00e9", "b"]}.keys() == {
        "title", "purpose", "text.1",
    }  # fmt: skip
    assert all(kept[name] == posted.getlist(name) for name in TextsAsKept.secrets)


def test_forms_come_through_it_before_any_page_reads_them_and_name_their_passwords_so(settings: Any) -> None:
    order = settings.MIDDLEWARE
    here = order.index("lionrock.web.middleware.TextsAsKept")
    assert order.index("django.middleware.csrf.CsrfViewMiddleware") < here
    assert here < order.index("lionrock.identity.middleware.Guard")
    assert {password_box("Password").name, PASSWORD} <= TextsAsKept.secrets
