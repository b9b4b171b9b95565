"""One's webhooks: which there are, one with its keys and deliveries, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from lionrock.api.actions import change_key, change_webhook, end_webhook, register_webhook, send_again, try_webhook
from lionrock.api.domain.addresses import LONGEST_URL
from lionrock.api.domain.webhooks import TOLD, TOPIC_WORDS, Topic
from lionrock.api.keys import keys_of
from lionrock.api.models import Delivery
from lionrock.api.queries import deliveries, webhook_by_number, webhooks
from lionrock.kernel.errors import Invalid, Refused
from lionrock.people.programmes import house_zone
from lionrock.people.viewer import person_of, viewer_of
from lionrock.web.filling import Box, filled, in_words, typed_in
from lionrock.web.listing import page_of


@require_http_methods(["GET", "HEAD", "POST"])
def own_webhooks(request: HttpRequest) -> HttpResponse:
    """List one's webhooks; register one."""
    if request.method != "POST":
        return _index(request, [_address()], TOLD)
    typed, topics = typed_in([_address()], request.POST), _topics(request)
    try:
        made = register_webhook(person=person_of(request), url=typed["url"], topics=topics, now=timezone.now())
    except (Invalid, Refused) as error:
        wrong = in_words(error, [_address()]) if isinstance(error, Invalid) else error
        return _index(request, filled([_address()], typed, wrong.faults), topics, wrong)
    messages.success(request, gettext("The webhook is registered. Give its receiver the key, then send a trial."))
    return redirect("webhooks:show", made.pk)


def _index(
    request: HttpRequest, boxes: list[Box], chosen: Sequence[Topic], wrong: Invalid | Refused | None = None
) -> HttpResponse:
    rows = [(each, _said(each.topics)) for each in webhooks(viewer_of(request))[:100]]
    context = {"rows": rows, "zone": house_zone(), **_form(boxes, chosen, wrong)}
    return render(request, "api/webhooks.html", context, status=wrong.status if wrong else 200)


def _form(boxes: list[Box], chosen: Sequence[Topic], wrong: Invalid | Refused | None) -> dict[str, object]:
    return {
        "boxes": boxes,
        "topics": [(topic.value, gettext(TOPIC_WORDS[topic])) for topic in TOLD],
        "chosen": [topic.value for topic in chosen],
        "topic_faults": [fault for fault in (wrong.faults if wrong else ()) if fault.field == "topics"],
        "wrong": wrong,
    }


@sensitive_variables("context")
@require_http_methods(["GET", "HEAD", "POST"])
def webhook(request: HttpRequest, number: int) -> HttpResponse:
    """Show a webhook with its keys and deliveries; change its address and topics."""
    viewer, now = viewer_of(request), timezone.now()
    found, wrong = webhook_by_number(viewer, number), None
    boxes, chosen = filled([_address()], {"url": found.url}), [Topic(each) for each in found.topics]
    if request.method == "POST":
        typed, chosen = typed_in(boxes, request.POST), _topics(request)
        try:
            change_webhook(actor=viewer, number=number, url=typed["url"], topics=chosen, now=now)
        except Invalid as error:
            wrong = in_words(error, boxes)
            boxes = filled(boxes, typed, wrong.faults)
        else:
            messages.success(request, gettext("The webhook is changed."))
            return redirect("webhooks:show", number)
    page = page_of(request, deliveries(viewer).filter(webhook=found))
    context = {
        "webhook": found,
        "keys": keys_of(found, now),
        "page": page,
        "rows": [
            (each, gettext(TOPIC_WORDS[Topic(each.topic)]), _about(each), _state(each)) for each in page.object_list
        ],
        "zone": house_zone(),
        **_form(boxes, chosen, wrong),
    }
    return render(request, "api/webhook.html", context, status=wrong.status if wrong else 200)


_THINGS: Final = ("application", "award", "job", "payment", "source", "statement", "month")
"""What a delivery can be about, the nearest first."""


def _about(each: Delivery) -> str:
    """Return the name of what it tells of; empty for a trial."""
    return next((str(each.content[name]) for name in _THINGS if name in each.content), "")


def _state(each: Delivery) -> str:
    if each.taken_at:
        return gettext("The delivery is taken")
    return gettext("Given up") if each.given_up_at else gettext("It waits")


@require_POST
def new_key(request: HttpRequest, number: int) -> HttpResponse:
    """Sign with a new key from now on."""
    change_key(actor=viewer_of(request), number=number, now=timezone.now())
    messages.success(request, gettext("There is a new key. For a day the old one signs as well."))
    return redirect("webhooks:show", number)


@require_POST
def trial(request: HttpRequest, number: int) -> HttpResponse:
    """Put a trial on its way."""
    try_webhook(actor=viewer_of(request), number=number, now=timezone.now())
    messages.success(request, gettext("The trial is on its way; load the page again in a minute."))
    return redirect("webhooks:show", number)


@require_POST
def end(request: HttpRequest, number: int) -> HttpResponse:
    """Tell an address nothing any more."""
    end_webhook(actor=viewer_of(request), number=number, now=timezone.now())
    messages.success(request, gettext("The webhook is told nothing any more."))
    return redirect("webhooks:list")


@require_POST
def again(request: HttpRequest, number: int) -> HttpResponse:
    """Have a delivery sent again."""
    sent = send_again(actor=viewer_of(request), delivery=number, now=timezone.now())
    messages.success(request, gettext("It will be sent again."))
    return redirect("webhooks:show", sent.webhook.pk)


def _topics(request: HttpRequest) -> list[Topic]:
    return [topic for topic in TOLD if topic.value in request.POST.getlist("topics")]


def _said(topics: list[str]) -> list[str]:
    return [gettext(TOPIC_WORDS[Topic(each)]) for each in topics]


def _address() -> Box:
    return Box(
        "url",
        gettext("Address of the receiver"),
        kind="url",
        longest=LONGEST_URL,
        autocomplete="off",
        help=gettext("It begins with https:// and answers with a status from 200 to 299 within ten seconds."),
    )
