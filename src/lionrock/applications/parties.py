"""The two sides of an application: whose it is, and who of the office may decide about it."""

from __future__ import annotations

from lionrock.applications.models import Admission, Application, Standing
from lionrock.people.domain import Actor, Role
from lionrock.people.queries import members_of


def may_check(viewer: Actor, application: Application) -> bool:
    """Tell whether the viewer may decide at the office's desk: of the office, and no party to the application."""
    return viewer.holds(Role.OFFICE, programme=application.call.programme) and not is_party(viewer, application)


def is_party(viewer: Actor, application: Application) -> bool:
    """Tell whether somebody is of the applying organisation, or writes in the application.

    The operator at the machine itself is of no organisation.
    """
    if viewer.operator:
        return False
    if viewer.belongs_to(application.organisation.code):
        return True
    return Admission.objects.filter(application=application, person=viewer.email, standing=Standing.AUTHOR).exists()


def applicants_of(application: Application) -> list[str]:
    """Return the addresses of the applicants' side: who began it, the organisation's members, invited authors."""
    held = Admission.objects.filter(application=application).values_list("person", "standing")
    authors = {person for person, standing in held if standing == Standing.AUTHOR}
    out = {person for person, standing in held if standing == Standing.SHUT_OUT}
    return sorted({application.applicant, *members_of(application.organisation.code), *authors} - out)
