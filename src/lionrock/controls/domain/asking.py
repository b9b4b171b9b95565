"""Checking a question before it is answered: days, countries, uses; every fault at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from datetime import date

from lionrock.controls.domain.answers import Question
from lionrock.controls.domain.rules import Book
from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import Message, gettext_noop, message


def check_question(book: Book, question: Question) -> None:
    """Raise `Invalid` with every fault of a question."""
    faults = [*_day(book, question.on), *_places(book, question), *_uses(book, question)]
    if not question.items:
        said = message(gettext_noop("Nothing is asked about. Name at least one item of the catalogue."))
        faults.append(Fault("controls.question.empty", said, field="chip_id"))
    if faults:
        raise wrong(faults)


def wrong(faults: list[Fault]) -> Invalid:
    """Return the error for the faults of a question: the fault itself when there is one."""
    if len(faults) == 1:
        return Invalid(faults[0].code, faults[0].message, faults=faults)
    return Invalid(
        "controls.question.faults",
        message(gettext_noop("{count} faults in the question."), count=len(faults)),
        faults=faults,
    )


def _day(book: Book, on: date) -> Iterator[Fault]:
    try:
        book.governing(on)
    except Invalid as early:
        yield from early.faults


def _places(book: Book, question: Question) -> Iterator[Fault]:
    given = {
        "destination": question.destination,
        "exporting_from": question.exporting_from,
        "end_user_hq_country": question.headquarters,
    }
    for field, country in given.items():
        if country is None:
            continue
        if country not in book.atlas.names:
            yield Fault("controls.country.unknown", _no_country(book, country, field), field=field, value=country)
            continue
        early = book.atlas.unanswered(country, question.on)
        if early:
            said = message(
                gettext_noop("Nothing can be said of {value} before {since}, when it came to be read as {other}."),
                value=country,
                since=early.since,
                other=early.other,
            )
            yield Fault("controls.country.too_early", said, field=field, value=country)


def _no_country(book: Book, country: str, field: str) -> Message:
    meant = _meant(book, country)
    if meant is None:
        return message(
            gettext_noop("“{value}” in {field} is no country code of ISO 3166-1. Write two letters, such as SG."),
            value=country,
            field=field,
        )
    return message(
        gettext_noop("“{value}” in {field} is no country code of ISO 3166-1. Perhaps you meant: {known}."),
        value=country,
        field=field,
        known=meant,
    )


def _meant(book: Book, country: str) -> str | None:
    """Return the code of a country of about that name, or a code that is spelt about so."""
    codes = {names.en.casefold(): code for code, names in book.atlas.names.items()} | {
        code.casefold(): code for code in book.atlas.names
    }
    found = difflib.get_close_matches(country.casefold(), codes, n=1)
    return codes[found[0]] if found else None


def _uses(book: Book, question: Question) -> Iterator[Fault]:
    for use in question.uses:
        if use not in book.uses:
            said = message(
                gettext_noop("“{value}” is no end use on file. Those that are: {known}."),
                value=use,
                known=", ".join(book.uses),
            )
            yield Fault("controls.use.unknown", said, field="use", value=use)
