"""Putting what is kept under an earlier secret of the installation under the one of now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from lionrock.audit.actions import record
from lionrock.identity.domain.events import SecretExchanged
from lionrock.identity.models import Authenticator, RecoveryCode
from lionrock.identity.policies import require_operator
from lionrock.identity.queries import APP_SALT
from lionrock.identity.secret import made_of, mask_for, present
from lionrock.kernel.events import publish
from lionrock.people.domain import Actor


@dataclass(frozen=True, slots=True)
class Resealed:
    """How many authenticator apps were put under the secret of now, and whose recovery codes cannot be."""

    apps: int
    codes_of: tuple[str, ...]


@transaction.atomic
def reseal_secrets(*, actor: Actor, now: datetime) -> Resealed:
    """Put what is kept under an earlier secret under the one of now; the operator may. Twice changes nothing.

    Of recovery codes there are only digests: those made before count as long as the earlier secret is at hand, and
    their owners are named. Raises `Unavailable` when a secret is missing from the settings.
    """
    require_operator(actor)
    earlier = Authenticator.objects.select_for_update().exclude(under=present())
    apps = sum(_reseal(each) for each in earlier)
    left = RecoveryCode.objects.filter(used_at__isnull=True).exclude(under=present())
    owners = tuple(left.order_by("person__email").values_list("person__email", flat=True).distinct())
    details = {"apps": apps, "codes_of": len(owners), "under": present()}
    record("identity.reseal_secrets", present(), actor=actor.email, now=now, details=details)
    publish(SecretExchanged(actor.email, now))
    return Resealed(apps, owners)


def _reseal(app: Authenticator) -> int:
    kept = made_of(APP_SALT, app.seed, app.under, app.mask)
    app.mask, app.under = mask_for(kept, APP_SALT, app.seed), present()
    app.save(update_fields=["mask", "under"])
    return 1
