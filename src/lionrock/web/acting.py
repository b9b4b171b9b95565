"""A page that does one thing: its boxes, what is wrong with them, and the way back when it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from lionrock.kernel.errors import Conflict
from lionrock.web.filling import Box, Tried, tried
from lionrock.web.sentences import translate

Act = Callable[[Mapping[str, str]], object]


@dataclass(frozen=True, slots=True)
class Doing:
    """What a page is for: its heading, what is said above the boxes, the boxes, the button, what is said when done.

    `template` is for a page that shows more than others of its kind.
    """

    heading: str
    lede: str
    boxes: Sequence[Box]
    button: str
    done: str
    more: Mapping[str, object] = field(default_factory=dict)
    template: str = ""


def do(
    request: HttpRequest,
    doing: Doing,
    act: Act,
    *,
    back: str,
    template: str,
    about: Mapping[str, object],
    named: Mapping[str, str],
) -> HttpResponse:
    """Show the boxes, or do what was posted and go back.

    What is wrong is shown beside the boxes with all that was typed (422, or 409 where a rule refuses); what was
    done already, by the same form sent twice or by somebody else, is said on the page `back`. `about` is what the
    template shows besides, `named` what is filled into the sentence of what is done. Where `act` returns a
    sentence, that is said instead of what is usual.
    """
    if request.method != "POST":
        return _page(request, template, about, doing, Tried(doing.boxes))
    found = tried(doing.boxes, request.POST, act)
    if isinstance(found.wrong, Conflict):
        messages.warning(request, translate(found.wrong.message))
        return redirect(back)
    if found.wrong is not None:
        return _page(request, template, about, doing, found)
    done = found.result if isinstance(found.result, str) else doing.done
    messages.success(request, gettext(done).format(**named))
    return redirect(back)


def _page(
    request: HttpRequest,
    template: str,
    about: Mapping[str, object],
    doing: Doing,
    found: Tried[object],
) -> HttpResponse:
    context = {**about, "doing": doing, "boxes": found.boxes, "wrong": found.wrong, **doing.more}
    return render(request, doing.template or template, context, status=found.wrong.status if found.wrong else 200)
