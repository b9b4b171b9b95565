"""Answers that cannot stand: unknown questions and options, two where one is asked, contradictions."""

from __future__ import annotations

from collections.abc import Iterator

from lionrock.assurance.domain.answering import Answers, Sheet
from lionrock.assurance.domain.rules import Edition, Question
from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.findings import Outcome
from lionrock.kernel.messages import gettext_noop, message
from lionrock.rules.shape import nearest


def check_answers(edition: Edition, answers: Answers) -> Sheet:
    """Return the sheet of these answers; raises `Invalid` with a fault for each that cannot stand."""
    if not edition.tiers:
        said = message(
            gettext_noop("No rules of assurance stand on {value}. Name a later day."), value=edition.on.isoformat()
        )
        fault = Fault("assurance.edition.none", said, field="on", value=edition.on.isoformat())
        raise Invalid("assurance.edition.none", said, faults=[fault])
    faults = faults_of(edition, answers)
    if faults:
        said = message(
            gettext_noop("{count} of the answers cannot stand. Correct them; nothing is lost."), count=len(faults)
        )
        raise Invalid("assurance.answers", said, faults=faults)
    return Sheet(edition, answers)


def faults_of(edition: Edition, answers: Answers) -> list[Fault]:
    """Return a fault for each answer that cannot stand; contradictions are looked for where each stands by itself."""
    faults = [fault for name, chosen in answers.items() for fault in _wrong(edition, name, chosen)]
    return faults or list(_contradicting(Sheet(edition, answers)))


def _wrong(edition: Edition, name: str, chosen: tuple[str, ...]) -> Iterator[Fault]:
    question = next((each for each in edition.questions if each.id == name), None)
    if question is None:
        known = nearest(name, [each.id for each in edition.questions])
        said = message(
            gettext_noop("“{value}” is no question of this edition. Perhaps you meant: {known}."),
            value=name,
            known=known,
        )
        yield Fault("assurance.answers.question", said, field=name, value=name)
        return
    yield from _unknown_options(question, chosen)
    if len(chosen) != 1 and not question.many:
        said = message(
            gettext_noop("{field} has {count} answers where one is asked. Choose one."), field=name, count=len(chosen)
        )
        yield Fault("assurance.answers.one", said, field=name, value=", ".join(chosen))


def _unknown_options(question: Question, chosen: tuple[str, ...]) -> Iterator[Fault]:
    options = [option.id for option in question.options]
    for value in chosen:
        if value not in options:
            said = message(
                gettext_noop("“{value}” is no answer to {field}. Choose from: {known}."),
                value=value,
                field=question.id,
                known=", ".join(options),
            )
            yield Fault("assurance.answers.option", said, field=question.id, value=value)


def _contradicting(sheet: Sheet) -> Iterator[Fault]:
    for each in sheet.edition.contradictions:
        if sheet.holds(each.when) is Outcome.MET:
            named = [test.question for group in each.when for test in group if test.question in sheet.answers]
            said = message(gettext_noop("{field} contradicts another answer: {says}"), field=named[-1], says=each.names)
            value = ", ".join(sheet.answers[named[-1]])
            yield Fault("assurance.answers.contradiction", said, field=named[-1], value=value)
