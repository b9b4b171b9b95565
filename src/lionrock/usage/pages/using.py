"""The page of utilisation: a chart over time for each kind of device, and the table by what one asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext
from django.views.decorators.http import require_safe

from lionrock.kernel.messages import Message, gettext_noop
from lionrock.kernel.quantities import device_hours
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file
from lionrock.people.viewer import viewer_of
from lionrock.usage.domain.figures import By, Figure
from lionrock.usage.domain.periods import Step
from lionrock.usage.drawing import Drawing, draw
from lionrock.usage.exports import decimal_share, figures_sheet, steps_sheet
from lionrock.usage.pages.asking import device_name, file_links, file_of, period_of, shown
from lionrock.usage.queries.scope import sees_all_of_something, sites_seen
from lionrock.usage.queries.utilisation import OUTSIDE, Asked, Bar, Report, utilisation
from lionrock.web.listing import in_language
from lionrock.web.sentences import Named

BY_TITLES: Final = {
    By.SITE: gettext_noop("By site"),
    By.POOL: gettext_noop("By pool"),
    By.PROGRAMME: gettext_noop("By programme"),
    By.CATEGORY: gettext_noop("By category"),
    By.AWARD: gettext_noop("By award"),
}
BY_WORDS: Final = {
    By.SITE: gettext_noop("Site"),
    By.POOL: gettext_noop("Pool"),
    By.PROGRAMME: gettext_noop("Programme"),
    By.CATEGORY: gettext_noop("Category"),
    By.AWARD: gettext_noop("Award"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A figure as it is shown: hours are device-hours, None is not known."""

    name: Named | Message | str
    note: str
    address: str
    device: str
    used: Decimal
    lent: Decimal
    capacity: Decimal | None
    down: Decimal | None
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class Moment:
    """A step as it is shown in the table beside the chart."""

    label: str
    used: Decimal
    capacity: Decimal | None
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class Series:
    """A kind of device over time: the chart, the names under it, and the same as a table."""

    device: str
    drawing: Drawing | None
    labels: tuple[tuple[int, str], ...]
    moments: tuple[Moment, ...]
    total: Moment


@require_safe
def use(request: HttpRequest) -> HttpResponse:
    """Show how much was used of which capacity in a period."""
    viewer, now = viewer_of(request), timezone.now()
    report = _report(request, viewer, now)
    asked = report.asked
    everything = sees_all_of_something(viewer)
    context = {
        **shown(asked.period, report.counted.end),
        "asked": asked,
        "by_word": gettext(BY_WORDS[asked.by]),
        "by_title": gettext(BY_TITLES[asked.by]),
        "choices": [(by.value, gettext(BY_TITLES[by])) for by in By] if everything else [],
        "sites": list(sites_seen(viewer)) if everything else [],
        "rows": [_row(report, figure) for figure in report.figures],
        "series": [_series(device, bars, asked.period.step) for device, bars in report.series.items()],
        "unplaced": device_hours(report.unplaced) if report.unplaced else None,
        "read_to": sorted(report.read_to.items()),
        "by_award": asked.by is By.AWARD,
        "files": _files(request, with_steps=bool(report.series)),
    }
    return render(request, "usage/use.html", context)


@require_safe
def use_file(request: HttpRequest, ending: str) -> HttpResponse:
    """Hand the table by what one asks for out."""
    return file_of(figures_sheet(_report(request, viewer_of(request), timezone.now())), ending)


@require_safe
def steps_file(request: HttpRequest, ending: str) -> HttpResponse:
    """Hand the table over time out."""
    return file_of(steps_sheet(_report(request, viewer_of(request), timezone.now())), ending)


def _report(request: HttpRequest, viewer: Actor, now: datetime) -> Report:
    usual = By.POOL if sees_all_of_something(viewer) else By.AWARD
    word = request.GET.get("by", usual.value)
    by = By(word) if word in set(By) else usual
    site = request.GET.get("site", "").replace("\0", "")
    return utilisation(viewer, Asked(period_of(request, now), by, site), now)


def _files(request: HttpRequest, *, with_steps: bool) -> list[tuple[str, str]]:
    asked = ("from", "to", "by", "site")
    found = file_links("usage:file", request, asked)
    if with_steps:
        _, address = file_links("usage:steps", request, asked)[0]
        found.append((gettext("CSV, over time"), address))
    return found


def _row(report: Report, figure: Figure) -> Row:
    name, note, address = _named(report, figure)
    capacity = figure.capacity
    return Row(
        name=name,
        note=note,
        address=address,
        device=device_name(figure.key.device),
        used=device_hours(figure.used.seconds),
        lent=device_hours(figure.used.lent),
        capacity=device_hours(capacity.seconds) if capacity else None,
        down=device_hours(capacity.down) if capacity and capacity.watched else None,
        share=decimal_share(figure.share),
    )


def _named(report: Report, figure: Figure) -> tuple[Named | Message | str, str, str]:
    """Return the name of a row, what stands below it, and where it leads."""
    key, by = figure.key, report.asked.by
    if by is By.AWARD:
        award = report.awards.get(key.name)
        if award is None:
            return gettext("Under no award"), "", ""
        return in_language(award.application, "title"), award.code, reverse("awards:show", args=[award.code])
    if by is By.CATEGORY:
        return _category(key.programme, key.name), "", ""
    if by is By.PROGRAMME:
        return programme_on_file(key.programme).names, "", ""
    site = report.sites.get(key.site)
    name = in_language(site, "name") if site else key.site
    if by is By.SITE:
        return name, "", ""
    return key.name or gettext("In no pool"), name, ""


def _category(programme: str, code: str) -> Named | Message | str:
    if code == OUTSIDE:
        return gettext("Under no award of the programme")
    family = programme_on_file(programme).family("categories")
    labels = {parameter.path.split(".")[1]: parameter.label for parameter in family}
    return labels.get(code, code)


def _series(device: str, bars: Sequence[Bar], step: Step) -> Series:
    drawing = draw(bars)
    labels = [(each.centre, _label(each.bar.first, step)) for each in drawing.columns if each.named] if drawing else []
    return Series(
        device=device_name(device),
        drawing=drawing,
        labels=tuple(labels),
        moments=tuple(_moment(bar, _label(bar.first, step)) for bar in bars),
        total=_total(bars),
    )


def _label(day: date, step: Step) -> str:
    if step is Step.MONTH:
        return date_format(day, pgettext("date format of a month under a chart", "M Y"))
    return date_format(day, pgettext("date format of a day under a chart", "j M"))


def _moment(bar: Bar, label: str) -> Moment:
    capacity = device_hours(bar.capacity.seconds) if bar.capacity else None
    return Moment(label, device_hours(bar.used.seconds), capacity, decimal_share(bar.share))


def _total(bars: Sequence[Bar]) -> Moment:
    """Return the whole of what has begun; its capacity is not known as soon as that of one step is not."""
    used = sum((bar.used for bar in bars[1:]), bars[0].used)
    known = [bar.capacity for bar in bars if bar.capacity]
    total = sum(known[1:], known[0]) if known else None
    return _moment(Bar(bars[0].first, used, total), "")
