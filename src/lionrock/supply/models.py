"""Suppliers, orders with what was determined of them, papers, shipments, and what runs."""

from __future__ import annotations

import pgtrigger
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from lionrock.database.guards import rows_stand_for_ever
from lionrock.people.models import Organisation
from lionrock.sites.models import Site
from lionrock.supply.domain.states import HOLDING, AuthorisationState, HoldState, Kind, OrderState, ShipmentState

_NEVER_DELETED = "never_deleted"


def _one_of(field: str, states: type[OrderState | HoldState | ShipmentState | AuthorisationState | Kind]) -> Q:
    return Q(**{f"{field}__in": [state.value for state in states]})


class Supplier(models.Model):
    """An organisation that sells; it is screened as every organisation on file is."""

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="supplier")
    country = models.CharField(max_length=2)
    registered_at = models.DateTimeField()
    registered_by = models.CharField(max_length=254)

    class Meta:
        ordering = ["organisation__code"]

    def __str__(self) -> str:
        return f"supplier {self.organisation_id}"


class Authorisation(models.Model):
    """A licence, or an exception that somebody was notified of, for so many chips of a kind.

    It counts up to its last day, that day included; without one it does not expire.
    """

    programme = models.CharField(max_length=64, db_index=True)
    number = models.CharField(max_length=100)
    kind = models.CharField(max_length=20)
    chip = models.CharField(max_length=100)
    quantity = models.PositiveIntegerField()
    conditions = models.TextField(blank=True)
    needs_statement = models.BooleanField(default=False)
    state = models.CharField(max_length=12)
    applied_on = models.DateField()
    decided_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=254)

    class Meta:
        ordering = ["-applied_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="supply_authorisation_once"),
            models.CheckConstraint(condition=_one_of("state", AuthorisationState), name="supply_authorisation_state"),
            models.CheckConstraint(condition=_one_of("kind", Kind), name="supply_authorisation_kind"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="supply_authorisation_quantity"),
        ]
        triggers = [
            pgtrigger.Protect(name=_NEVER_DELETED, operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="what_it_is_is_fixed", fields=["programme", "number", "kind", "chip"]),
        ]

    def __str__(self) -> str:
        return self.number


class EndUserStatement(models.Model):
    """What the end user of a site has signed: for which uses, from which day, up to which day."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="end_user_statements")
    reference = models.CharField(max_length=100)
    signed_by = models.CharField(max_length=200)
    signed_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    uses = models.TextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=254)

    class Meta:
        ordering = ["-signed_on", "-id"]
        constraints = [models.UniqueConstraint(fields=["site", "reference"], name="supply_enduserstatement_once")]
        triggers = rows_stand_for_ever("what an end user has signed is never removed")

    def __str__(self) -> str:
        return self.reference


class Order(models.Model):
    """An order and its journey; what holds it are its `holds`."""

    code = models.CharField(max_length=20, unique=True)
    programme = models.CharField(max_length=64, db_index=True)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="orders")
    reference = models.CharField(max_length=100)
    destination = models.CharField(max_length=2)
    exporting_from = models.CharField(max_length=2)
    headquarters = models.CharField(max_length=2)
    uses = models.JSONField(default=list, blank=True)
    ordered_on = models.DateField()
    state = models.CharField(max_length=12)
    state_since = models.DateTimeField()
    placed_at = models.DateTimeField()
    placed_by = models.CharField(max_length=254)

    class Meta:
        ordering = ["-placed_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["supplier", "reference"], name="supply_order_once"),
            models.CheckConstraint(condition=_one_of("state", OrderState), name="supply_order_state"),
        ]
        triggers = [
            pgtrigger.Protect(name=_NEVER_DELETED, operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="journey_is_fixed", exclude=["state", "state_since"]),
        ]

    def __str__(self) -> str:
        return self.code


class OrderLine(models.Model):
    """So many units of a chip (or of a server with so many of it) for a site; the price of a unit in minor units.

    `promised` is the first planned day of delivery, `due` the one that holds now.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    chip = models.CharField(max_length=100)
    chips_per_unit = models.PositiveIntegerField(default=1)
    units = models.PositiveIntegerField()
    price = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="order_lines")
    promised = models.DateField()
    due = models.DateField()
    authorisation = models.ForeignKey(
        Authorisation, on_delete=models.PROTECT, null=True, blank=True, related_name="lines"
    )
    covered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["order", "position"]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="supply_orderline_once"),
            models.CheckConstraint(
                condition=Q(units__gt=0, chips_per_unit__gt=0, price__gte=0), name="supply_orderline_numbers"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name=_NEVER_DELETED, operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="what_is_ordered_is_fixed", exclude=["due", "authorisation", "covered_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.position}"

    @property
    def chips(self) -> int:
        """How many chips the line has."""
        return self.units * self.chips_per_unit


class Determined(models.Model):
    """What was determined of a line for a day, frozen with its version and citations; the latest one holds.

    `cause` is why it was asked (again): `placed`, `rules` or `date`; `content` is what
    `controls.showing.full_data` says.
    """

    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="determined")
    on = models.DateField()
    cause = models.CharField(max_length=10)
    version = models.CharField(max_length=100)
    paragraph = models.CharField(max_length=100)
    authorisation = models.CharField(max_length=40)
    review = models.CharField(max_length=40)
    content = models.JSONField(encoder=DjangoJSONEncoder)
    at = models.DateTimeField()

    class Meta:
        ordering = ["line", "id"]
        triggers = rows_stand_for_ever("what was determined is never removed")

    def __str__(self) -> str:
        return f"{self.line_id} {self.paragraph}"

    @property
    def basis(self) -> str:
        """What tells this answer from another."""
        return f"{self.version}/{self.paragraph}/{self.authorisation}/{self.review}"


class Hold(models.Model):
    """One reason that holds an order, or held it: why, in which words, and how that ended.

    `line` is 0 for the whole order; `chips` are those that it stands for, where it is not all of a line.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="holds")
    line = models.PositiveSmallIntegerField()
    why = models.CharField(max_length=30)
    basis = models.CharField(max_length=300)
    chips = models.PositiveIntegerField(null=True, blank=True)
    said = models.JSONField()
    state = models.CharField(max_length=10)
    asked_by = models.CharField(max_length=254, blank=True)
    since = models.DateTimeField()
    state_since = models.DateTimeField()

    class Meta:
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "line", "why", "basis"],
                condition=~Q(state=HoldState.LIFTED.value),
                name="supply_hold_one_of_each",
            ),
            models.CheckConstraint(condition=_one_of("state", HoldState), name="supply_hold_state"),
        ]
        indexes = [
            models.Index(
                fields=["order"], condition=Q(state__in=[each.value for each in HOLDING]), name="supply_hold_standing"
            )
        ]
        triggers = [pgtrigger.Protect(name=_NEVER_DELETED, operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.order_id} {self.why}"


class HoldStep(models.Model):
    """One step of a hold: who, when, what and why."""

    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=10)
    actor = models.CharField(max_length=254)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        triggers = rows_stand_for_ever("what was decided of a hold is never removed")

    def __str__(self) -> str:
        return f"{self.hold_id} {self.verb}"


class Shipment(models.Model):
    """So many units of a line, sent at once; `ended_on` is when they came, or were given up."""

    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="shipments")
    reference = models.CharField(max_length=100)
    units = models.PositiveIntegerField()
    sent_on = models.DateField()
    expected_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=12)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=254)

    class Meta:
        ordering = ["sent_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["line", "reference"], name="supply_shipment_once"),
            models.CheckConstraint(condition=Q(units__gt=0), name="supply_shipment_units"),
            models.CheckConstraint(condition=Q(expected_on__gte=F("sent_on")), name="supply_shipment_days"),
            models.CheckConstraint(condition=_one_of("state", ShipmentState), name="supply_shipment_state"),
        ]
        triggers = [
            pgtrigger.Protect(name=_NEVER_DELETED, operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="what_was_sent_is_fixed", exclude=["state", "ended_on"]),
        ]

    def __str__(self) -> str:
        return self.reference


class Equipment(models.Model):
    """Chips that run at a site from a day on: out of a shipment, or there before orders were kept here."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="equipment")
    chip = models.CharField(max_length=100)
    chips = models.PositiveIntegerField()
    since = models.DateField()
    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, null=True, blank=True, related_name="equipment")
    note = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=254)

    class Meta:
        ordering = ["since", "id"]
        constraints = [models.CheckConstraint(condition=Q(chips__gt=0), name="supply_equipment_chips")]
        triggers = rows_stand_for_ever("what was commissioned is never removed")

    def __str__(self) -> str:
        return f"{self.site_id} {self.chip}"


class Retirement(models.Model):
    """So many chips of an equipment run no more from a day on."""

    equipment = models.ForeignKey(Equipment, on_delete=models.PROTECT, related_name="retirements")
    chips = models.PositiveIntegerField()
    on = models.DateField()
    reason = models.CharField(max_length=300)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=254)

    class Meta:
        ordering = ["on", "id"]
        constraints = [models.CheckConstraint(condition=Q(chips__gt=0), name="supply_retirement_chips")]
        triggers = rows_stand_for_ever("what was retired is never removed")

    def __str__(self) -> str:
        return f"{self.equipment_id} {self.chips}"


class SupplyGoal(models.Model):
    """So many petaflops that a programme wants by a day, and who says so; the latest one holds."""

    programme = models.CharField(max_length=64, db_index=True)
    petaflops = models.PositiveIntegerField()
    by = models.DateField()
    source = models.CharField(max_length=300)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=254)

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=Q(petaflops__gt=0), name="supply_supplygoal_petaflops")]
        triggers = rows_stand_for_ever("what was aimed at is never removed")

    def __str__(self) -> str:
        return f"{self.programme} {self.petaflops}"
