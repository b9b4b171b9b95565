"""The table of sites."""

from __future__ import annotations

from django.db import models


class Site(models.Model):
    """A place where a programme's jobs run, and the driver that speaks to it.

    `time_zone` is where its machines stand (an IANA name); money follows the programme's zone.
    """

    code = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    name_zh_hant = models.CharField(max_length=200, blank=True)
    name_zh_hans = models.CharField(max_length=200, blank=True)
    time_zone = models.CharField(max_length=64)
    programme = models.CharField(max_length=64, db_index=True)
    driver = models.CharField(max_length=32)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code
