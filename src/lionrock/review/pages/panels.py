"""What an application's page shows of its assessment, for whoever looks at it."""

from __future__ import annotations

from dataclasses import dataclass

from lionrock.applications.domain import ApplicationState
from lionrock.applications.models import Application
from lionrock.people.domain import Actor, Role
from lionrock.review.domain import Measure
from lionrock.review.models import Assignment
from lionrock.review.pages.boxes import told
from lionrock.review.queries import READ_NAMES, READ_SCORES, assessments, feedback, results
from lionrock.web.panels import Panel

_STATES = (ApplicationState.ELIGIBLE, ApplicationState.ASSESSED, ApplicationState.APPROVED, ApplicationState.DECLINED)


@dataclass(frozen=True, slots=True)
class Counted:
    """A criterion, what counts for it of 100, and what the applicant is told about it."""

    measure: Measure
    mark: str
    said: tuple[str, ...] = ()


def panel(viewer: Actor, application: Application) -> Panel:
    """Return what concerns the viewer: the scores, the way to one's own sheet, or the reasons for the applicant."""
    content = {"application": application, **_for_readers(viewer, application)}
    content["mine"] = _own(viewer, application)
    content["told"] = _for_applicants(viewer, application)
    return Panel("review/panel.html", content)


def _for_readers(viewer: Actor, application: Application) -> dict[str, object]:
    programme = application.call.programme
    if application.state not in _STATES or not viewer.holds(*READ_SCORES, programme=programme):
        return {}
    result = results(viewer, [application]).get(application.pk)
    return {
        "reads": True,
        "result": result,
        "score": told(result.score) if result and result.score is not None else None,
        "spread": told(result.spread) if result else None,
        "counted": [
            Counted(measure, told(result.criteria[measure.id]))
            for measure in result.scheme.measures
            if measure.id in result.criteria
        ]
        if result
        else [],
        "assigns": viewer.holds(*READ_NAMES, programme=programme),
    }


def _own(viewer: Actor, application: Application) -> Assignment | None:
    if viewer.operator or not viewer.programmes(Role.ASSESSOR):
        return None
    return assessments(viewer).filter(application=application).first()


def _for_applicants(viewer: Actor, application: Application) -> dict[str, object] | None:
    found = feedback(viewer, application)
    if found is None:
        return None
    measures = {measure.id: measure for measure in found.scheme.measures}
    return {
        "score": told(found.score),
        "counted": [Counted(measures[each.measure], told(each.mark), each.said) for each in found.criteria],
    }
