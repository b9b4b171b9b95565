"""Asking the API as a program does: with a token, and JSON both ways."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from lionrock.api.actions import issue_token
from lionrock.api.domain.tokens import Scope, usable_scopes
from lionrock.api.models import Token
from lionrock.people.models import Person
from lionrock.people.queries import actor_of


def token_for(email: str, *scopes: Scope, days: int = 30) -> str:
    """Return a token of a person, with all scopes that are of any use to them unless some are named."""
    person = Person.objects.get(email=email)
    wanted = scopes or usable_scopes(actor_of(person))
    return issue_token(person=person, name="a script", scopes=wanted, days=days, now=timezone.now()).secret


def expired(secret: str) -> str:
    """Let a token have expired."""
    token = Token.objects.get(hint__endswith=secret[-4:])
    now = timezone.now()
    Token.objects.filter(pk=token.pk).update(created_at=now - timedelta(days=2), expires_at=now - timedelta(days=1))
    return secret


@dataclass
class Program:
    """A program with its token; the answers are Django's."""

    secret: str = ""
    client: Client | None = None

    def ask(self, method: str, path: str, body: Any = None, *, key: str | None = "new", **headers: str) -> HttpResponse:
        """Ask once; a write has a new key unless one is given, None for none at all."""
        bearer = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        sent = {**bearer, **{name.replace("_", "-"): text for name, text in headers.items()}}
        if method == "POST" and key is not None:
            sent["Idempotency-Key"] = str(uuid.uuid4()) if key == "new" else key
        content = sent.pop("Content-Type", "application/json")
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        client = self.client or Client()
        return client.generic(method, f"/api/v1/{path}", data, content, headers=sent)  # type: ignore[return-value]

    def get(self, path: str, **headers: str) -> Any:
        """Ask for something that is there, and return its JSON."""
        answer = self.ask("GET", path, **headers)
        assert answer.status_code == 200, answer.content
        return json.loads(answer.content)


def problem(answer: HttpResponse) -> tuple[int, str]:
    """Return status and code of a problem document."""
    assert answer["Content-Type"].startswith("application/problem+json"), answer.content
    document = json.loads(answer.content)
    assert document["status"] == answer.status_code
    assert document["type"] == f"urn:lionrock:error:{document['code']}"
    assert document["detail"]
    return answer.status_code, document["code"]


def opening_all(email: str) -> str:
    """Return a token that has every scope, whatever its person's roles: nobody can make one, and it helps nobody."""
    made = token_for(email, Scope.READ)
    Token.objects.filter(hint__endswith=made[-4:]).update(scopes=[scope.value for scope in Scope])
    return made
