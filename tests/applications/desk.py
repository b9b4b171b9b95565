"""Somebody who fills in an application on the pages: the world's call is open, and members are signed in."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client
from tests.calls.world import NOW, OPERATOR

from lionrock.applications.models import Application
from lionrock.people.actions import grant_role, register_person
from lionrock.people.domain import Role
from lionrock.people.models import Person

APPLICANT = {
    **{f"applicant.{field}.{language}": "Harbour" for field in ("name", "address") for language in ("en", "zh-hant")},
    "applicant.description.en": "A university by the water.",
    "applicant.description.zh-hant": "海邊的大學。",
    "applicant.employees": "1200",
    "applicant.rnd-employees": "300",
    "applicant.contact-1-name.en": "Chan Tai Man",
    "applicant.contact-1-title.en": "Professor",
    "applicant.contact-1-telephone": "+852 2123 4567",
    "applicant.contact-1-email": "chan@example.org",
}
SIGNATORY = {"signatory.name": "Ho Mei Ling", "signatory.title": "Provost", "signatory.date": "2026-03-02"}
PROJECT = {
    "title.en": "Storms over the delta",
    "title.zh-hant": "三角洲風暴",
    "summary.en": "We learn how storms turn.",
    "summary.zh-hant": "研究風暴如何轉向。",
    "starts": "2026-04-01",
    "cards": "8",
    "months": "3",
    "technology-areas": ["computer-science"],
    "industry-sectors": ["transportation"],
    "rnd-staff-local": "4",
    "rnd-staff-non-local": "1",
    "deliverables": "A model and its weights.",
    "patents": "0",
    "publications": "2",
    "awards": "0",
    "model-type": "Graph network",
    "model-size": "200 million parameters",
    "batch-size": "64",
    "precision": "BF16",
    "datasets": "Forty years of satellite pictures.",
    "training-inference": "Nine tenths training.",
    "gpu-use": "Eight cards for three months.",
    "advantages": "We have done this before.",
    "contribution-ai": "An open model.",
    "contribution-growth": "Earlier warnings.",
    "resubmission": "no",
}
REQUEST = {
    "request.category": "university",
    "request.title.en": "Weather models",
    "request.title.zh-hant": "天氣模型",
    "request.purpose": "Warnings a day earlier.",
    "request.item": "h800-node",
    "request.count": "1",
    "request.months": "3",
    "request.starts": "2026-04-01",
    "request.other-subsidy": "no",
}


@dataclass
class Desk:
    """A browser without script, and who sits at it."""

    client: Client
    person: Person

    def begin(self) -> Application:
        """Begin an application by its page."""
        self.client.post("/applications/new", typed_in(self.client.get("/applications/new")))
        return Application.objects.latest("id")

    def save(self, address: str, typed: dict[str, Any], **more: Any) -> HttpResponse:
        """Open a page of the form, type, and press a button."""
        return self.client.post(address, typed_in(self.client.get(address)) | typed | more)  # type: ignore[return-value]

    def fill(self, code: str) -> None:
        """Fill every part of the form with one project, and sign every declaration; nothing is attached."""
        form = f"/applications/{code}/form"
        for part, typed in (("request", REQUEST), ("applicant", APPLICANT), ("signatory", SIGNATORY)):
            assert self.save(f"{form}/{part}", typed).status_code == 302, part
        project = {f"project.1.{key}": value for key, value in PROJECT.items()}
        assert self.save(f"{form}/project/1", project).status_code == 302
        page = self.client.get(f"/applications/{code}/submit")
        signed = {f"declaration:{each.declaration.id}": "yes" for each in page.context["signatures"]}
        assert self.client.post(f"/applications/{code}/submit", typed_in(page) | signed).status_code == 302


class _Reader(HTMLParser):
    """Collects what each form of a page would send as it stands."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []
        self._text: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        name, kind, value = held.get("name"), held.get("type"), held.get("value") or ""
        if tag == "form":
            self.forms.append({})
        elif tag == "textarea" and name:
            self._text = name
            self.forms[-1][name] = ""
        elif tag == "input" and name and self.forms and (kind not in {"radio", "checkbox"} or "checked" in held):
            self._put(name, kind, value, flag="data-flag" in held)

    def _put(self, name: str, kind: str | None, value: str, *, flag: bool) -> None:
        if kind == "checkbox" and not flag:
            self.forms[-1].setdefault(name, []).append(value)
        elif kind != "file":
            self.forms[-1][name] = value

    def handle_data(self, data: str) -> None:
        if self._text:
            self.forms[-1][self._text] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._text:
            self.forms[-1][self._text] = self.forms[-1][self._text].removeprefix("\n")
            self._text = None


def typed_in(page: HttpResponse) -> dict[str, Any]:
    """Return what the longest form of a page would send as it stands."""
    reader = _Reader()
    reader.feed(page.content.decode())
    return max(reader.forms, key=len)


def sign_in(email: str, role: Role = Role.MEMBER, **place: str) -> Desk:
    """Put somebody on file, give them a role, and sit them down."""
    register_person(actor=OPERATOR, email=email, name=email.partition("@")[0].title(), now=NOW)
    if place:
        grant_role(actor=OPERATOR, email=email, role=role, now=NOW, **place)
    client, person = Client(), Person.objects.get(email=email)
    client.force_login(person)
    return Desk(client, person)
