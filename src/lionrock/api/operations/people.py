"""Who one is."""

from __future__ import annotations

from http import HTTPMethod

from pydantic import BaseModel

from lionrock.api.calls import Call, Nothing
from lionrock.api.domain.tokens import Scope
from lionrock.api.registry import operation


class Held(BaseModel):
    """One role, for one programme or one organisation."""

    role: str
    programme: str | None
    organisation: str | None


class Me(BaseModel):
    """The person whose token this is, with what the token may."""

    email: str
    name: str
    language: str
    roles: list[Held]


@operation(HTTPMethod.GET, "me", Scope.READ, pages=("people:account",))
def read_me(call: Call[Nothing, Nothing]) -> Me:
    """Tell who one is, and with which roles this token acts."""
    grants = sorted(call.actor.grants, key=lambda each: (each.programme or "", each.organisation or "", each.role))
    roles = [Held(role=each.role.value, programme=each.programme, organisation=each.organisation) for each in grants]
    return Me(email=call.person.email, name=call.person.name, language=call.person.language, roles=roles)
