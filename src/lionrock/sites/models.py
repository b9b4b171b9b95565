"""Tables of sites, of what their partitions offer, and of who has which account there."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from lionrock.people.models import Person


class Site(models.Model):
    """A place where a programme's jobs run, and the driver that speaks to it.

    `time_zone` is where its machines stand (an IANA name); money follows the programme's zone.
    `connection` is how the driver reaches it, empty where nothing is to be said; its keys are in
    `domain/connections.py`. `seen` is what the cluster last said of itself, and `seen_at` when.
    """

    code = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    name_zh_hant = models.CharField(max_length=200, blank=True)
    name_zh_hans = models.CharField(max_length=200, blank=True)
    time_zone = models.CharField(max_length=64)
    programme = models.CharField(max_length=64, db_index=True)
    driver = models.CharField(max_length=32)
    connection = models.JSONField(default=dict, blank=True)
    seen = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    seen_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class Pool(models.Model):
    """A partition of a site, and which price item its devices are.

    `device` is the cluster's word for what is counted (“gres/gpu:h800”, “cpu”), and `devices_per_unit`
    how many of them are one unit of the price item: 1 for a card, 8 for a node of eight. `nodes` and
    `devices_per_node` are what the cluster had when it was `measured_at`; the item is empty until
    somebody has said what it is sold as.
    """

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="pools")
    name = models.CharField(max_length=64)
    partition = models.CharField(max_length=64)
    item = models.CharField(max_length=64, blank=True)
    device = models.CharField(max_length=100)
    devices_per_unit = models.PositiveIntegerField(default=1)
    nodes = models.PositiveIntegerField(default=0)
    devices_per_node = models.PositiveIntegerField(default=0)
    measured_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["site", "name"]
        constraints = [
            models.UniqueConstraint(fields=["site", "name"], name="sites_pool_name"),
            models.UniqueConstraint(fields=["site", "partition", "device"], name="sites_pool_device"),
            models.CheckConstraint(condition=Q(devices_per_unit__gte=1), name="sites_pool_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.site.code}/{self.name}"


class Login(models.Model):
    """A person's account on a cluster. Who has none runs as the service's own user there."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="logins")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="logins")
    username = models.CharField(max_length=32)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["site", "username"]
        constraints = [
            models.UniqueConstraint(fields=["site", "person"], name="sites_login_person"),
            models.UniqueConstraint(fields=["site", "username"], name="sites_login_username"),
        ]

    def __str__(self) -> str:
        return f"{self.username}@{self.site.code}"
