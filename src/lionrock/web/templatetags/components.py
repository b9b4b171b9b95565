"""Tags and filters that write values, and the small components that pages are put together from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.utils.formats import date_format, get_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext

from lionrock.kernel.messages import Message
from lionrock.kernel.money import PRICE_PLACES, Money, Price, to_places
from lionrock.kernel.periods import Month, local_date
from lionrock.web import charts, words, writing
from lionrock.web.context import tag
from lionrock.web.listing import in_language
from lionrock.web.sentences import Named, translate

register = template.Library()


@register.filter
def money(amount: Money) -> SafeString:
    """Write "HKD 1,234.50", its parts never separated."""
    return format_html('<span class="money">{}</span>', writing.money(amount))


@register.filter
def digits(amount: Money) -> str:
    """Write the amount alone, for a column whose heading names the currency."""
    return writing.money_digits(amount)


@register.filter
def large_money(amount: Money) -> SafeString:
    """Write the amount for a tile: code above, decimals smaller than the rest."""
    whole, point, decimals = writing.money_digits(amount).partition(get_format("DECIMAL_SEPARATOR"))
    return format_html(
        '<span class="money"><span class="money-code">{}</span> {}<span class="money-minor">{}{}</span></span>',
        amount.currency,
        whole,
        point,
        decimals,
    )


@register.filter
def price(value: Price) -> str:
    """Write a price with all its decimals."""
    return writing.price(value)


@register.filter
def price_digits(value: Price) -> str:
    """Write a price alone, for a column whose heading names the currency."""
    return writing.price_digits(value)


@register.filter
def quantity(value: Decimal | int | str) -> str:
    """Write a quantity with the decimals that it needs."""
    return writing.quantity(Decimal(value))


@register.filter
def share(value: Decimal | str) -> str:
    """Write a share between 0 and 1 in per cent."""
    return writing.share(Decimal(value))


@register.filter
def share_of(value: Fraction) -> str:
    """Write an exact share between 0 and 1 in per cent."""
    return writing.share(to_places(value, PRICE_PLACES))


@register.filter
def percent(value: Fraction) -> str:
    """Write an exact share between 0 and 1 in whole per cent, for reading only."""
    return writing.share(to_places(value, 2))


@register.filter
def day(value: date) -> SafeString:
    """Write a date, and keep its ISO form for machines."""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), writing.day(value))


@register.filter
def last_day(end: date) -> SafeString:
    """Write the last day of a span that ends before `end`."""
    return day(writing.last_day(end))


@register.filter
def month(value: Month) -> SafeString:
    """Write a month with its year."""
    return format_html('<time datetime="{}">{}</time>', str(value), writing.month(value))


@register.filter
def short_month(value: Month) -> str:
    """Write a month as shortly as it fits under a column."""
    return date_format(value.first_day, pgettext("date format of a month under a chart", "M Y"))


@register.filter
def round_digits(amount: Money) -> str:
    """Write the amount without decimals, for the rules of a chart, which stand at round amounts."""
    return writing.digits(amount.decimal, 0)


@register.simple_tag
def page_language() -> str:
    """Write the language of the page as HTML names it."""
    return tag(get_language() or settings.LANGUAGE_CODE)


@register.simple_tag
def instant(value: datetime, zone: ZoneInfo) -> SafeString:
    """Write an instant in a zone, and name the zone for whoever points at it."""
    written = writing.instant(value, zone)
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), zone.key, written)


@register.filter
def sentence(message: Message) -> str:
    """Write a sentence of the kernel in the language of the page."""
    return translate(message)


@register.filter
def localised(thing: object, field: str) -> str:
    """Write a field that is kept in three languages: `{{ organisation|localised:"name" }}`."""
    return in_language(thing, field)


@register.filter
def named(names: Named) -> str:
    """Write a name of the rulebook in the language of the page."""
    return names.in_language(get_language() or settings.LANGUAGE_CODE)


@register.filter
def labelled(label: Named | Message) -> str:
    """Write what the rulebook calls something, whether its files name it or we do."""
    return translate(label) if isinstance(label, Message) else named(label)


@register.filter
def label(value: Named | Message | str) -> str:
    """Write what the rulebook calls something: its own name, or the engine's sentence; a text stays as it is."""
    if isinstance(value, Message):
        return translate(value)
    return value if isinstance(value, str) else named(value)


@register.filter
def word(code: str) -> str:
    """Write the word for a code: a state, a kind, a unit."""
    return words.word(str(code))


@register.simple_tag
def instant_day(value: datetime, zone: ZoneInfo) -> SafeString:
    """Write the date that an instant falls on in a zone."""
    return day(local_date(value, zone))


@register.inclusion_tag("web/parts/status.html")
def status(code: str) -> dict[str, object]:
    """Show a state as a tag."""
    return {"word": words.word(str(code)), "tone": words.tone(str(code))}


@register.inclusion_tag("web/parts/tile.html")
def tile(label: str, amount: Money, note: str = "", *, main: bool = False) -> dict[str, object]:
    """Show one big figure; stands in `<dl class="tiles">`."""
    return {"label": label, "amount": amount, "note": note, "main": main}


@register.inclusion_tag("web/parts/bar.html")
def bar(parts: Sequence[charts.Part], title: str) -> dict[str, object]:
    """Show parts of one whole end to end, with a legend that says all of it in words."""
    return {"segments": charts.bar(parts), "parts": parts, "title": title}


@register.inclusion_tag("web/parts/columns.html")
def columns(months: Sequence[charts.MonthParts], title: str) -> dict[str, object]:
    """Show months as stacked columns; the page gives the same figures as a table."""
    return {"chart": charts.columns(months), "parts": months[0].parts if months else (), "title": title}
