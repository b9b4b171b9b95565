"""What the rulebook says of payment: until when, what follows, who may forgive. Null: the owner has not said."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from lionrock.kernel.money import Money
from lionrock.receivables.domain import Level, Limits
from lionrock.rules.parameters import member
from lionrock.rules.programme import Programme


def levels_of(programme: Programme, on: date) -> tuple[Level, ...]:
    """Return the reminders that the programme sends, by days after the day due; none where it sets none."""
    terms = programme.at(on)
    found = []
    for parameter in programme.family("arrears", ".days"):
        days = terms.value(parameter.path)
        if isinstance(days, int):
            name = member(parameter.path)
            suspends = terms.value(f"arrears.{name}.suspends") is True
            found.append(Level(name, parameter.label, days, suspends))
    return tuple(sorted(found, key=lambda level: (level.days, level.id)))


def interest_rate(programme: Programme, on: date) -> Fraction | None:
    """Return the interest a year on what is late; None: none is charged."""
    rate = programme.at(on).value("arrears.interest_rate")
    return rate if isinstance(rate, Fraction) else None


def limits_of(programme: Programme, on: date) -> Limits:
    """Return who may write off how much."""
    terms = programme.at(on)

    def most(path: str) -> int | None:
        value = terms.value(path)
        return value.minor if isinstance(value, Money) else None

    return Limits(most("write_off.alone_max"), most("write_off.finance_max"), most("write_off.chair_max"))
