"""Names on lists: lists and their versions, cases and how they are settled, owners and stakes."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from lionrock.api.declared.answers import printed, shape
from lionrock.api.declared.things import Thing, figures, listed, make, sent_file
from lionrock.api.domain.tokens import Scope
from lionrock.screening import actions
from lionrock.screening.commands import difference_data, owners_data
from lionrock.screening.models import Case, ListVersion, Owner, Particular, Stake
from lionrock.screening.queries.cases import case_by_number, cases
from lionrock.screening.queries.lists import versions

_CASE = Thing(
    path="screening/cases/{number}",
    scope=Scope.COMPLIANCE,
    shape=shape(
        "CaseShown",
        Case,
        "number=pk kind code name state strength score asked_by opened_at state_since",
        hits=(
            list[dict[str, Any]],
            lambda row: printed(list(row.hits.values("score", "strength", "identity", "found_at", "cleared_at"))),
        ),
    ),
    find=lambda viewer, number, **_lock: case_by_number(viewer, number),
    names={"number": "case"},
    reader="read_case",
)
_CASE.listed(
    "list_cases",
    "List the cases of names that may be on a list, the newest first.",
    cases,
    by={"state": "state", "kind": "kind"},
    pages=("screening:list",),
    commands=("screening cases",),
)
_CASE.read("read_case", "Show a case and what it met.", pages=("screening:case",), commands=("screening case",))
for _action, _verb, _command in (
    (actions.escalate_case, "escalate", "screening escalate"),
    (actions.confirm_case, "confirm", "screening confirm"),
    (actions.clear_case, "clear", "screening clear"),
    (actions.agree_to_clear, "agree", "screening agree"),
    (actions.disagree_to_clear, "disagree", "screening disagree"),
):
    _CASE.do(_action, _verb, pages=("screening:case",), commands=(_command,))

_VERSION = shape(
    "ListVersionShown", ListVersion, "list=list.code number dated file entries added removed changed imported_at"
)
listed(
    "screening/lists",
    "list_list_versions",
    "List the lists with all their versions, the newest first.",
    versions,
    _VERSION,
    by={"list": "list__code"},
    pages=("screening_lists:list",),
    commands=("screening lists",),
)
sent_file(
    actions.import_list,
    "screening/lists/{list}",
    Scope.COMPLIANCE,
    _VERSION,
    content="data",
    takes=("text/csv", "application/json", "application/octet-stream"),
    given={"list": "list_code"},
    pages=("screening_lists:list",),
    commands=("screening import",),
)
figures(
    difference_data,
    "screening/lists/{list_code}/difference",
    name="read_list_difference",
    said="Tell which names came, went or changed between two versions of a list (the last two without numbers).",
    tell=printed,
    rows=True,
    scope=Scope.COMPLIANCE,
    pages=("screening_lists:difference",),
    commands=("screening difference",),
)

_OWNER = shape("OwnerShown", Owner, "code name kind created_at")
_STAKE = shape(
    "StakeShown",
    Stake,
    "number=pk owner=owner.code organisation=organisation.code of_owner=of_owner.code share since until source",
)
make(
    actions.register_owner,
    "screening/owners",
    Scope.COMPLIANCE,
    _OWNER,
    pages=("screening_owners:new",),
    commands=("screening owner",),
)
make(
    actions.record_stake,
    "screening/stakes",
    Scope.COMPLIANCE,
    _STAKE,
    pages=("screening_owners:stake",),
    commands=("screening stake",),
)
make(
    actions.end_stake,
    "screening/stakes/{number}/end",
    Scope.COMPLIANCE,
    _STAKE,
    given={"number": "stake"},
    status=HTTPStatus.OK,
    pages=("screening_owners:end",),
    commands=("screening end-stake",),
)
make(
    actions.note_particular,
    "screening/particulars",
    Scope.COMPLIANCE,
    shape("ParticularShown", Particular, "kind code what value noted_by noted_at"),
    pages=("screening:case",),
    commands=("screening note",),
)


figures(
    owners_data,
    "screening/owners",
    name="list_owners",
    said="Tell who owns whom, with every stake.",
    tell=printed,
    rows=True,
    scope=Scope.COMPLIANCE,
    pages=("screening_owners:list",),
    commands=("screening owners",),
)
