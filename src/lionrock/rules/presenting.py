"""Programmes and quotes as text for people and as data for machines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lionrock.kernel.findings import Citation, Finding, ParameterRead
from lionrock.kernel.money import Money
from lionrock.rules.forms import DatedForm, FormField, FormPart
from lionrock.rules.items import Item
from lionrock.rules.programme import Programme
from lionrock.rules.quotes import Quote
from lionrock.rules.shape import LANGUAGES, Names
from lionrock.rules.terms import Terms
from lionrock.rules.units import decimal_text
from lionrock.rules.values import Parameter
from lionrock.terminal.output import Table

NOT_SET = "not set"
CELL = 48
"""Characters of a value that a table shows; JSON holds all of it."""


def programme_table(programmes: Sequence[Programme]) -> Table:
    """Return the list of programmes."""
    rows = [
        (each.id, each.names.en, each.currency, each.zone.key, each.opens, each.identity.extends or "")
        for each in programmes
    ]
    return Table(("Programme", "Name", "Currency", "Time zone", "Opens", "Extends"), rows)


def programme_text(terms: Terms) -> str:
    """Return the terms of a day: identity, parameters, prices, what is not set, sources."""
    parts = [
        _identity(terms),
        _parameters(terms).render(),
        _items(terms).render(),
        _form(terms),
        _unset(terms),
        "\n".join(["Sources", *(_source(citation) for citation in _citations(terms))]),
    ]
    return "\n\n".join(parts)


def _identity(terms: Terms) -> str:
    programme = terms.programme
    names = [programme.names.en, programme.names.zh_hant, programme.names.zh_hans]
    about = f"{programme.id}: {' · '.join(name for name in names if name)}"
    extends = f", extends {programme.identity.extends}" if programme.identity.extends else ""
    return f"{about}\n{programme.currency}, {programme.zone.key}, opens {programme.opens}{extends}\nTerms on {terms.on}"


def _parameters(terms: Terms) -> Table:
    rows = [_parameter_row(parameter, terms) for parameter in terms.programme.parameters.values()]
    return Table(("Parameter", "Value", "Unit", "Since", "Grade", "Source"), rows)


def _parameter_row(parameter: Parameter, terms: Terms) -> tuple[object, ...]:
    read = parameter.read(terms.on)
    return (parameter.path, _short(read.value or NOT_SET), parameter.unit.id, read.since or "", *_graded(read))


def _short(text: str) -> str:
    return text if len(text) <= CELL else f"{text[: CELL - 1]}…"


def _graded(read: ParameterRead) -> tuple[str, str]:
    return (read.citation.grade.value, read.citation.source) if read.citation else ("", "")


def _items(terms: Terms) -> Table:
    rows = [_item_row(listed, listed.read_at(terms.starts)) for listed in _lists(terms.programme)]
    return Table(("Item", "Name", "Mode", "Price", "Unit", "Since", "Grade", "Source"), rows, frozenset({"Price"}))


def _lists(programme: Programme) -> list[Item]:
    return [listed for item in programme.items.values() for listed in item.lists]


def _item_row(item: Item, read: ParameterRead) -> tuple[object, ...]:
    price = read.value or NOT_SET
    named = item.id if item.site is None else f"{item.id} at {item.site}"
    return (named, item.names.en, item.mode, price, item.unit, read.since or "", *_graded(read))


def _form(terms: Terms) -> str:
    """Return the questions of the application form, or that none is known."""
    version = terms.programme.dated_form(terms.on)
    if version is None or version.form is None:
        return "No application form is known."
    cited = f"[{version.citation.grade}] {version.citation.source}"
    rows = [_question_row(part, each) for part in version.form.parts for each in part.fields]
    table = Table(("Question", "Name", "Kind", "Answer", "Languages", "Limits"), rows)
    return f"Application form since {version.since}, {cited}\n{table.render()}"


def _question_row(part: FormPart, field: FormField) -> tuple[object, ...]:
    path = f"{part.id}.{'*.' if part.repeats else ''}{field.id}"
    return (path, _short(field.names.en), field.kind, _asked(field), ", ".join(field.languages), _limits(field))


def _asked(field: FormField) -> str:
    asked = "required" if field.required else "optional"
    return f"{asked} of {', '.join(field.shown_to)}" if field.shown_to else asked


def _limits(field: FormField) -> str:
    limits = {
        "words": field.longest.words,
        "characters": field.longest.characters,
        "at least": field.least,
        "at most": field.most,
        "options": len(field.options) or None,
    }
    return ", ".join(f"{what} {limit}" for what, limit in limits.items() if limit is not None)


def _unset(terms: Terms) -> str:
    lines = [f"  {unset.path}  {unset.label}" for unset in terms.needed_to_open()]
    if not lines:
        return "Everything that a call needs is set."
    return "\n".join(["Not set, and needed before a call can open:", *lines])


def _citations(terms: Terms) -> Iterable[Citation]:
    programme = terms.programme
    reads = [parameter.read(terms.on) for parameter in programme.parameters.values()]
    reads += [listed.read_at(terms.starts) for listed in _lists(programme)]
    form = programme.dated_form(terms.on)
    asked = [form.citation, *_part_citations(form)] if form else []
    cited = [*programme.identity.citations.values(), *asked, *(read.citation for read in reads if read.citation)]
    return {citation.source: citation for citation in cited}.values()


def _part_citations(version: DatedForm) -> list[Citation]:
    parts = version.form.parts if version.form else ()
    return [part.citation for part in parts if part.citation]


def _source(citation: Citation) -> str:
    dated = citation.dated.isoformat() if citation.dated else "undated"
    address = citation.address or "no public address"
    return f"  [{citation.grade}] {citation.source}: {citation.publisher}, “{citation.title}”, {dated}, {address}"


def quote_text(quote: Quote) -> str:
    """Return a quote for people: the amounts, the findings, the sources."""
    request = quote.request
    period = f"{request.months} months" if request.months is not None else f"{request.hours} hours"
    amounts = [
        ("List price", quote.list_price),
        (f"Scheme's share ({decimal_text(quote.rate)})", quote.scheme_share),
        ("User's share", quote.user_share),
    ]
    width = max(len(str(amount)) for _, amount in amounts)
    what = f"{request.count} × {request.item} × {period} at {quote.unit_price}"
    lines = [
        f"{quote.programme}: {what}, on {request.on}, for {request.category}",
        "",
        *(f"{label:<24}{amount!s:>{width}}" for label, amount in amounts),
        "",
        "Findings",
        *(f"  {_finding(finding)}" for finding in quote.findings),
        "",
        "Sources",
        *(f"{_source(citation)}\n    for {_cited_for(citation, quote)}" for citation in quote.sources),
    ]
    return "\n".join(lines)


def _cited_for(citation: Citation, quote: Quote) -> str:
    return ", ".join(read.path for read in quote.reads if read.citation == citation)


def _finding(finding: Finding) -> str:
    remedy = f" {finding.remedy}" if finding.remedy else ""
    return f"[{finding.outcome}] {finding.message}{remedy}"


def _money(amount: Money) -> dict[str, object]:
    return {"amount": str(amount.decimal), "minor": amount.minor, "currency": amount.currency}


def _citation(citation: Citation | None) -> dict[str, object] | None:
    if citation is None:
        return None
    return {
        "source": citation.source,
        "publisher": citation.publisher,
        "title": citation.title,
        "date": citation.dated,
        "address": citation.address,
        "grade": citation.grade.value,
    }


def _read(read: ParameterRead) -> dict[str, object]:
    return {
        "path": read.path,
        "value": read.value,
        "since": read.since,
        "citation": _citation(read.citation),
    }


def finding_data(finding: Finding) -> dict[str, object]:
    """Return a finding as data, with the parameters that it rests on."""
    return {
        "rule": finding.rule,
        "outcome": finding.outcome.value,
        "message": str(finding.message),
        "remedy": str(finding.remedy) if finding.remedy else None,
        "facts": dict(finding.facts),
        "parameters": [_read(read) for read in finding.parameters],
    }


def quote_data(quote: Quote) -> dict[str, object]:
    """Return a quote as data."""
    request = quote.request
    exceptional = request.exceptional
    return {
        "programme": quote.programme,
        "on": request.on,
        "category": request.category,
        "item": request.item,
        "mode": quote.mode.value,
        "count": request.count,
        "months": request.months,
        "hours": None if request.hours is None else str(request.hours),
        "unit_price": str(quote.unit_price.decimal),
        "rate": decimal_text(quote.rate),
        "reason": exceptional.reason if exceptional else None,
        "decided_by": exceptional.decided_by if exceptional else None,
        "list_price": _money(quote.list_price),
        "scheme_share": _money(quote.scheme_share),
        "user_share": _money(quote.user_share),
        "findings": [finding_data(finding) for finding in quote.findings],
        "reads": [_read(read) for read in quote.reads],
        "sources": [_citation(citation) for citation in quote.sources],
    }


def programme_data(terms: Terms) -> dict[str, object]:
    """Return the terms of a day as data."""
    programme = terms.programme
    return {
        "id": programme.id,
        "names": _names(programme.names),
        "currency": programme.currency,
        "time_zone": programme.zone.key,
        "opens": programme.opens,
        "extends": programme.identity.extends,
        "on": terms.on,
        "parameters": [
            _read(parameter.read(terms.on)) | {"unit": parameter.unit.id, "label": str(parameter.label)}
            for parameter in programme.parameters.values()
        ],
        "items": [
            _read(listed.read_at(terms.starts))
            | {"id": listed.id, "site": listed.site, "mode": listed.mode.value, "unit": listed.unit.value}
            for listed in _lists(programme)
        ],
        "form": _form_data(programme.dated_form(terms.on)),
        "needed_to_open": [unset.path for unset in terms.needed_to_open()],
    }


def _names(names: Names | None) -> dict[str, str] | None:
    return {code: names.in_language(code) for code in LANGUAGES} if names else None


def _form_data(version: DatedForm | None) -> dict[str, object] | None:
    """Return what is known of a form as data; null parts: no form is known."""
    if version is None:
        return None
    parts = [_part_data(part) for part in version.form.parts] if version.form else None
    return {"since": version.since, "citation": _citation(version.citation), "note": version.note, "parts": parts}


def _part_data(part: FormPart) -> dict[str, object]:
    return {
        "id": part.id,
        "names": _names(part.names),
        "help": _names(part.help),
        "least": part.least,
        "most": part.most,
        "repeats": part.repeats,
        "citation": _citation(part.citation),
        "fields": [_field_data(each) for each in part.fields],
    }


def _field_data(field: FormField) -> dict[str, object]:
    return {
        "id": field.id,
        "kind": field.kind.value,
        "core": field.core.value if field.core else None,
        "names": _names(field.names),
        "help": _names(field.help),
        "required": field.required,
        "languages": list(field.languages),
        "required_languages": list(field.required_languages),
        "longest": {"words": field.longest.words, "characters": field.longest.characters},
        "least": field.least,
        "most": field.most,
        "options": {option.id: _names(option.names) for option in field.options},
        "shown_to": list(field.shown_to),
        "identifies": field.identifies,
        "note": field.note,
        "portion": field.portion.value if field.portion else None,
        "unit": field.unit,
    }
