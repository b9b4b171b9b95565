"""The form of signing in: address and password, and a pause after too many wrong ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError

from lionrock.people.actions import forget_failed_sign_ins, note_failed_sign_in
from lionrock.people.queries import paused_until, source_paused_until
from lionrock.people.sources import source_of


class SignInForm(AuthenticationForm):
    """Asks as Django does, and for an address that was tried too often not at all.

    `minutes_to_wait` is then above zero. Nothing tells an address that is on file from one that is
    not, the wait included.
    """

    minutes_to_wait = 0
    whole_network = False
    """Whether it is the network that tried too often, and not this address."""

    def clean(self) -> dict[str, Any]:
        """Check address and password; count a wrong answer, and forget them all at a right one."""
        address, now = self.cleaned_data.get("username", ""), datetime.now(UTC)
        source = source_of(self.request) if self.request else ""
        of_network = source_paused_until(source, now)
        until = of_network or paused_until(address, now)
        if until:
            self.minutes_to_wait = -(-(until - now) // timedelta(minutes=1))
            self.whole_network = of_network is not None
            raise ValidationError("", code="paused")
        try:
            cleaned = super().clean()
        except ValidationError:
            note_failed_sign_in(address=address, source=source, now=now)
            raise
        forget_failed_sign_ins(address=address)
        return cleaned
