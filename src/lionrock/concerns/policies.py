"""Who has to do with concerns at all."""

from __future__ import annotations

from lionrock.concerns.models import ConcernPerson
from lionrock.kernel.errors import NotAllowed
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor, Role


def looks_after_concerns(viewer: Actor) -> bool:
    """Tell whether the viewer answers for compliance, or audits, some programme."""
    return viewer.operator or bool(viewer.programmes(Role.COMPLIANCE, Role.AUDITOR))


def require_sight(viewer: Actor) -> None:
    """Raise `NotAllowed` for who neither looks after concerns nor was ever assigned one."""
    if looks_after_concerns(viewer):
        return
    if not ConcernPerson.objects.filter(email__iexact=viewer.email, part="assigned").exists():
        said = message(gettext_noop("Concerns are seen by compliance, by auditors and by those they are assigned to."))
        raise NotAllowed("concerns.hidden", said)
