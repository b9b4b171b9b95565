"""What is sent to an action, made of the action's own arguments: no field is described twice."""

from __future__ import annotations

import collections.abc
import inspect
import types
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Annotated, Any, Final, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from pydantic import AwareDatetime, BeforeValidator, Field, create_model

from lionrock.api.calls import Given, Nothing
from lionrock.api.shapes import Day, MonthText
from lionrock.kernel.money import PRICE_PLACES, Money, parse_decimal, parse_share
from lionrock.kernel.periods import FIRST_YEAR, LAST_YEAR, Month

Currency = Callable[[], str]
_WHOLE: Final = 2**31 - 1
_MOST: Final = 1000
_GIVEN_BY_US: Final = frozenset({"actor", "viewer", "now"})


def _only_an_instant(value: object) -> object:
    """Take an instant in its one spelling: a number would otherwise be taken for seconds since 1970."""
    if isinstance(value, str) and "T" in value and value[:4].isdigit() and FIRST_YEAR <= int(value[:4]) < LAST_YEAR:
        return value
    raise ValueError("an instant is written as 2026-03-01T09:00:00+08:00")


Text = Annotated[str, Field(max_length=20_000)]
Amount = Annotated[str, Field(max_length=40, description="In the currency of the programme.", examples=["1234.50"])]
Instant = Annotated[AwareDatetime, BeforeValidator(_only_an_instant), Field(examples=["2026-03-01T09:00:00+08:00"])]
_Number = Annotated[str, Field(max_length=40, examples=["0.70"])]


@dataclass(frozen=True, slots=True)
class Sent:
    """How one argument is sent, and what makes the domain's own value of it."""

    kind: Any
    take: Callable[[Any, str, Currency], Any]


def _as_it_is(value: Any, _field: str, _currency: Currency) -> Any:
    return value


_SIMPLE: Final[Mapping[Any, Sent]] = {
    str: Sent(Text, _as_it_is),
    bool: Sent(bool, _as_it_is),
    int: Sent(Annotated[int, Field(ge=-_WHOLE, le=_WHOLE)], _as_it_is),
    date: Sent(Day, _as_it_is),
    datetime: Sent(Instant, lambda value, _field, _currency: value.astimezone(UTC)),
    Month: Sent(MonthText, lambda value, _field, _currency: Month.parse(value)),
    Money: Sent(Amount, lambda value, field, currency: Money.parse(value, currency(), field=field)),
    Fraction: Sent(_Number, lambda value, field, _currency: parse_share(value, field=field)),
    Decimal: Sent(_Number, lambda value, field, _currency: parse_decimal(value, places=PRICE_PLACES, field=field)),
}


@dataclass(frozen=True, slots=True)
class Form:
    """What is sent, as a model, and the arguments that it becomes."""

    model: type[Given]
    parts: Mapping[str, Sent]

    def arguments(self, body: Given, currency: Currency, within: str = "") -> dict[str, Any]:
        """Return what was sent as the action takes it; what was not sent, the action's own defaults decide."""
        return {
            name: part.take(getattr(body, name), f"{within}{name}", currency)
            for name, part in self.parts.items()
            if name in body.model_fields_set
        }


def form_of(action: Callable[..., Any], without: Collection[str] = ()) -> Form:
    """Return what an action is sent: its arguments but for who asks, when, and those that are named."""
    hints = get_type_hints(action)
    taken = {
        name: (hints[name], each.default)
        for name, each in inspect.signature(action).parameters.items()
        if name not in _GIVEN_BY_US and name not in without and not _is_ours(hints[name])
    }
    return _form(_title(action.__name__), taken)


def _is_ours(kind: Any) -> bool:
    """Tell whether an argument is nobody's to send: a form's own key, or what is told of how far it is."""
    return UUID in get_args(kind) or get_origin(kind) is collections.abc.Callable


def _title(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_")) + "Asked"


def _form(title: str, taken: Mapping[str, tuple[Any, Any]], within: bool = False) -> Form:
    if not taken:
        return Form(Nothing, {})
    parts = {name: _within(kind) if within else sent(kind) for name, (kind, _) in taken.items()}
    described: dict[str, Any] = {
        name: (parts[name].kind, ... if default is inspect.Parameter.empty else _plain(default))
        for name, (_, default) in taken.items()
    }
    return Form(create_model(title, __base__=Given, **described), parts)


def _plain(default: object) -> object:
    return list(default) if isinstance(default, tuple) else default


class AmountIn(Given):
    """An amount, and in which currency."""

    amount: Amount
    currency: Annotated[str, Field(max_length=3, examples=["HKD"])]


def sent(kind: Any) -> Sent:
    """Return how a value of this type is sent; raises `TypeError` for one that nobody can send."""
    if kind in _SIMPLE:
        return _SIMPLE[kind]
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _or_none(inner)
    if origin in (list, tuple, Sequence, Collection) or (origin and issubclass(origin, Collection | Sequence)):
        return _mapping(inner[1]) if issubclass(origin, Mapping) else _several(inner[0])
    if isinstance(kind, type) and issubclass(kind, Enum):
        return Sent(kind, _as_it_is)
    if is_dataclass(kind):
        return _record(kind)
    if kind is object:
        return Sent(Any, _as_it_is)
    raise TypeError(f"nobody can send {kind}")


def _within(kind: Any) -> Sent:
    if kind in (Money, Money | None):
        named = Sent(AmountIn, lambda value, field, _currency: Money.parse(value.amount, value.currency, field=field))
        return named if kind is Money else _empty(named)
    return sent(kind)


def _or_none(inner: tuple[Any, ...]) -> Sent:
    kinds = [each for each in inner if each is not type(None)]
    if len(kinds) > 1:
        return Sent(Union[tuple(sent(each).kind for each in kinds)], _as_it_is)  # noqa: UP007 - made at run time
    return _empty(sent(kinds[0]))


def _empty(part: Sent) -> Sent:
    """Return how a value is sent that may be nothing."""
    return Sent(
        Union[part.kind, None],  # noqa: UP007 - made at run time
        lambda value, field, currency: None if value is None else part.take(value, field, currency),
    )


def _several(inner: Any) -> Sent:
    part = sent(inner)
    kind = Annotated[list[part.kind], Field(max_length=_MOST)]  # type: ignore[name-defined]
    return Sent(kind, lambda value, field, currency: tuple(part.take(each, field, currency) for each in value))


def _mapping(inner: Any) -> Sent:
    part = sent(inner)
    kind = Annotated[dict[Annotated[str, Field(max_length=200)], part.kind], Field(max_length=_MOST)]  # type: ignore[name-defined]
    return Sent(
        kind,
        lambda value, field, currency: {
            name: part.take(each, f"{field}.{name}", currency) for name, each in value.items()
        },
    )


def _record(kind: Any) -> Sent:
    """Return how a value of the domain is sent that is made of fields; amounts in it name their currency."""
    hints = get_type_hints(kind)
    taken = {each.name: (hints[each.name], _default(each)) for each in fields(kind) if each.init}
    form = _form(f"{kind.__module__.split('.')[1].capitalize()}{kind.__name__}Asked", taken, within=True)
    return Sent(form.model, lambda value, field, currency: kind(**form.arguments(value, currency, f"{field}.")))


def _default(each: Any) -> Any:
    if each.default is not MISSING:
        return each.default
    return inspect.Parameter.empty if each.default_factory is MISSING else each.default_factory()
