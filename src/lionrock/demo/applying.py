"""How the story's organisations apply: a draft, the whole form from what the story tells, documents, submission."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lionrock.applications.actions import attach, draft_application, import_application, submit_application
from lionrock.applications.domain import Request
from lionrock.applications.domain.asked import Asked, is_owed
from lionrock.applications.models import Application as Filed
from lionrock.applications.queries import asked_of, values_of
from lionrock.calls.models import Call
from lionrock.demo.papers import in_language, paper
from lionrock.demo.stage import Stage
from lionrock.demo.story import Answers, Application, Organisation
from lionrock.kernel.errors import Broken
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.people.domain import Actor
from lionrock.people.queries import actor_by_email
from lionrock.rules.terms import Document, Label

PROPOSAL = "proposal"


@dataclass
class Applying:
    """The applications of the story, one after another; what an organisation has on paper is made once."""

    stage: Stage
    call: Call
    now: datetime
    on_paper: dict[tuple[str, str], bytes] = field(default_factory=dict)

    def apply(self, told: Application) -> str:
        """Have one application drafted, filled, furnished with its documents and handed in; return its code."""
        organisation = next(one for one in self.stage.story.organisations if one.code == told.organisation)
        actor = actor_by_email(organisation.member.email)
        draft = self._draft(actor, told)
        self._fill(actor, draft, organisation, told)
        self._attach(actor, draft, organisation, told)
        return submit_application(actor=actor, application=draft.code, now=self.now).code

    def _draft(self, actor: Actor, told: Application) -> Filed:
        asked = told.request
        declarations = self.stage.programme.at(self.now.date()).declarations()
        return draft_application(
            actor=actor,
            call=self.call.code,
            organisation=told.organisation,
            category=told.category,
            title=told.names.en,
            title_zh_hant=told.names.zh_hant,
            title_zh_hans=told.names.zh_hans,
            request=Request(asked.item, asked.count, asked.months, self.stage.day(asked.day), asked.hours),
            declarations=[declaration.id for declaration in declarations],
            other_subsidy=False,
            now=self.now,
        )

    def _fill(self, actor: Actor, draft: Filed, organisation: Organisation, told: Application) -> None:
        words = {"starts": str(self.stage.day(told.request.day)), "signed": str(self.now.date())}
        answers = _merged(self.stage.story.usual, organisation.answers, told.answers)
        file = io.BytesIO(json.dumps({"answers": _worded(answers, words)}).encode())
        brought = import_application(actor=actor, application=draft.code, file=file, name="story.json", now=self.now)
        if brought.faults:
            said = gettext_noop("The story's answers of {organisation} do not fit the form: {fault}")
            raise Broken("demo.story.answers", message(said, organisation=told.organisation, fault=brought.faults[0]))

    def _attach(self, actor: Actor, draft: Filed, organisation: Organisation, told: Application) -> None:
        asked = asked_of(draft, self.now)
        for document in _documents(asked, draft, organisation):
            content = self._paper(document, organisation, told)
            attach(
                actor=actor,
                application=draft.code,
                document=document.id,
                name=f"{document.id}-{told.organisation}.pdf",
                content=io.BytesIO(content),
                now=self.now,
            )

    def _paper(self, document: Document, organisation: Organisation, told: Application) -> bytes:
        footer = self.stage.story.specimen
        if document.id == PROPOSAL:
            language = told.proposal.language
            title = in_language(told.names, language)
            return paper(
                language, title, [in_language(organisation.names, language), told.proposal.text], footer=footer
            )
        known = (organisation.code, document.id)
        if known not in self.on_paper:
            names, label = organisation.names, document.label
            lines = [names.en, names.zh_hant, names.zh_hans, *(_label(label, each) for each in ("zh-hant", "zh-hans"))]
            self.on_paper[known] = paper("en", _label(label, "en"), lines, footer=footer)
        return self.on_paper[known]


def _label(label: Label, language: str) -> str:
    return str(label) if isinstance(label, Message) else label.in_language(language)


def _documents(asked: Asked, draft: Filed, organisation: Organisation) -> Iterator[Document]:
    """Yield the documents that an organisation owes, and those that it has besides."""
    for document in asked.documents(values_of(draft)):
        if is_owed(document) or document.id in organisation.has:
            yield document


def _merged(usual: Answers, organisation: Answers, told: Answers) -> dict[str, Any]:
    """Return the answers of one application: each entry of a part over what is usual there."""
    parts: dict[str, Any] = {}
    for name in dict.fromkeys((*usual, *organisation, *told)):
        common = {**usual.get(name, {}), **organisation.get(name, {})}
        own = told.get(name, {})
        parts[name] = [{**common, **entry} for entry in own] if isinstance(own, list) else {**common, **own}
    return parts


def _worded(answers: Any, words: Mapping[str, str]) -> Any:
    """Return answers with {starts} and the like replaced by what they stand for."""
    if isinstance(answers, Mapping):
        return {name: _worded(each, words) for name, each in answers.items()}
    if isinstance(answers, list):
        return [_worded(each, words) for each in answers]
    return answers.format(**words) if isinstance(answers, str) else answers
