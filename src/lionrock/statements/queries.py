"""Which documents a viewer may see, and a document as people read it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from django.db.models import BooleanField, Exists, F, Func, JSONField, OuterRef, QuerySet, Value

from lionrock.awards.models import Award, Project
from lionrock.awards.projects import shut
from lionrock.charging.domain.lines import LineKind
from lionrock.charging.models import ChargeLine
from lionrock.charging.queries import charge_lines
from lionrock.kernel.errors import NotFound
from lionrock.kernel.findings import ParameterRead
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.money import Money, Price, settle, to_places
from lionrock.kernel.periods import Month, local_date
from lionrock.kernel.quantities import SECONDS_PER_HOUR, PriceUnit
from lionrock.people.domain import Actor
from lionrock.people.models import Organisation
from lionrock.people.programmes import programme_on_file
from lionrock.people.queries import visible
from lionrock.rules.programme import Programme
from lionrock.rules.shape import Names
from lionrock.statements.models import Document, Settlement
from lionrock.statements.papers import AwardTotal, Note, Paid, Paper, PaperLine

_QUANTITY_PLACES = 6


def documents(viewer: Actor) -> QuerySet[Document]:
    """Return the documents of the viewer's programmes and organisations, newest month first.

    One on which an award paid that others of the organisation work on is for these and for its administrators.
    """
    rule = visible(viewer, programme="programme", organisation="organisation__code")
    found = Document.objects.filter(rule).select_related("organisation", "close")
    return found if viewer.operator or not viewer.organisations() else found.exclude(Exists(_paid_by_shut(viewer)))


def _paid_by_shut(viewer: Actor) -> QuerySet[Project]:
    """Return the projects that the viewer is shut out of and whose award paid on the document outside."""
    award = Func(Value("award"), F("award__code"), function="jsonb_build_object")
    row = Func(award, function="jsonb_build_array", output_field=JSONField())
    paid = Func(OuterRef("awards"), row, template="(%(expressions)s)", arg_joiner=" @> ", output_field=BooleanField())
    return shut(viewer).filter(paid)


def document_by_number(viewer: Actor, number: str) -> Document:
    """Return one document; raises `NotFound` when there is none that this viewer may see."""
    document = documents(viewer).filter(number=number).first()
    if document is None:
        raise NotFound(
            "statements.document.unknown",
            message(
                gettext_noop("There is no statement {number} for you. See `lionrock statement list`."), number=number
            ),
        )
    return document


def settlements(viewer: Actor) -> QuerySet[Settlement]:
    """Return the claims and remittances of the programmes that the viewer works for, newest month first."""
    everything = Settlement.objects.select_related("close")
    return everything if viewer.operator else everything.filter(programme__in=viewer.programmes())


def settlement_by_number(viewer: Actor, number: str) -> Settlement:
    """Return one claim or remittance; raises `NotFound` when there is none that this viewer may see."""
    found = settlements(viewer).filter(number=number).first()
    if found is None:
        template = gettext_noop("There is no claim or remittance {number} for you. See `lionrock settlement list`.")
        raise NotFound("statements.settlement.unknown", message(template, number=number))
    return found


def paper_of(document: Document) -> Paper:
    """Return a document as people read it, made only of what was fixed when it was issued."""
    programme = programme_on_file(document.programme)
    lines = list(charge_lines(document.close, document.organisation.code))
    currency = document.currency
    return Paper(
        number=document.number,
        kind=document.kind.replace(" ", "_"),
        programme=programme.names,
        organisation=names_of(document.organisation),
        organisation_code=document.organisation.code,
        month=Month.containing(document.month),
        issued_at=document.issued_at,
        zone=programme.zone,
        currency=currency,
        gross=Money(document.gross, currency),
        subsidy=Money(document.subsidy, currency),
        user=Money(document.user, currency),
        lines=tuple(paper_line(line, programme, currency) for line in lines),
        awards=_award_totals(document),
        notes=_notes(lines, programme, document),
        payment=_payment(programme, document),
    )


def names_of(organisation: Organisation) -> Names:
    """Return an organisation's name in each language."""
    hant = organisation.name_zh_hant or organisation.name
    return Names(organisation.name, hant, organisation.name_zh_hans or hant)


def paper_line(line: ChargeLine, programme: Programme, currency: str) -> PaperLine:
    """Return a line as people read it."""
    shares = dict(line.terms)
    priced = line.price_millionths is not None
    return PaperLine(
        kind=line.kind,
        what=what_of(line, programme),
        site=line.site,
        quantity=_quantity(line, programme) if priced else None,
        unit=unit_of(line, programme),
        unit_price=Price(line.price_millionths, currency) if line.price_millionths is not None else None,
        price_from=local_date(line.price_starts, programme.zone) if line.price_starts else None,
        paid=tuple(
            Paid(award, _decimal(Fraction(shares[award])), Money(amount, currency))
            for award, amount in line.subsidy_by_award.items()
        ),
        gross=Money(line.gross, currency),
        subsidy=Money(line.subsidy, currency),
        user=Money(line.user, currency),
        corrects=Month.containing(line.corrects) if line.corrects else None,
        reason=line.reason,
    )


def what_of(line: ChargeLine, programme: Programme) -> Names:
    """Return what a line charges for, as people call it."""
    if line.item in programme.items:
        return programme.items[line.item].names
    if line.item:
        return Names(line.item, line.item, line.item)
    return Names("Fee", "費用", "费用") if line.kind == LineKind.FEE.value else Names("Adjustment", "調整", "调整")


def _quantity(line: ChargeLine, programme: Programme) -> Decimal:
    """Return device-hours, or parts of a calendar month for a lease, to six decimals for reading."""
    seconds = Fraction(int(line.seconds_numerator), int(line.seconds_denominator))
    if line.price_unit == PriceUnit.HOUR.value:
        return _decimal(seconds / SECONDS_PER_HOUR)
    return _decimal(seconds / Month.containing(line.month_of_use).interval(programme.zone).seconds)


def _decimal(exact: Fraction) -> Decimal:
    return to_places(exact, _QUANTITY_PLACES).normalize() + Decimal(0)


def unit_of(line: ChargeLine, programme: Programme) -> str:
    """Return the code of the unit that the quantity counts; `web.words` has its words."""
    if line.price_unit != PriceUnit.CALENDAR_MONTH.value:
        return "device_hour" if line.price_unit else ""
    item = programme.items.get(line.item)
    devices = sum(part.count for part in item.parts) if item else 1
    return "node_month" if devices > 1 else "card_month"


def _award_totals(document: Document) -> tuple[AwardTotal, ...]:
    codes = [row["award"] for row in document.awards]
    awards = Award.objects.filter(code__in=codes).select_related("application")
    titles = {award.code: award.application for award in awards}
    return tuple(
        AwardTotal(
            row["award"],
            Names(
                titles[row["award"]].title,
                titles[row["award"]].title_zh_hant or titles[row["award"]].title,
                titles[row["award"]].title_zh_hans or titles[row["award"]].title,
            ),
            Money(row["subsidy"], document.currency),
            Money(row["left"], document.currency),
        )
        for row in document.awards
    )


_ROUNDING = gettext_noop(
    "Each line is the exact device-time of the month times the list price, rounded once to the smallest coin, "
    "halves away from zero. Totals are sums of the lines shown."
)
_REMAINDER = gettext_noop(
    "The scheme bears its share of each rounded line, as far as the award reaches; you bear the rest."
)
_PRICES = gettext_noop("List prices are those in force at the time of use, as published by the programme.")
_SHARES = gettext_noop("The scheme's share is the one fixed in each award; the general level is cited here.")
_LIMITED = gettext_noop(
    "What is left of {award} limits the scheme here: its share of {gross} would be {wanted}, "
    "and the scheme bears {paid}."
)
_CORRECTIONS = gettext_noop(
    "A closed month never changes. What differs later stands here, names the month that it corrects, "
    "and is priced as at the time of use."
)


def _notes(lines: list[ChargeLine], programme: Programme, document: Document) -> tuple[Note, ...]:
    notes = [
        Note(message(_ROUNDING)),
        Note(message(_REMAINDER)),
        Note(message(_PRICES), _price_reads(lines, programme)),
    ]
    if document.awards:
        terms = programme.at(document.month)
        terms.value("subsidy.general_rate")
        notes.append(Note(message(_SHARES), terms.reads))
    notes += _limits(lines, document.currency)
    if any(line.corrects for line in lines):
        notes.append(Note(message(_CORRECTIONS)))
    return tuple(notes)


def _limits(lines: list[ChargeLine], currency: str) -> list[Note]:
    """Return a note for each award that could not bear its whole share: why the scheme pays less."""
    sums: dict[str, list[int]] = {}
    for line in lines:
        if line.terms and line.gross > 0:
            award, share = line.terms[0]
            amounts = (line.gross, settle(line.gross * Fraction(share)), line.subsidy)
            sums[award] = [sum(pair) for pair in zip(sums.get(award, [0, 0, 0]), amounts, strict=True)]
    return [
        Note(message(_LIMITED, award=award, **_named(amounts, currency)))
        for award, amounts in sorted(sums.items())
        if amounts[2] < amounts[1]
    ]


def _named(amounts: list[int], currency: str) -> dict[str, Money]:
    names = ("gross", "wanted", "paid")
    return {name: Money(amount, currency) for name, amount in zip(names, amounts, strict=True)}


def _price_reads(lines: list[ChargeLine], programme: Programme) -> tuple[ParameterRead, ...]:
    """Return the rulebook's record of every price on the document, once each."""
    reads: dict[tuple[str, str, str], ParameterRead] = {}
    for line in lines:
        if line.item in programme.items and line.price_starts:
            listed = programme.items[line.item].at_site(line.price_site)
            reads[line.item, line.price_site or "", line.price_label] = listed.read_at(line.price_starts)
    return tuple(read for _, read in sorted(reads.items()))


_PAY = gettext_noop("Pay {amount} within {days} days of issue, naming the number of this document.")
_CREDIT = gettext_noop("{amount} is credited to you; nothing is to be paid.")


def _payment(programme: Programme, document: Document) -> tuple[Message, ...]:
    days = programme.at(document.month).value("payment.days")
    amount = Money(abs(document.user), document.currency)
    if document.user < 0:
        return (message(_CREDIT, amount=amount),)
    return (message(_PAY, amount=amount, days=days),) if isinstance(days, int) else ()
