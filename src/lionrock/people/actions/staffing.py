"""Which duties one person may have at once, for whoever names staff or a deputy."""

from __future__ import annotations

from datetime import datetime

from lionrock.kernel.errors import Refused
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Role, excluded_by
from lionrock.people.models import Deputyship, Person, RoleGrant


def require_apart(person: Person, role: Role, programme: str, now: datetime) -> None:
    """Raise `Refused` when somebody has a duty for a programme that excludes this one, or will stand in for such.

    Asked under a lock on the person, so that two who name at once do not both succeed.
    """
    Person.objects.select_for_update().get(pk=person.pk)
    own = RoleGrant.objects.filter(person=person, programme=programme).values_list("role", flat=True)
    stood = Deputyship.objects.filter(deputy=person, programme=programme, ended_at__isnull=True, ends_at__gt=now)
    barred = excluded_by(role, [Role(each) for each in (*own, *stood.values_list("role", flat=True))])
    if barred:
        said = message(
            gettext_noop(
                "{email} has the role {other} for {programme}, and nobody has that and {role} at once. Choose "
                "somebody else, or take the other role away first."
            ),
            email=person.email,
            other=barred[0].value,
            programme=programme,
            role=role.value,
        )
        raise Refused("people.role.excluded", said)
