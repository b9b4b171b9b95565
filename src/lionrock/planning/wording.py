"""An answer in words: sentences that anybody can read, and how each measure is written. Translated where shown."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Final

from lionrock.kernel.currencies import DECIMALS
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.money import to_places
from lionrock.planning.scenarios.answers import Answer, Figure, OptionAnswer
from lionrock.planning.scenarios.comparing import Verdict
from lionrock.planning.scenarios.measures import Unit, measure_kind

_HOUR: Final = 3600
_DAY: Final = 24 * _HOUR
_UP_TO_HOURS: Final = 72 * _HOUR

_FEW: Final = 100
_WRITTEN: Final = {
    Unit.SHARE: ("{number} %", 100, 1),
    Unit.KWH: ("{number} kWh", 1, 0),
    Unit.RATIO: ("{number}", 1, 2),
    Unit.COUNT: ("{number}", 1, 0),
    Unit.HOURS: ("{number}", 1, 0),
    Unit.PETAFLOP_HOURS: ("{number}", 1, 0),
}

MEASURE_NAMES: Final = {
    "wait": gettext_noop("Mean wait of a job"),
    "turnaround": gettext_noop("Mean time from submission to result"),
    "slowdown": gettext_noop("Mean bounded slowdown"),
    "waiting_at_end": gettext_noop("Jobs still waiting at the end"),
    "jobs_done": gettext_noop("Jobs done"),
    "utilisation": gettext_noop("Utilisation"),
    "device_hours": gettext_noop("Device-hours used"),
    "work_done": gettext_noop("Work done, in hours of the reference device"),
    "images_an_hour": gettext_noop("Images an hour that the used devices could process"),
    "fund": gettext_noop("Paid by the fund"),
    "users": gettext_noop("Paid by users"),
    "cost_of_work": gettext_noop("List price of an hour of work"),
    "cost_of_job": gettext_noop("List price of a job done"),
    "energy": gettext_noop("Energy"),
    "energy_of_work": gettext_noop("Energy of an hour of work"),
}

_BETTER: Final = {
    ("wait", False): gettext_noop(
        "“{option}” is better: waits are {amount} shorter, {sure} per cent sure between {low} and {high}."
    ),
    ("wait", True): gettext_noop(
        "“{first}” is better: with “{option}” waits are {amount} longer, {sure} per cent sure between {low} and {high}."
    ),
    ("turnaround", False): gettext_noop(
        "“{option}” is better: results come {amount} sooner, {sure} per cent sure between {low} and {high}."
    ),
    ("turnaround", True): gettext_noop(
        "“{first}” is better: with “{option}” results come {amount} later, "
        "{sure} per cent sure between {low} and {high}."
    ),
}
"""By measure and whether the other option has more of it; for others a sentence that fits all."""


def measure_name(name: str, answer: Answer) -> Message:
    """Return how a measure is called."""
    head, _, rest = name.partition(".")
    if head == "petaflop_hours":
        return message(gettext_noop("Petaflop-hours at {precision}, peak of the used devices"), precision=rest.upper())
    if rest:
        return message(gettext_noop("Mean wait: {jobs}"), jobs=answer.classes[rest])
    return message(MEASURE_NAMES[head])


def said(answer: Answer, option: OptionAnswer) -> Message:
    """Return in a sentence which of two options is better by the measure that decides, by how much, how sure."""
    measure = answer.judged_by
    found, verdict = option.differences.get(measure), option.judged(measure)
    names = {"option": option.names, "first": answer.first.names}
    if found is None or verdict is Verdict.UNKNOWN:
        return message(gettext_noop("Which of “{first}” and “{option}” is better cannot be said."), **names)
    if not found.low and not found.high:
        template = gettext_noop("“{first}” and “{option}” come to the same: {measure} does not differ.")
        return message(template, **names, measure=measure_name(measure, answer))
    if verdict is Verdict.NOT_SHOWN:
        template = gettext_noop(
            "No difference is shown between “{first}” and “{option}”: {measure} may be {low} less or {high} more."
        )
        less, most = (amount(measure, each, answer, found.high) for each in (-found.low, found.high))
        return message(template, **names, measure=measure_name(measure, answer), low=less, high=most)
    more = found.mean > 0
    low, high = sorted((abs(found.low), abs(found.high)))
    given = {
        **names,
        "amount": amount(measure, abs(found.mean), answer),
        "low": amount(measure, low, answer, found.mean),
        "high": amount(measure, high, answer, found.mean),
        "sure": answer.confidence,
        "measure": measure_name(measure, answer),
    }
    return message(_BETTER.get((measure, more)) or _any_measure(verdict, more=more), **given)


def _any_measure(verdict: Verdict, *, more: bool) -> str:
    """Return a sentence that fits any measure."""
    if verdict is Verdict.BETTER and more:
        return gettext_noop(
            "“{option}” is better: {measure}: {amount} more, {sure} per cent sure between {low} and {high}."
        )
    if verdict is Verdict.BETTER:
        return gettext_noop(
            "“{option}” is better: {measure}: {amount} less, {sure} per cent sure between {low} and {high}."
        )
    if more:
        return gettext_noop(
            "“{first}” is better; “{option}” has of {measure} {amount} more, "
            "{sure} per cent sure between {low} and {high}."
        )
    return gettext_noop(
        "“{first}” is better; “{option}” has of {measure} {amount} less, {sure} per cent sure between {low} and {high}."
    )


def warning(option: OptionAnswer) -> Message | None:
    """Return what has to be known of an option whose queue never stops growing."""
    if option.keeps_up:
        return None
    return message(
        gettext_noop(
            "“{option}” cannot keep up: more work comes than it can do, so that the queue grows for as long as one "
            "looks."
        ),
        option=option.names,
    )


def amount(measure: str, value: Decimal, answer: Answer, like: Decimal | None = None) -> Message:
    """Return a value of a measure as it is read: times in minutes, hours or days, money in whole units.

    It has the unit that fits `like`, so that a margin is in the unit of its mean.
    """
    unit, _ = measure_kind(measure)
    if unit is Unit.SECONDS:
        return duration(value, like)
    if unit is Unit.MONEY:
        # Prices with all their decimals, sums without.
        places = DECIMALS[answer.currency] if measure.startswith("cost_") else 0
        shown = value.scaleb(-DECIMALS[answer.currency])
        return message(gettext_noop("{currency} {number}"), currency=answer.currency, number=_shown(shown, places))
    template, factor, places = _WRITTEN[unit]
    fine = 2 if unit is Unit.KWH and abs(value if like is None else like) < _FEW else places
    return message(template, number=_shown(value * factor, fine))


def duration(seconds: Decimal, like: Decimal | None = None) -> Message:
    """Return a time as it is said, in the unit that fits `like`."""
    size = abs(seconds if like is None else like)
    if size < 2 * _HOUR:
        return message(gettext_noop("{number} min"), number=_shown(seconds, 0, 60))
    if size < _UP_TO_HOURS:
        return message(gettext_noop("{number} h"), number=_shown(seconds, 1, _HOUR))
    return message(gettext_noop("{number} days"), number=_shown(seconds, 1, _DAY))


def _shown(value: Decimal, places: int, divided_by: int = 1) -> Decimal:
    return to_places(Fraction(value) / divided_by, places)


def interval_of(measure: str, figure: Figure, answer: Answer) -> Message | None:
    """Return the interval of a figure in words; None where one seed alone was tried. No measure is below zero."""
    if figure.margin is None:
        return None
    low, high = (amount(measure, max(each, Decimal(0)), answer, figure.mean) for each in (figure.low, figure.high))
    return message(gettext_noop("{low} to {high}"), low=low, high=high)


def plainly(said: Message) -> str:
    """Return a sentence for a terminal: in English, numbers in groups of three."""
    fields = {name: _plain(value) for name, value in said.fields.items()}
    return said.template.format(**fields)


def _plain(value: object) -> object:
    if isinstance(value, Message):
        return plainly(value)
    return f"{value:,}" if isinstance(value, Decimal) else value
