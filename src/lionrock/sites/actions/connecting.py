"""Saying how a cluster is reached, and who has which account there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from lionrock.audit.actions import record
from lionrock.kernel.errors import Conflict, Fault, Invalid, NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor, Role
from lionrock.people.models import Person
from lionrock.people.policies import require
from lionrock.sites.domain.connections import USERNAME, faults_of
from lionrock.sites.models import Login, Site
from lionrock.sites.queries import site_by_code


@transaction.atomic
def connect_site(*, actor: Actor, site: str, connection: Mapping[str, object], now: datetime) -> Site:
    """Say how a cluster is reached, in place of what was said before. Takes the role cluster_admin.

    Raises `Invalid` with every fault of the connection (its keys are in `domain/connections.py`).
    """
    found = site_by_code(actor, site)
    require(actor, Role.CLUSTER_ADMIN, programme=found.programme)
    if faults := faults_of(connection):
        said = message(gettext_noop("The cluster cannot be reached so. Correct what is named above."))
        raise Invalid("sites.connection.invalid", said, faults=faults)
    found.connection = dict(connection)
    found.save(update_fields=["connection"])
    details = {"connection": found.connection}
    record("sites.connect_site", site, actor=actor.email, now=now, programme=found.programme, details=details)
    return found


@transaction.atomic
def add_login(*, actor: Actor, site: str, person: str, username: str, now: datetime) -> Login:
    """Say which account a person has on a cluster. Takes the role cluster_admin.

    The account must have been made there before: nothing is made on the cluster. Raises `NotFound`
    for a person who is not on file, `Invalid` for a name that no account can have, `Conflict` when
    the person has one there, or somebody else has this one.
    """
    found = site_by_code(actor, site)
    require(actor, Role.CLUSTER_ADMIN, programme=found.programme)
    if not USERNAME.fullmatch(username):
        said = message(gettext_noop("“{value}” cannot be an account on a cluster."), value=username)
        fault = Fault("sites.login.username", said, field="username", value=username)
        raise Invalid("sites.login.username", said, faults=[fault])
    whose = Person.objects.filter(email__iexact=person).first()
    if whose is None:
        said = message(gettext_noop("There is no person {email}. See `lionrock person list`."), email=person)
        raise NotFound("sites.login.person", said)
    taken = found.logins.filter(person=whose).first() or found.logins.filter(username=username).first()
    if taken:
        template = gettext_noop("{email} has the account {username} at {site} already.")
        said = message(template, email=taken.person.email, username=taken.username, site=site)
        raise Conflict("sites.login.taken", said)
    login = Login.objects.create(site=found, person=whose, username=username, created_at=now)
    details = {"person": whose.email, "username": username}
    record("sites.add_login", site, actor=actor.email, now=now, programme=found.programme, details=details)
    return login
