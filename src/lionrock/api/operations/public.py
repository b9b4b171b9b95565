"""What the public sees: the register of projects, yearly results; and studies of plans."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any

from lionrock.api.declared.answers import printed, shape
from lionrock.api.declared.things import Thing, figures, make
from lionrock.api.domain.tokens import Scope
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file
from lionrock.planning.models import Study
from lionrock.planning.queries import studies, study_by_code
from lionrock.public import actions
from lionrock.public.exports import results_data
from lionrock.public.models import Withholding
from lionrock.public.queries.register import listed as in_register
from lionrock.public.queries.register import project_by_id, projects
from lionrock.public.queries.results import results_of
from lionrock.public.register_exports import project_data

_WITHHOLDING = shape("WithholdingShown", Withholding, "award=award.code ground why said_at said_by ended_at ended_by")
for _action, _verb in ((actions.withhold_project, "withhold"), (actions.show_again, "show-again")):
    make(
        _action,
        f"awards/{{code}}/{_verb}",
        Scope.OFFICE,
        _WITHHOLDING,
        given={"code": "award"},
        status=HTTPStatus.OK,
        pages=("public:withhold",),
        commands=("register withhold" if _verb == "withhold" else "register show",),
    )


def _register(_viewer: Actor, programme: str) -> list[dict[str, Any]]:
    return [project_data(each) for each in projects(in_register(programme_on_file(programme).id))]


def _project(_viewer: Actor, programme: str, code: str) -> dict[str, Any]:
    return project_data(project_by_id(programme_on_file(programme).id, code))


def _results(_viewer: Actor, programme: str, now: datetime, year: str = "") -> dict[str, Any]:
    return dict(results_data(results_of(programme, year or None, now)))


figures(
    _register,
    "programmes/{programme}/register",
    name="read_register",
    said="Show the projects of a programme as the public sees them.",
    tell=printed,
    rows=True,
    pages=("public:register", "public:register_file"),
    commands=("register list",),
)
figures(
    _project,
    "programmes/{programme}/register/{code}",
    name="read_project",
    said="Show one project as the public sees it.",
    tell=printed,
    pages=("public:project",),
)
figures(
    _results,
    "programmes/{programme}/results",
    name="read_results",
    said="Show the yearly report of a programme: every figure with its unit, and where it comes from.",
    tell=printed,
    pages=("public:results", "public:file"),
    commands=("results",),
)

_STUDY = Thing(
    path="studies/{code}",
    scope=Scope.READ,
    shape=shape("StudyShown", Study, "code programme question answer published_at published_by"),
    find=study_by_code,
    names={},
)
_STUDY.listed("list_studies", "List the studies of plans that one may see, the newest first.", studies,
              by={"programme": "programme"}, pages=("planning:list",))  # fmt: skip
_STUDY.read("read_study", "Show a study: which option is better, how sure, and all that this rests on.",
            pages=("planning:show", "planning:file"))  # fmt: skip
