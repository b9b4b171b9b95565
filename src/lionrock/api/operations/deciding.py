"""What becomes of awards: decided, accepted or refused, changed, suspended, ended; and their papers."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from lionrock.api.calls import Call, Nothing
from lionrock.api.declared.answers import Shape, shape
from lionrock.api.declared.things import Thing, figures, handed_out
from lionrock.api.domain.tokens import Scope
from lionrock.api.operations.awards import AwardShown
from lionrock.api.shapes import InLanguage
from lionrock.applications.models import Application
from lionrock.applications.queries import application_by_code
from lionrock.awards import actions
from lionrock.awards.commands.awards import award_data
from lionrock.awards.commands.projects import people_data
from lionrock.awards.models import Award, Project, ProjectMember, Variation
from lionrock.awards.queries import award_by_code, variation_by_number
from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor

_VARIATION = shape(
    "VariationShown",
    Variation,
    "award=award.code number reason since count hours valid_to cap_minor contact scope requested_by requested_at state "
    "decided_at decided_by decision_reason",
)

_PROJECT = shape("ProjectStanding", Project, "award=award.code investigator since limited_at")
_NAMED = shape("ProjectMemberShown", ProjectMember, "award=award.code person begins_at ends_at named_by named_at")

AWARD = Thing(
    path="awards/{code}",
    scope=Scope.AWARDS,
    shape=Shape(AwardShown, whole=award_data),
    find=award_by_code,
    names={"code": "award"},
    reader="read_award",
)
"""An award, as what is done to it needs it; it is shown by `read_award`."""

for _action, _verb, _pages, _commands in (
    (actions.accept_offer, "accept", ("awards:accept",), ("award accept",)),
    (actions.decline_offer, "refuse", ("awards:refuse",), ("award refuse",)),
    (actions.suspend_award, "suspend", ("awards:suspend",), ("award suspend",)),
    (actions.resume_award, "resume", ("awards:resume",), ("award resume",)),
    (actions.end_award, "end", ("awards:end",), ("award end",)),
):
    AWARD.do(_action, _verb, pages=_pages, commands=_commands)


def _variations(viewer: Actor, code: str) -> QuerySet[Variation]:
    return Variation.objects.filter(award=award_by_code(viewer, code))


def _variation(viewer: Actor, code: str, number: int, **lock: bool) -> Variation:
    return variation_by_number(award_by_code(viewer, code, **lock), number)


VARIATION = Thing(
    path="awards/{code}/variations/{number}",
    scope=Scope.AWARDS,
    shape=_VARIATION,
    find=_variation,
    names={"code": "award", "number": "number"},
    reader="read_variation",
)
VARIATION.listed(
    "list_variations",
    "List the changes of an award that were asked for, the newest first.",
    _variations,
    pages=("awards:show",),
    commands=("award change list",),
)
VARIATION.read("read_variation", "Show a change that was asked for.", pages=("awards:variation",))
VARIATION.make(
    actions.request_variation,
    given={"code": "award"},
    within=award_by_code,
    pages=("awards:new_variation",),
    commands=("award change ask",),
)
VARIATION.do(actions.decide_variation, "decide", pages=("awards:variation",), commands=("award change decide",))
VARIATION.do(actions.withdraw_variation, "withdraw", pages=("awards:variation",), commands=("award change withdraw",))

for _deed, _verb, _page, _command, _answers in (
    (actions.name_project_member, "name", "awards:name_person", "award people add", _NAMED),
    (actions.end_project_member, "end", "awards:end_person", "award people remove", None),
    (actions.hand_over_project, "hand-over", "awards:hand_over", "award people hand-over", _PROJECT),
    (actions.open_project, "open", "awards:open_to_all", "award people open", None),
):
    AWARD.do(_deed, f"people/{_verb}", pages=(_page,), commands=(_command,), answers=_answers)


def _people(viewer: Actor, code: str, now: datetime) -> dict[str, object]:
    return people_data(award_by_code(viewer, code), now)


figures(
    _people,
    "awards/{code}/people",
    name="read_project_people",
    said="Show who answers for an award and who works on it.",
    pages=("awards:people",),
    commands=("award people show",),
)


def _award_of(application: Application) -> str:
    return next(iter(Award.objects.filter(application=application).values_list("code", flat=True)), "")


DECIDED = Thing(
    path="applications/{code}",
    scope=Scope.AWARDS,
    shape=shape(
        "ApplicationStanding",
        Application,
        "code state organisation=organisation.code call=call.code decided_at decided_by decision_reason",
        award=(str, _award_of),
    ),
    find=application_by_code,
    names={"code": "application"},
    programme="call.programme",
)


DECIDED.do(actions.decide_application, "decide", pages=("committee:item",), commands=("award decide",))


def _paper(call: Call[InLanguage, Nothing], code: str, kind: str) -> bytes:
    from lionrock.awards.papers import pdf_of  # noqa: PLC0415 - its libraries take half a second to load

    found = award_by_code(call.actor, code).papers.filter(kind=kind).first()
    if found is None:
        said = message(gettext_noop("There is no such paper of {award}: {kind}."), award=code, kind=kind)
        raise NotFound("awards.paper.unknown", said)
    return pdf_of(found, call.query.language)


handed_out(
    "read_paper",
    "Hand out the letter of an offer, or an agreement, as PDF.",
    "awards/{code}/papers/{kind}",
    _paper,
    "application/pdf",
    query=InLanguage,
    pages=("awards:paper",),
    commands=("award letter",),
)
