"""Every operation with its row: made of the rows of its action or page, or, where those do not fit, tabled here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.allocations.permissions import RUN_IT, cluster
from tests.api.deeds import NO_DENIAL, rows_of_deeds, rows_of_reads
from tests.api.permissions import API as TABLED
from tests.api.rows import ApiRow
from tests.applications.filling import put_the_bytes
from tests.assurance.permissions import begun
from tests.concerns.permissions import a_concern
from tests.config.rows import EVERYBODY, OWN, SEE_ALL, SEES, WORK_SOMEWHERE, Scene
from tests.config.test_permissions import PAGES
from tests.outcomes.permissions import on_file

from lionrock.applications.models import Application
from lionrock.charging.models import HeldRow

DEEDS = rows_of_deeds()


def _of_page(page: str, body: dict[str, Any]) -> ApiRow:
    """Return a row that is tried with what its page is tried with: what belongs to the viewer of that name."""
    row = PAGES[page]
    return ApiRow(row.may, lambda scene: {"number": row.arguments(scene)[0]}, lambda _: body, ends=NO_DENIAL)


def _nothing(_made: object) -> dict[str, object]:
    """Return no parameters, once something is on file."""
    return {}


def _with_its_files(scene: Scene) -> dict[str, object]:
    put_the_bytes(Application.objects.get(code=scene.submitted))
    return {"code": scene.submitted}


def _held_row(_scene: Scene) -> dict[str, object]:
    return {"programme": OWN, "number": HeldRow.objects.all()[0].pk}


NO_ANSWER = NO_DENIAL | {503}
"""Of a cluster that is not there."""
_MENDERS = {"finance", "cluster_admin"}
OF_THEIR_OWN = {
    "list_concerns": ApiRow(PAGES["concerns:show"].may, lambda scene: _nothing(a_concern(scene)), shows=a_concern),
    "push_site": ApiRow(RUN_IT, lambda scene: {"code": cluster(scene)}, ends=NO_ANSWER),
    "archive_application": ApiRow(SEES, _with_its_files),
    "list_assignments": ApiRow(
        PAGES["review:moderation"].may,
        lambda scene: _nothing(PAGES["review:moderation"].arguments(scene)),
        shows=lambda scene: scene.submitted,
    ),
    "list_clusters": ApiRow(PAGES["allocations:site"].may, lambda scene: _nothing(cluster(scene)), shows=cluster),
    "list_controlled_items": ApiRow(WORK_SOMEWHERE),
    "read_controlled_item": ApiRow(WORK_SOMEWHERE, lambda _: {"chip": "nvidia-l40"}),
    "list_alternatives": ApiRow(WORK_SOMEWHERE, query="destination=HK&on=2026-02-01"),
    "read_comparison": ApiRow(
        WORK_SOMEWHERE, query="chip=nvidia-h800-sxm5-80gb&destination=HK&on=2024-01-01&until=2026-02-01"
    ),
    "list_held_measures": ApiRow(
        PAGES["metering:site"].may,
        lambda scene: _nothing(PAGES["metering:site"].arguments(scene)),
        shows=lambda _: "7@1",
    ),
    "list_reconciliations": ApiRow(EVERYBODY, lambda scene: {"site": PAGES["metering:site"].arguments(scene)[0]}),
    "read_plan": ApiRow(PAGES["allocations:site"].may, lambda scene: {"code": cluster(scene)}, ends=NO_ANSWER),
    **{name: replace(DEEDS[name], ends=NO_ANSWER) for name in ("collect", "reconcile", "discover_site")},
    "list_places": ApiRow(EVERYBODY),
    "list_assurance_items": ApiRow(EVERYBODY),
    "list_dossiers": ApiRow(SEES, lambda scene: _nothing(begun(scene)), shows=lambda scene: scene.submitted),
    "list_adjustments": ApiRow(EVERYBODY),
    "list_fees": ApiRow(EVERYBODY),
    "list_results": ApiRow(SEES, lambda scene: _nothing(on_file(scene)), shows=lambda _: "10.1000/182"),
    "mark_one": ApiRow(EVERYBODY, lambda _: {"number": 1}),
    "mark_all_read": ApiRow(EVERYBODY),
    "choose_wishes": ApiRow(EVERYBODY, body=lambda _: {"pace": "daily", "hour": 8}),
    "read_register": ApiRow(EVERYBODY, lambda _: {"programme": OWN}),
    "read_project": ApiRow(EVERYBODY, lambda scene: {"programme": OWN, "code": scene.award}),
    "read_focus": ApiRow(EVERYBODY, lambda _: {"programme": OWN}),
    "read_results": ApiRow(EVERYBODY, lambda _: {"programme": OWN}),
    "mend_row": ApiRow(_MENDERS, _held_row, lambda _: {"line": "no line"}, ends=NO_DENIAL),
    "set_row_aside": ApiRow(_MENDERS, _held_row, lambda _: {"reason": "Not ours."}),
    "read_what_if": ApiRow(SEE_ALL, lambda _: {"programme": OWN}, query="month=2026-04&share=0.5"),
    "declare_interests": _of_page("review:declare", {"declared": "clear"}),
    "save_scores": _of_page("review:show", {"typed": {"alignment.1": {"text": "4"}}}),
    "submit_scores": _of_page("review:show", {}),
    "declare_interest": _of_page("assurance:declare", {"conflict": False, "text": ""}),
    "ask_applicants": replace(DEEDS["ask_applicants"], may={"compliance"}),
    "answer_proof": replace(DEEDS["answer_proof"], may={"compliance"}),
    "give_opinion": replace(DEEDS["give_opinion"], may=set()),
}
"""Where the rows of action and page do not fit: what belongs to the viewer of a name, and lists that are nobody's."""

API = rows_of_reads() | DEEDS | TABLED | OF_THEIR_OWN
