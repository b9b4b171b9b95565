"""The public register of projects: the list, one project, open data; and keeping something out of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_safe

from lionrock.awards.queries import award_by_code
from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import local_date
from lionrock.people.models import Person
from lionrock.people.policies import require
from lionrock.people.programmes import programme_on_file
from lionrock.people.viewer import viewer_of
from lionrock.public.actions import show_again, withhold_project
from lionrock.public.actions.withholding import WITHHOLD
from lionrock.public.models import Withholding
from lionrock.public.pages.results import KEPT_FOR
from lionrock.public.queries.register import LISTED, listed, project_by_id, projects, withholding_of
from lionrock.public.register_exports import register_csv, register_json
from lionrock.public.rulebook import grounds_now
from lionrock.rules.shape import Names
from lionrock.web.asking import Asked, ask
from lionrock.web.filling import Box
from lionrock.web.listing import page_of


@login_not_required
@require_safe
def register(request: HttpRequest, programme: str) -> HttpResponse:
    """List the projects of a programme, the latest first, and count what is withheld."""
    found = programme_on_file(programme)
    page = page_of(request, listed(programme))
    out = Withholding.objects.filter(
        ended_at__isnull=True, award__programme=programme, award__state__in=LISTED
    ).values_list("ground", flat=True)
    known = grounds_now()
    withheld = [(known[each].names if each in known else Names(each), count) for each, count in Counter(out).items()]
    context = {
        "programme": found,
        "page": page,
        "rows": list(projects(page.object_list)),
        "withheld": withheld,
        "files": [(end.upper(), reverse("public:register_file", args=[programme, end])) for end in ("csv", "json")],
    }
    return render(request, "public/register.html", context)


@login_not_required
@require_safe
def project(request: HttpRequest, programme: str, code: str) -> HttpResponse:
    """Show one project: what it is for, its tier and oversight, its conditions."""
    rules = programme_on_file(programme)
    found = project_by_id(programme, code)
    terms = rules.at(local_date(timezone.now(), rules.zone))
    category = next((each.label for each in terms.categories if each.id == found.category), None)
    review = f"dossier_{found.review}".replace("under_review", "submitted") if found.review else ""
    signed_in = isinstance(request.user, Person)
    withholds = signed_in and viewer_of(request).holds(*WITHHOLD, programme=programme)
    context = {
        "programme": rules, "project": found, "category": category, "review": review, "withholds": withholds,
    }  # fmt: skip
    return render(request, "public/project.html", context)


@login_not_required
@require_safe
def register_file(request: HttpRequest, programme: str, ending: str) -> HttpResponse:  # noqa: ARG001 - a page
    """Hand out the register as open data."""
    rules, now = programme_on_file(programme), timezone.now()
    if ending not in ("csv", "json"):
        template = gettext_noop("The register has no file of the kind {ending}. There are: csv, json.")
        raise NotFound("public.register.format", message(template, ending=ending))
    found = list(projects(listed(programme)))
    if ending == "csv":
        answer = HttpResponse(register_csv(found), content_type="text/csv; charset=utf-8")
    else:
        licence = rules.at(local_date(now, rules.zone)).results_licence()
        answer = HttpResponse(register_json(programme, found, now, licence), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{programme}-register.{ending}"'
    answer["Cache-Control"] = KEPT_FOR
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def withhold(request: HttpRequest, code: str) -> HttpResponse:
    """Keep title and organisation of a project out of the register, or show them again."""
    viewer, now = viewer_of(request), timezone.now()
    award = award_by_code(viewer, code)
    require(viewer, *WITHHOLD, programme=award.programme)
    language = get_language() or "en"
    known = [(each.id, each.names.in_language(language)) for each in grounds_now().values()]
    out = withholding_of(award) is not None
    boxes = [] if out else [
        Box("ground", gettext("Ground, which everybody sees"), kind="choice", choices=known),
        Box("why", gettext("Why, and who said so; it is not published"), kind="area", longest=2000),
    ]  # fmt: skip

    def act(typed: Mapping[str, str]) -> str:
        if out:
            show_again(actor=viewer, award=code, now=now)
        else:
            withhold_project(actor=viewer, award=code, ground=typed["ground"], why=typed["why"], now=now)
        return reverse("awards:show", args=[code])

    asked = Asked(
        heading=gettext("Show it in the public register") if out else gettext("Keep out of the public register"),
        lede=gettext("Title and organisation; tier, oversight, conditions and dates stay."),
        button=gettext("Show them again") if out else gettext("Keep them out"),
        done=gettext("It is kept."),
        back=reverse("awards:show", args=[code]),
        back_label=code,
        boxes=boxes,
        act=act,
    )
    return ask(request, asked)
