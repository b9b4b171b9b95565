"""One's own account: name, language, password."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from lionrock.audit.actions import record
from lionrock.kernel.errors import Fault, Invalid, collecting
from lionrock.kernel.events import publish
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.actions.naming import check_names
from lionrock.people.actions.registering import check_password
from lionrock.people.domain import PasswordChanged
from lionrock.people.models import Person


@transaction.atomic
def change_account(*, person: Person, now: datetime, name: str, language: str) -> Person:
    """Change one's own name, and the language of one's pages and mail.

    Raises `Invalid` for a name that cannot be shown, or a language that is none of the product's.
    """
    check_names({"name": name})
    if language not in dict(settings.LANGUAGES):
        said = message(gettext_noop("“{value}” is none of the languages. Choose one of those shown."), value=language)
        fault = Fault("people.person.language", said, field="language", value=language)
        raise Invalid("people.person.language", said, faults=[fault])
    before = {"name": person.name, "language": person.language}
    person.name, person.language = name, language
    person.save(update_fields=["name", "language"])
    details = {"before": before, "after": {"name": name, "language": language}}
    record("people.change_account", person.email, actor=person.email, now=now, details=details)
    return person


def note_proven(person: Person, now: datetime) -> None:
    """Note that a link or a provider has just proven that a person's address is theirs."""
    person.address_proven_at = now
    person.save(update_fields=["address_proven_at"])


@transaction.atomic
def change_password(*, person: Person, now: datetime, current: str, password: str) -> Person:
    """Choose another password; the present one is asked for, since a screen may be left unlocked.

    Raises `Invalid` when the present one is wrong or the new one easy to guess.
    """
    faults: list[Fault] = []
    if not person.check_password(current):
        said = message(gettext_noop("This is not your present password. Capitals count."))
        faults.append(Fault("people.person.current_password", said, field="current"))
    with collecting(faults):
        check_password(password, person)
    if faults:
        raise Invalid("people.person.password", faults[0].message, faults=faults)
    person.set_password(password)
    person.save(update_fields=["password"])
    record("people.change_password", person.email, actor=person.email, now=now)
    publish(PasswordChanged(person.email, by_link=False, now=now))
    return person
