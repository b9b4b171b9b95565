"""How the room's pages answer a form: done and told, or shown again with what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from lionrock.kernel.errors import Conflict, Fault, Invalid, LionrockError, Refused
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.web.sentences import translate

Act = Callable[[], Message]
Show = Callable[[LionrockError], HttpResponse]


def answered(request: HttpRequest, act: Act, address: str, show: Show) -> HttpResponse:
    """Do it, say what was done, and go to the address; or show the page again with what stands in the way.

    A form posted twice ends here as well: the second time the thing is done already, which the
    page says.
    """
    try:
        said = act()
    except (Invalid, Refused, Conflict) as wrong:
        return show(wrong)
    messages.success(request, translate(said))
    return redirect(address)


def unknown_act() -> Message:
    """Raise `Invalid` for a form that asks for something that this page cannot do."""
    said = message(gettext_noop("This page cannot do that. Use one of its buttons."))
    raise Invalid("committee.page.unknown", said, faults=[Fault("committee.page.unknown", said)])


def typed(posted: Mapping[str, str], name: str) -> str:
    """Return what was typed in a box, its line ends as we keep them and without NUL."""
    text = posted.get(name, "").replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    return text.strip()
