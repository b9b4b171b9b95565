"""A programme: its identity, its parameters, its price list, its forms; and reading it from its folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.findings import Citation
from lionrock.kernel.messages import gettext_noop, message
from lionrock.rules.forms import ApplicationForm, DatedForm
from lionrock.rules.items import Item
from lionrock.rules.shape import Names
from lionrock.rules.terms import Terms
from lionrock.rules.values import Parameter


@dataclass(frozen=True, slots=True)
class Identity:
    """What a programme is, whatever the date. `citations` tells the source of each part."""

    id: str
    names: Names
    currency: str
    zone: ZoneInfo
    opens: date
    extends: str | None
    citations: Mapping[str, Citation]


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme of the rulebook.

    `parameters` is for listings and checks; whatever decides reads through `at`, which records it.
    """

    identity: Identity
    parameters: Mapping[str, Parameter]
    items: Mapping[str, Item]
    forms: tuple[DatedForm, ...]

    @property
    def id(self) -> str:
        """Its id, such as "hk-aiss"; also the name of its folder."""
        return self.identity.id

    @property
    def names(self) -> Names:
        """Its name in the languages of the product."""
        return self.identity.names

    @property
    def currency(self) -> str:
        """ISO 4217 code of its currency."""
        return self.identity.currency

    @property
    def zone(self) -> ZoneInfo:
        """The zone of its dates."""
        return self.identity.zone

    @property
    def opens(self) -> date:
        """The first day of the programme."""
        return self.identity.opens

    def family(self, head: str, tail: str = "") -> list[Parameter]:
        """Return the members of a family in the order of the files: head "criteria", tail ".weight"."""
        levels = 1 + tail.count(".")
        return [
            parameter
            for path, parameter in self.parameters.items()
            if path.startswith(f"{head}.") and path.endswith(tail) and path.count(".") == levels
        ]

    def at(self, on: date) -> Terms:
        """Return the terms in force on that day; they record what is read from them."""
        return Terms(self, on)

    def dated_form(self, on: date) -> DatedForm | None:
        """Return what is known of the application form on that day; None before anything is."""
        current = [version for version in self.forms if version.since <= on]
        return current[-1] if current else None

    def form_on(self, on: date) -> ApplicationForm | None:
        """Return the application form in force on that day; None while none is known."""
        version = self.dated_form(on)
        return version.form if version else None

    def item(self, item: str) -> Item:
        """Return an item of the price list; raises `Invalid` naming those that exist."""
        if item in self.items:
            return self.items[item]
        said = message(
            gettext_noop("“{value}” is not on the price list of {programme}. What it lists: {known}."),
            value=item,
            programme=self.id,
            known=", ".join(self.items),
        )
        fault = Fault("rules.item.unknown", said, field="item", value=item)
        raise Invalid("rules.item.unknown", said, faults=[fault])
