"""The people of an award: who answers for it, who works on it, and who says so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lionrock.awards.actions import end_project_member, hand_over_project, name_project_member, open_project
from lionrock.awards.models import Award, ProjectMember
from lionrock.awards.projects import investigator_of, is_limited, named_for, names_people, require_names_people
from lionrock.awards.queries import award_by_code
from lionrock.kernel.periods import local_date
from lionrock.people.domain import Actor
from lionrock.people.models import Person
from lionrock.people.programmes import programme_on_file
from lionrock.people.queries import members_of
from lionrock.people.viewer import viewer_of
from lionrock.web.asking import Asked, ask, read_day
from lionrock.web.filling import Box


@require_safe
def people(request: HttpRequest, code: str) -> HttpResponse:
    """Show who answers for an award and who works on it."""
    viewer, now = viewer_of(request), timezone.now()
    found = award_by_code(viewer, code)
    named, zone = list(named_for(found, now)), programme_on_file(found.programme).zone
    investigator = investigator_of(found)
    known = _names([investigator, *(each.person for each in named)])
    context = {
        "award": found,
        "investigator": (known.get(investigator, investigator), investigator) if investigator else None,
        "named": [(each, known.get(each.person, each.person), _last(each)) for each in named],
        "limited": is_limited(found),
        "may_name": names_people(viewer, found),
        "zone": zone,
    }
    return render(request, "awards/people.html", context)


def _names(addresses: list[str]) -> dict[str, str]:
    return dict(Person.objects.filter(email__in=addresses).values_list("email", "name"))


def _last(named: ProjectMember) -> object:
    """Return an instant on the last day, for a page that shows days."""
    return named.ends_at - timedelta(seconds=1) if named.ends_at else None


@require_http_methods(["GET", "HEAD", "POST"])
def name_person(request: HttpRequest, code: str) -> HttpResponse:
    """Name a member of the organisation who works on an award, by days."""
    viewer, found = _who_names(request, code)
    now = timezone.now()
    today = local_date(now, programme_on_file(found.programme).zone)

    def act(typed: Mapping[str, str]) -> str:
        first, last = read_day(typed["first"], field="first"), typed["last"]
        until = read_day(last, field="last") if last else None
        name_project_member(actor=viewer, award=code, email=typed["email"], first=first, last=until, now=now)
        return reverse("awards:people", args=[code])

    boxes = [
        _member_box(found),
        Box("first", gettext("First day"), kind="date", value=today.isoformat()),
        Box("last", gettext("Last day"), kind="date", required=False, help=gettext("Empty: until it is ended.")),
    ]
    lede = gettext(
        "As soon as somebody is named, only the principal investigator, those named and your organisation's "
        "administrators work on the award and see it."
    )
    done = gettext("The person is named, and is told.")
    return ask(
        request, Asked(gettext("Name a person"), lede, gettext("Name the person"), done, *_back(code), boxes, act)
    )


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, code: str) -> HttpResponse:
    """Make another member of the organisation the principal investigator."""
    viewer, found = _who_names(request, code)

    def act(typed: Mapping[str, str]) -> str:
        hand_over_project(actor=viewer, award=code, now=timezone.now(), **typed)
        return reverse("awards:list")

    boxes = [_member_box(found), Box("reason", gettext("Why"), kind="area", longest=2000)]
    lede = gettext(
        "The principal investigator answers for the award: asks for changes of it, and says who works on it."
    )
    heading, button = gettext("Hand the project over"), gettext("Hand it over")
    return ask(request, Asked(heading, lede, button, gettext("The project is handed over."), *_back(code), boxes, act))


def _back(code: str) -> tuple[str, str]:
    return reverse("awards:people", args=[code]), gettext("People of the project")


def _who_names(request: HttpRequest, code: str) -> tuple[Actor, Award]:
    viewer = viewer_of(request)
    found = award_by_code(viewer, code)
    require_names_people(viewer, found)
    return viewer, found


def _member_box(award: Award) -> Box:
    known = _names(members_of(award.organisation.code))
    choices = [(email, f"{name} ({email})") for email, name in sorted(known.items(), key=lambda each: each[1])]
    return Box("email", gettext("Who"), kind="select", choices=choices)


@require_POST
def end_person(request: HttpRequest, code: str) -> HttpResponse:
    """Let somebody who was named work on an award no longer."""
    viewer, _found = _who_names(request, code)
    end_project_member(actor=viewer, award=code, email=request.POST.get("email", ""), now=timezone.now())
    messages.success(request, gettext("The person does not work on the award any more."))
    return redirect("awards:people", code)


@require_POST
def open_to_all(request: HttpRequest, code: str) -> HttpResponse:
    """Let every member of the organisation work on an award again."""
    viewer, _found = _who_names(request, code)
    open_project(actor=viewer, award=code, now=timezone.now())
    messages.success(request, gettext("Every member of the organisation works on the award now."))
    return redirect("awards:people", code)
