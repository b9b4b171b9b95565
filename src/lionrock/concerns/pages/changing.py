"""What has changed in a project since its award, and what an award's page shows of that."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from lionrock.awards.models import Award
from lionrock.awards.queries import award_by_code
from lionrock.concerns.actions import report_change
from lionrock.concerns.models import MaterialChange
from lionrock.concerns.pages.naming import in_words
from lionrock.concerns.rulebook import rules_now
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require
from lionrock.people.programmes import programme_on_file
from lionrock.people.viewer import viewer_of
from lionrock.rules.shape import Names
from lionrock.web.asking import Asked, ask
from lionrock.web.filling import Box
from lionrock.web.panels import Panel

REPORT: tuple[Role, ...] = (Role.OFFICE, Role.COMPLIANCE)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Ask what has changed, by the questions of the rulebook."""
    viewer, now = viewer_of(request), timezone.now()
    award = award_by_code(viewer, code)
    if not viewer.belongs_to(award.organisation.code):
        require(viewer, *REPORT, programme=award.programme)
    yes_no = [("no", gettext("No")), ("yes", gettext("Yes"))]
    questions = rules_now().changes.values()
    boxes = [
        *(Box(each.id, in_words(each.names), kind="choice", choices=yes_no, value="no") for each in questions),
        Box("said", gettext("What has changed, and since when"), kind="area", longest=8000),
    ]

    def act(typed: Mapping[str, str]) -> str:
        kinds = [each.id for each in questions if typed[each.id] == "yes"]
        report_change(actor=viewer, award=code, kinds=kinds, said=typed["said"], now=now)
        return reverse("awards:show", args=[code])

    asked = Asked(
        heading=gettext("Say what has changed"),
        lede=gettext("What it touches of the responsible-AI assessment is open again; the rest stands."),
        button=gettext("Report it"),
        done=gettext("It is reported."),
        back=reverse("awards:show", args=[code]),
        back_label=code,
        boxes=boxes,
        act=act,
    )
    return ask(request, asked)


def panel(viewer: Actor, award: Award) -> Panel:
    """Return what an award's page shows of changes: those reported, and where to report one."""
    known = rules_now().changes
    rows = [
        (each, [known[kind].names if kind in known else Names(kind) for kind in each.kinds])
        for each in MaterialChange.objects.filter(award=award)
    ]
    reports = viewer.belongs_to(award.organisation.code) or viewer.holds(*REPORT, programme=award.programme)
    zone = programme_on_file(award.programme).zone
    return Panel("concerns/panel.html", {"award": award, "rows": rows, "reports": reports, "zone": zone})
