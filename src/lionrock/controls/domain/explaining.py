"""What a determination rests on, as findings: each step with its facts, its values and their sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from lionrock.controls.domain.answers import Question, Ruling, Told
from lionrock.controls.domain.classifying import Classified
from lionrock.controls.domain.deciding import Matter
from lionrock.controls.domain.figures import Measure, Quantity
from lionrock.controls.domain.lines import Side, Test
from lionrock.controls.domain.rules import Authorisation, Book, Outcome, Outside, Paragraph, Review, Version
from lionrock.kernel.findings import Citation, Finding, Grade, ParameterRead
from lionrock.kernel.findings import Outcome as Answer
from lionrock.kernel.messages import Message, gettext_noop, message

QUANTITIES: Final = MappingProxyType(
    {
        Quantity.TPP: gettext_noop("Total processing performance"),
        Quantity.DENSITY: gettext_noop("Performance density"),
        Quantity.TRANSFER: gettext_noop("Transfer rate"),
        Quantity.MEMORY: gettext_noop("Memory bandwidth"),
        Quantity.MEMORY_AND_TRANSFER: gettext_noop("Memory bandwidth and transfer rate together"),
        Quantity.STACK_DENSITY: gettext_noop("Memory bandwidth density"),
    }
)
SIDES: Final = MappingProxyType(
    {
        Side.AT_LEAST: gettext_noop("{line} or more"),
        Side.ABOVE: gettext_noop("more than {line}"),
        Side.BELOW: gettext_noop("less than {line}"),
        Side.UP_TO: gettext_noop("{line} or less"),
    }
)
_TESTED: Final = MappingProxyType(
    {
        Answer.MET: gettext_noop("{quantity} is {value}: {side} is met."),
        Answer.NOT_MET: gettext_noop("{quantity} is {value}: {side} is not met."),
        Answer.UNKNOWN: gettext_noop(
            "{quantity} is not known ({value}): whether {side} is met stays open. Find: {missing}."
        ),
    }
)
_REQUIRED: Final = MappingProxyType(
    {
        Authorisation.LICENCE: gettext_noop("A licence is required ({cites})."),
        Authorisation.NAC: gettext_noop(
            "Licence exception NAC holds ({cites}): a notice 25 days before, one consignee and one end user."
        ),
        Authorisation.ACA: gettext_noop("Licence exception ACA holds ({cites}): no notice is needed."),
    }
)


def shown(value: Fraction, places: int = 3) -> str:
    """Return a quantity as text with at most so many decimals, cut off and never rounded across a line."""
    scaled = value.numerator * 10**places // value.denominator
    whole, rest = divmod(scaled, 10**places)
    return f"{whole}.{rest:0{places}d}".rstrip("0").rstrip(".")


def value_shown(measure: Measure) -> Message | str:
    """Return a quantity, or the range that is known of it."""
    if measure.undefined:
        return message(gettext_noop("not defined, since no die counts"))
    if measure.exact is not None:
        return shown(measure.exact)
    if measure.high is None and not measure.low:
        return message(gettext_noop("no figures"))
    return message(gettext_noop("at least {low}"), low=shown(measure.low))


def version_finding(version: Version, on: date) -> Finding:
    """Say which version governs the day."""
    said = message(
        gettext_noop("On {day} the version “{name}” governs, which binds from {since}."),
        day=on,
        name=version.names,
        since=version.since,
    )
    read = ParameterRead(f"versions.{version.id}", str(version.since), version.since, version.citation)
    return Finding("controls.version", Answer.MET, said, {"date": str(on)}, (read,))


def unenforced_findings(book: Book, question: Question) -> Iterator[Finding]:
    """Name what stands in the books on the day and does not govern."""
    for version in book.unenforced(question.on):
        if version.not_enforced and version.not_enforced <= question.on:
            said = message(
                gettext_noop("“{name}” still stands in the books and has not been enforced since {day}."),
                name=version.names,
                day=version.not_enforced,
            )
        else:
            said = message(
                gettext_noop("“{name}” is published and binds only from {day}."), name=version.names, day=version.since
            )
        yield Finding(
            f"controls.unenforced.{version.id}",
            Answer.MET,
            said,
            {},
            (ParameterRead(f"versions.{version.id}", str(version.since), version.published, version.citation),),
        )


def place_findings(question: Question, book: Book) -> Iterator[Finding]:
    """Say which countries are read as another."""
    atlas, on = book.atlas, question.on
    given = dict.fromkeys((question.destination, question.exporting_from, question.headquarters))
    for country in given:
        reading = atlas.reading(country, on) if country else None
        if reading:
            said = message(
                gettext_noop("{country} is read as {other} since {since}."),
                country=atlas.names[reading.country],
                other=atlas.names[reading.other],
                since=reading.since,
            )
            read = ParameterRead(f"countries.read_as.{reading.country}", reading.other, reading.since, reading.citation)
            yield Finding(f"controls.places.{reading.country}", Answer.MET, said, {"country": reading.country}, (read,))


def test_finding(rule: str, test: Test, matter: Matter) -> Finding:
    """Say whether a test is met, with the figures that the quantity is made of and the source of the line."""
    measure = matter.measured[test.quantity]
    met = test.met_by(measure)
    outcome = Answer.UNKNOWN if met is None else Answer.MET if met else Answer.NOT_MET
    said = message(
        _TESTED[outcome],
        quantity=message(QUANTITIES[test.quantity]),
        value=value_shown(measure),
        side=message(SIDES[test.side], line=shown(test.line)),
        missing=", ".join(measure.missing),
    )
    reads = (test.read, *figure_reads(measure, matter))
    facts = {"item": matter.item.id, test.quantity.value: str(value_shown(measure))}
    return Finding(rule, outcome, said, facts, reads)


def figure_reads(measure: Measure, matter: Matter) -> tuple[ParameterRead, ...]:
    """Return the first figures of a quantity, each with the address that it was read from."""
    item = matter.item
    return tuple(
        ParameterRead(
            f"accelerators.{item.id}.{figure.value}",
            shown(item.figures.known[figure]),
            None,
            figure_source(item.sources.get(figure), item.id, item.vendor),
        )
        for figure in measure.basis
    )


def figure_source(address: str | None, item: str, vendor: str) -> Citation | None:
    """Return the source of a figure of the catalogue as a citation; None when it has none."""
    return None if address is None else Citation(address, vendor, item, None, address, Grade.SECONDARY)


def class_findings(version: Version, classified: Classified, matter: Matter) -> Iterator[Finding]:
    """Say of each test of the version what it found, and which paragraph follows."""
    for paragraph in version.paragraphs:
        if paragraph.of is matter.item.figures.kind:
            yield from (test_finding(f"controls.{paragraph.id}", test, matter) for test in paragraph.tests)
    for by in classified.by:
        if isinstance(by, Outside):
            yield from (test_finding(f"controls.{by.id}", test, matter) for test in by.tests)
    yield _class_finding(classified, matter)


def _class_finding(classified: Classified, matter: Matter) -> Finding:
    reads = tuple(_paragraph_read(by) for by in classified.by)
    facts = {"item": matter.item.id, "possible": ", ".join(classified.possible)}
    if len(classified.possible) == 1:
        said = message(
            gettext_noop("{item} falls under: {paragraph}."), item=matter.item.name, paragraph=classified.paragraph
        )
        return Finding("controls.paragraph", Answer.MET, said, facts, reads)
    missing = dict.fromkeys(name for test in classified.open for name in matter.measured[test.quantity].missing)
    said = message(
        gettext_noop("{item} may fall under any of: {possible}."),
        item=matter.item.name,
        possible=", ".join(classified.possible),
    )
    remedy = message(
        gettext_noop("It would be known with: {missing}."), missing=", ".join(missing) or "datacentre_marketed"
    )
    return Finding("controls.paragraph", Answer.UNKNOWN, said, facts, reads, remedy)


def _paragraph_read(by: Paragraph | Outside) -> ParameterRead:
    cites = by.cites if isinstance(by, Outside) else f"ECCN {by.id}"
    return ParameterRead(f"paragraphs.{by.id}", cites, by.since, by.citation)


def ruling_finding(ruling: Ruling, matter: Matter) -> Finding:
    """Say what is required, by which outcome, and for which places."""
    reads = list(dict.fromkeys(read for outcome in ruling.by for read in _outcome_reads(outcome, matter)))
    facts = {"item": matter.item.id, "destination": matter.question.destination}
    if ruling.authorisation is Authorisation.UNKNOWN:
        said = message(
            gettext_noop("What is required is not known. Find: {missing}."), missing=", ".join(ruling.missing) or "–"
        )
        return Finding("controls.outcome", Answer.UNKNOWN, said, facts, tuple(reads))
    if ruling.authorisation in _REQUIRED:
        cites = "; ".join(outcome.cites for outcome in ruling.by) or "–"
        return Finding(
            "controls.outcome", Answer.MET, message(_REQUIRED[ruling.authorisation], cites=cites), facts, tuple(reads)
        )
    said = message(gettext_noop("No rule of this version asks for an authorisation for this journey."))
    return Finding("controls.outcome", Answer.MET, said, facts, tuple(reads))


def scope_finding(version: Version, classified: Classified, ruling: Ruling, matter: Matter) -> Finding | None:
    """Say why nothing is asked of a destination: a group that is left out, or the places that are meant."""
    outcomes = [by for by in version.outcomes if any(by.speaks_of(each) for each in classified.possible)]
    if ruling.by or not outcomes:
        return None
    question, wheres = matter.question, [where for by in outcomes for where in by.wheres]
    facts = {"item": matter.item.id, "destination": question.destination}
    country = matter.atlas.names[question.destination]
    left_out = frozenset(word for where in wheres for word in where.besides)
    reads = matter.atlas.read(question.destination, left_out, question.on)
    if reads:
        groups = ", ".join(dict.fromkeys(read.path.removeprefix("countries.") for read in reads))
        said = message(
            gettext_noop("{country} is in {groups}, which the rules leave out."), country=country, groups=groups
        )
        return Finding("controls.scope", Answer.MET, said, facts, tuple(reads))
    meant = ", ".join(sorted({word for where in wheres for word in where.to}))
    said = message(
        gettext_noop("For this paragraph the rules speak of these destinations: {meant}. {country} is not among them."),
        meant=meant,
        country=country,
    )
    whole = tuple(ParameterRead(f"outcomes.{by.id}", meant, by.since, by.citation) for by in outcomes)
    return Finding("controls.scope", Answer.MET, said, facts, whole)


def _outcome_reads(outcome: Outcome, matter: Matter) -> Iterator[ParameterRead]:
    review = outcome.review.value if outcome.review else None
    yield ParameterRead(
        f"outcomes.{outcome.id}", f"{outcome.authorisation.value}, {review}", outcome.since, outcome.citation
    )
    for where in outcome.wheres:
        if where.fits(matter.question.journey, matter.atlas):
            yield from where.reads(matter.question.journey, matter.atlas)
    for test in outcome.tests:
        yield test.read


def review_finding(review: Review, ruling: Ruling) -> Finding | None:
    """Say how a licence would be looked at; None when there is nothing to look at."""
    reads = tuple(ParameterRead(f"outcomes.{by.id}.review", review.value, by.since, by.citation) for by in ruling.by)
    sentences = {
        Review.DENIAL: gettext_noop("An application is presumed to be denied."),
        Review.APPROVAL: gettext_noop("An application is presumed to be approved."),
        Review.CASE_BY_CASE: gettext_noop("An application is looked at case by case."),
    }
    if review not in sentences:
        return None
    remedy = None
    if ruling.certify:
        remedy = message(
            gettext_noop("The figures allow it; {count} things have to be certified as well."),
            count=len(ruling.certify),
        )
    return Finding("controls.review", Answer.MET, message(sentences[review]), {}, reads, remedy)


def notice_findings(told: Sequence[Told]) -> Iterator[Finding]:
    """Say which notices speak of the item, and whether they decide."""
    for each in told:
        notice = each.notice
        if each.decides:
            said = message(
                gettext_noop("{name}: this decides, from {since}. It is a notice and no rule."),
                name=notice.names,
                since=notice.since,
            )
        elif each.sure:
            said = message(
                gettext_noop("{name}, from {since}. It is told and decides nothing here."),
                name=notice.names,
                since=notice.since,
            )
        else:
            said = message(
                gettext_noop("{name}, from {since}. Whether it speaks of this item is not known."),
                name=notice.names,
                since=notice.since,
            )
        read = ParameterRead(f"notices.{notice.id}", notice.effect.value, notice.since, notice.citation)
        yield Finding(f"controls.notice.{notice.id}", Answer.MET if each.sure else Answer.UNKNOWN, said, {}, (read,))


def use_findings(book: Book, question: Question) -> Iterator[Finding]:
    """Name each end use or party that an officer has to judge."""
    for name in question.uses:
        use = book.uses[name]
        said = message(
            gettext_noop("{use} ({cites}): an officer has to judge this, and no exception holds until then."),
            use=use.names,
            cites=use.cites,
        )
        yield Finding(
            f"controls.use.{name}",
            Answer.UNKNOWN,
            said,
            {"use": name},
            (ParameterRead(f"uses.{name}", use.cites, None, use.citation),),
        )
