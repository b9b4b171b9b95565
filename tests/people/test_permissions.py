"""Every action × every role × own and other programme or organisation; no action is left out.

The actions are found by looking, not listed: one that has no row here fails the first test.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker
from tests.calls.world import NOW, OPERATOR, SHIPPED, World, administrator, holder, member
from tests.keeping import kept
from tests.people.rows import OTHER, OWN, ActionRow, Scene, collected

import lionrock
from lionrock.audit.models import AuditRecord
from lionrock.awards.domain import Decision
from lionrock.charging.usage_files import UsageOptions
from lionrock.config.reactions import TABLE
from lionrock.jobs.domain.requests import JobRequest
from lionrock.jobs.models import Job
from lionrock.kernel.errors import LionrockError, NotAllowed, NotFound
from lionrock.kernel.periods import Month
from lionrock.people.actions import register_person
from lionrock.people.domain import PROGRAMME_ROLES, Actor, Role
from lionrock.sites.models import Site

ACTORS: dict[str, Actor] = {
    "operator": OPERATOR,
    **{role.value: holder(role, OWN) for role in sorted(PROGRAMME_ROLES)},
    **{f"{role.value} elsewhere": holder(role, OTHER) for role in sorted(PROGRAMME_ROLES)},
    "member": member("harbour-university"),
    "member elsewhere": member("delta-institute"),
    "organisation_admin": administrator("harbour-university"),
    "organisation_admin elsewhere": administrator("delta-institute"),
    "nobody": Actor("nobody@example.org"),
}


def _rooms_with_actions() -> list[str]:
    rooms = [each.name for each in pkgutil.iter_modules(lionrock.__path__)]
    folder = Path(lionrock.__path__[0])
    return [room for room in rooms if (folder / room / "actions.py").exists() or (folder / room / "actions").is_dir()]


def _registry() -> dict[str, Callable[..., Any]]:
    """Return every action: the public functions of each room's `actions` that take an actor's grants."""
    found = {}
    for room in _rooms_with_actions():
        actions = importlib.import_module(f"lionrock.{room}.actions")
        for name, function in inspect.getmembers(actions, inspect.isfunction):
            own = function.__module__.startswith(actions.__name__)
            if own and not name.startswith("_") and _takes_an_actor(function):
                found[f"{room}.{name}"] = function
    return found


def _takes_an_actor(function: Callable[..., Any]) -> bool:
    parameter = inspect.signature(function).parameters.get("actor")
    return parameter is not None and parameter.annotation in ("Actor", Actor)


REGISTRY = _registry()


@pytest.fixture(scope="module")
def scene_on_file(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    """One of everything on file, made once: what a test does to it is undone with the test."""
    with kept(django_db_blocker, LIONROCK_RULEBOOK=SHIPPED):
        with django_db_blocker.unblock():
            scene = _put_scene(World())
        yield scene


@pytest.fixture
def scene(scene_on_file: Scene, db: None) -> Scene:
    return scene_on_file


def _put_scene(world: World) -> Scene:
    world.put_organisation()
    world.put_site()
    world.put_organisation("delta-institute")
    world.put_fund("10000000.00")
    register_person(actor=OPERATOR, email="chan@example.org", name="Chan", now=NOW)
    call = world.open_call()
    award = world.awarded(call)
    job = Job.objects.create(
        code="JOB-1",
        key=uuid.UUID(int=1),
        award=award,
        site=Site.objects.get(code="here"),
        organisation=award.organisation,
        submitted_by="chan@example.org",
        name="a job",
        argv=["true"],
        devices={"h800-node": 1},
        time_limit_seconds=60,
        submitted_at=NOW,
    )
    return Scene(
        world=world,
        draft_call=world.prepared_call().code,
        open_call=call.code,
        draft=world.drafted(call).code,
        submitted=world.submitted(call).code,
        award=award.code,
        job=job.code,
    )


OFFICE_OF_ANY = "office, office elsewhere"
PERMISSIONS: dict[str, ActionRow] = {
    "people.register_organisation": ActionRow(OFFICE_OF_ANY, lambda _: {"code": "new-firm", "name": "New"}),
    "people.register_person": ActionRow(OFFICE_OF_ANY, lambda _: {"email": "new@example.org", "name": "New"}),
    "people.grant_role": ActionRow(
        "office, programme_owner", lambda _: {"email": "chan@example.org", "role": Role.AUDITOR, "programme": OWN}
    ),
    "ledger.appropriate": ActionRow(
        "finance",
        lambda scene: {
            "programme": OWN,
            "amount": scene.world.money("1.00"),
            "reason": "a vote",
            "cause": "another vote",
        },
    ),
    "sites.register_site": ActionRow(
        "cluster_admin", lambda _: {"code": "there", "name": "There", "programme": OWN, "driver": "local"}
    ),
    "calls.create_call": ActionRow("office", lambda _: {"programme": OWN, "title": "A call", "opens": NOW}),
    "calls.open_call": ActionRow("office", lambda scene: {"call": scene.draft_call}),
    "calls.close_call": ActionRow("office", lambda scene: {"call": scene.open_call}),
    "applications.draft_application": ActionRow(
        "member",
        lambda scene: {
            "call": scene.open_call,
            "organisation": "harbour-university",
            "category": "university",
            "title": "A title",
            "request": scene.world.request,
        },
    ),
    "applications.submit_application": ActionRow("member", lambda scene: {"application": scene.draft}),
    "applications.withdraw_application": ActionRow("member", lambda scene: {"application": scene.submitted}),
    "awards.decide_application": ActionRow(
        "committee, chair",
        lambda scene: {"application": scene.submitted, "decision": Decision.APPROVE, "decided_by": "Committee"},
    ),
    "awards.release_award": ActionRow(
        "office, committee, chair, finance", lambda scene: {"award": scene.award, "occasion": "2026-12"}
    ),
    "awards.end_award": ActionRow(
        "office, committee, chair", lambda scene: {"award": scene.award, "reason": "given up"}
    ),
    "allocations.close_allocation": ActionRow("office, committee, chair", lambda scene: {"award": scene.award}),
    "charging.close_month": ActionRow("finance", lambda _: {"programme": OWN, "month": Month(2026, 2)}),
    "charging.record_usage": ActionRow("cluster_admin", lambda _: {"rows": [], "programme": OWN, "source": "by hand"}),
    "charging.import_usage_file": ActionRow(
        "cluster_admin",
        lambda _: {
            "path": Path("nowhere.txt"),
            "options": UsageOptions(site="here"),
            "programme": OWN,
            "told": {},
        },
    ),
    "jobs.submit_job": ActionRow(
        "member",
        lambda scene: {
            "request": JobRequest(
                award=scene.award, site="nowhere", name="a job", argv=("true",), devices={}, time_limit_seconds=60
            )
        },
    ),
    "jobs.cancel_job": ActionRow("member, cluster_admin", lambda scene: {"code": scene.job}),
    **collected("ACTIONS"),
}
NO_PERMISSION_OF_THEIR_OWN = {
    "jobs.refresh_jobs": "asks the sites about the jobs that the actor sees, and changes nothing else",
    "allocations.grant_allocation": "a reaction",
    "allocations.replace_allocation": "a reaction",
    "charging.lease_on_variation": "a reaction",
    "charging.lease_on_award": "a reaction",
    "charging.shorten_lease_on_end": "a reaction",
    "charging.release_when_charged": "a reaction",
    "charging.release_charged_awards": "a reaction",
    "statements.issue_documents": "a reaction",
    **collected("NO_PERMISSION"),
}
HIDDEN = {
    "calls.call.unknown",
    "applications.application.unknown",
    "awards.award.unknown",
    "jobs.job.unknown",
    *collected("HIDDEN"),
}


def test_no_action_is_left_out() -> None:
    assert set(REGISTRY) == set(PERMISSIONS) | set(NO_PERMISSION_OF_THEIR_OWN)


def test_reactions_without_permission_stand_in_the_table_of_reactions() -> None:
    reactions = {name for name, why in NO_PERMISSION_OF_THEIR_OWN.items() if why == "a reaction"}
    assert reactions <= {row.action_name for row in TABLE}


def _tried(action: str, who: str, arguments: dict[str, Any]) -> LionrockError | None:
    """Do the action, return what stood in its way, and leave nothing of it behind."""
    error: LionrockError | None = None
    with transaction.atomic():
        try:
            with transaction.atomic():
                REGISTRY[action](actor=ACTORS[who], now=NOW, **arguments)
        except LionrockError as raised:
            error = raised
        transaction.set_rollback(True)
    return error


def _is_denial(error: LionrockError | None) -> bool:
    return isinstance(error, NotAllowed) or (isinstance(error, NotFound) and error.code in HIDDEN)


@pytest.mark.parametrize("action", sorted(PERMISSIONS))
def test_only_those_who_may(action: str, scene: Scene) -> None:
    arguments = PERMISSIONS[action].arguments(scene)
    denied = {who for who in ACTORS if _is_denial(_tried(action, who, arguments))}
    assert denied == {who for who in ACTORS if not PERMISSIONS[action].may(who)}


@pytest.mark.parametrize("action", sorted(PERMISSIONS))
def test_a_denial_leaves_no_trace(action: str, scene: Scene) -> None:
    arguments = PERMISSIONS[action].arguments(scene)
    before = AuditRecord.objects.count()
    with pytest.raises((NotAllowed, NotFound)):
        REGISTRY[action](actor=ACTORS["nobody"], now=NOW, **arguments)
    assert AuditRecord.objects.count() == before


ELSEWHERE_RECORDED = {
    "charging.record_usage": "an empty list records nothing",
    "charging.import_usage_file": "tested with a file, in tests/charging",
    "charging.close_month": "tested with charges, in tests/charging",
    "awards.release_award": "tested with an ended award, in tests/awards",
    "jobs.submit_job": "tested with a site, in tests/jobs",
    "jobs.cancel_job": "tested with a site, in tests/jobs",
    **collected("ELSEWHERE_RECORDED"),
}


@pytest.mark.parametrize("action", sorted(set(PERMISSIONS) - set(ELSEWHERE_RECORDED)))
def test_each_action_leaves_its_record(action: str, scene: Scene) -> None:
    REGISTRY[action](actor=OPERATOR, now=NOW, **PERMISSIONS[action].arguments(scene))
    kept = AuditRecord.objects.filter(action=action).latest("id")
    assert (kept.actor, kept.at) == (OPERATOR.email, NOW)
    assert kept.subject
