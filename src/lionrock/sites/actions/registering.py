"""Registering a site."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import transaction

from lionrock.audit.actions import record
from lionrock.kernel.errors import Conflict, Fault, Invalid, collecting
from lionrock.kernel.ids import check_slug
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import zone
from lionrock.kernel.texts import check_lines
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require
from lionrock.people.programmes import programme_on_file
from lionrock.sites.drivers.registry import driver_named
from lionrock.sites.models import Site


@transaction.atomic
def register_site(
    *,
    actor: Actor,
    code: str,
    name: str,
    programme: str,
    driver: str,
    now: datetime,
    time_zone: str = "",
    name_zh_hant: str = "",
    name_zh_hans: str = "",
) -> Site:
    """Put a site on file; without a time zone it takes the programme's. Takes the role cluster_admin.

    Raises `NotFound` for an unknown programme, `Invalid` with every fault of the input, `Conflict`
    when the code is taken.
    """
    require(actor, Role.CLUSTER_ADMIN, programme=programme)
    terms = programme_on_file(programme)
    time_zone = time_zone or terms.zone.key
    _check(code, name, {"name_zh_hant": name_zh_hant, "name_zh_hans": name_zh_hans}, time_zone, driver)
    if Site.objects.filter(code=code).exists():
        raise Conflict(
            "sites.site.taken", message(gettext_noop("The code {code} is taken. Choose another."), code=code)
        )
    site = Site.objects.create(
        code=code,
        name=name,
        name_zh_hant=name_zh_hant,
        name_zh_hans=name_zh_hans,
        time_zone=time_zone,
        programme=programme,
        driver=driver,
        created_at=now,
    )
    details = {"name": name, "driver": driver, "time_zone": time_zone}
    record("sites.register_site", code, actor=actor.email, now=now, programme=programme, details=details)
    return site


def _check(code: str, name: str, names: dict[str, str], time_zone: str, driver: str) -> None:
    faults: list[Fault] = []
    checks: list[Callable[[], object]] = [
        lambda: check_slug(code, field="code"),
        lambda: check_lines({"name": name}, names),
        lambda: zone(time_zone),
        lambda: driver_named(driver, settings.LIONROCK_HOME),
    ]
    for check in checks:
        with collecting(faults):
            check()
    if faults:
        raise Invalid(
            "sites.site.invalid",
            message(gettext_noop("The site cannot be registered so. Correct what is named above."), count=len(faults)),
            faults=faults,
        )
