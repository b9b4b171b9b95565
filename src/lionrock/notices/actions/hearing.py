"""What is told because a room below says that something happened: rows of config/reactions.py."""

from __future__ import annotations

from datetime import datetime

from lionrock.kernel.messages import gettext_noop, message
from lionrock.notices.actions.telling import notify
from lionrock.notices.domain import Subject
from lionrock.notices.models import Mail
from lionrock.people.queries import members_of, offices, organisation_by_code
from lionrock.rules.shape import Names


def post_joining_mail(*, joining: int, address: str, language: str, now: datetime) -> None:
    """Put the mail with the link that proves an address on its way."""
    Mail.objects.create(
        kind=Mail.Kind.JOINING, code=str(joining), address=address, language=language, made_at=now, next_try=now
    )


def tell_membership_asked(*, organisation: str, person: str, name: str, now: datetime) -> None:
    """Tell an organisation's members that somebody asks to join it; every office, when it has none."""
    said = message(
        gettext_noop("{name} ({person}) asks to belong to {organisation}."),
        name=name,
        person=person,
        organisation=_names(organisation),
    )
    to = members_of(organisation) or offices()
    notify(to=to, said=said, about=Subject("organisation", organisation), now=now)


def tell_membership_answered(*, organisation: str, person: str, granted: bool, now: datetime) -> None:
    """Tell somebody whether they belong to an organisation now."""
    yes = gettext_noop("You belong to {organisation} now: you can apply for it, and see what it has been awarded.")
    no = gettext_noop(
        "Your request to belong to {organisation} was declined. Ask its members, or a programme's office."
    )
    about = Subject("organisation", organisation) if granted else Subject("account", "")
    notify(to=[person], said=message(yes if granted else no, organisation=_names(organisation)), about=about, now=now)


def _names(organisation: str) -> Names:
    found = organisation_by_code(organisation)
    return Names(found.name, found.name_zh_hant or None, found.name_zh_hans or None)
