"""An application with the assessors, people who may be asked, and each step of assessing in a line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from tests.calls.world import NOW, OPERATOR, World, holder
from tests.review import sheets

from lionrock.applications.models import Application
from lionrock.kernel.errors import LionrockError
from lionrock.notices.models import Notice
from lionrock.people.actions import grant_role, register_organisation, register_person
from lionrock.people.domain import Actor, Role
from lionrock.people.models import Person
from lionrock.people.queries import actor_by_email
from lionrock.review.actions import assign_assessor, declare_interests, save_scores, submit_scores
from lionrock.review.domain import Declared, Typed
from lionrock.review.models import Assignment
from lionrock.review.queries import Result, results

LATER = NOW + timedelta(hours=1)


@dataclass
class Board:
    """One programme's office and assessors, and one application that is theirs to assess."""

    world: World
    application: Application
    people: dict[str, Actor] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """The application's code."""
        return self.application.code

    def actor(self, role: Role) -> Actor:
        """Return somebody with one role for the programme, on file or not."""
        return holder(role, self.world.programme)

    def person(self, name: str, role: Role | None = None, organisation: str = "") -> Actor:
        """Put somebody on file, with a role for the programme or as a member."""
        email = f"{name}@example.org"
        if not Person.objects.filter(email=email).exists():
            register_person(actor=OPERATOR, email=email, name=name.title(), now=NOW)
        if role is not None:
            grant_role(actor=OPERATOR, email=email, role=role, programme=self.world.programme, now=NOW)
        if organisation:
            grant_role(actor=OPERATOR, email=email, role=Role.MEMBER, organisation=organisation, now=NOW)
        return actor_by_email(email)

    def assessor(self, name: str, organisation: str = "") -> Actor:
        """Put an assessor on file."""
        return self.person(name, Role.ASSESSOR, organisation)

    def organisation(self, code: str, name: str, hant: str = "") -> None:
        """Put an organisation on file."""
        register_organisation(actor=OPERATOR, code=code, name=name, name_zh_hant=hant, now=NOW)

    def asked(self, who: Actor, **facts: Any) -> Assignment:
        """Assign somebody."""
        given = {"actor": OPERATOR, "application": self.code, "assessor": who.email, "now": NOW}
        return assign_assessor(**(given | facts))

    def cleared(self, who: Actor) -> Assignment:
        """Assign somebody who declares that there is no conflict."""
        return declare_interests(actor=who, assignment=self.asked(who).pk, declared=Declared.CLEAR, now=NOW)

    def declared(self, who: Actor) -> Assignment:
        """Have somebody who is asked declare that there is no conflict."""
        found = Assignment.objects.get(application=self.application, assessor__email=who.email)
        return declare_interests(actor=who, assignment=found.pk, declared=Declared.CLEAR, now=NOW)

    def handed_in(self, who: Actor, found: Assignment) -> Assignment:
        """Have somebody hand in what is typed."""
        return submit_scores(actor=who, assignment=found.pk, now=LATER)

    def typed(self, who: Actor, found: Assignment, mark: int = 3, **boxes: str) -> None:
        """Fill a sheet: one mark everywhere, comments, and the boxes named, written as alignment_1."""
        changed = {key.replace("__", "-").replace("_", "."): text for key, text in boxes.items()}
        full = sheets.typed(self.application, mark) | changed
        save_scores(actor=who, assignment=found.pk, typed={k: Typed(v) for k, v in full.items()}, now=NOW)

    def scored(self, who: Actor, mark: int = 3, **boxes: str) -> Assignment:
        """Take somebody from being asked to having handed in."""
        found = self.cleared(who)
        self.typed(who, found, mark, **boxes)
        return self.handed_in(who, found)

    def result(self, viewer: Actor = OPERATOR) -> Result | None:
        """Return what the assessors came to, as a viewer sees it."""
        return results(viewer, [self.reread()]).get(self.application.pk)

    def reread(self) -> Application:
        """Return the application as it stands in the database."""
        return Application.objects.select_related("call", "organisation").get(pk=self.application.pk)

    def told(self, who: Actor) -> list[str]:
        """Return the sentences that somebody was told, in order."""
        found = Notice.objects.filter(person__email=who.email).order_by("id")
        return [each.said["template"] for each in found]


def put_board(world: World) -> Board:
    """Put an application before the assessors of a programme."""
    application = world.submitted(world.open_call())
    Application.objects.filter(pk=application.pk).update(state="eligible", state_since=NOW)
    return Board(world, Application.objects.select_related("call", "organisation").get(pk=application.pk))


@contextmanager
def refused(kind: type[LionrockError], code: str) -> Iterator[Any]:
    """Expect an error of the product with this code."""
    with pytest.raises(kind) as raised:
        yield raised
    assert raised.value.code == code
