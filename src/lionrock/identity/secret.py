"""What is kept under the installation's secret, so that the tables alone open nothing, and the secret can be exchanged.

Something kept is made of the secret and of a seed. When the secret is exchanged, what was made of the earlier one is
put under the new one by a mask: the same bytes come of the new secret, the seed and the mask.
"""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.utils.crypto import salted_hmac

from lionrock.kernel.errors import Unavailable
from lionrock.kernel.messages import gettext_noop, message

_NAME_LENGTH: Final = 16


def secrets_on_hand() -> dict[str, str]:
    """Return the secrets that count by their names: the one of now first, then the earlier ones."""
    return {name_of(each): each for each in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)}


def name_of(secret: str) -> str:
    """Return the name of a secret, which says nothing of it."""
    return salted_hmac("lionrock.secret.name", "", secret=secret, algorithm="sha256").hexdigest()[:_NAME_LENGTH]


def present() -> str:
    """Return the name of the secret of now, under which all that is new is kept."""
    return name_of(settings.SECRET_KEY)


def made_of(salt: str, seed: str, under: str, mask: str = "") -> bytes:
    """Return what is kept under a secret (by name), for one purpose (`salt`); raises `Unavailable` without it."""
    secret = secrets_on_hand().get(under)
    if secret is None:
        said = gettext_noop(
            "This was made under an earlier secret of this installation, which is not at hand. Add that to "
            "LIONROCK_SECRET_KEY_FALLBACKS, or make it anew."
        )
        raise Unavailable("identity.secret.gone", message(said))
    made = salted_hmac(salt, seed, secret=secret, algorithm="sha256").digest()
    return _mixed(made, bytes.fromhex(mask)) if mask else made


def mask_for(kept: bytes, salt: str, seed: str) -> str:
    """Return the mask by which the same bytes come of the secret of now."""
    return _mixed(made_of(salt, seed, present()), kept).hex()


def _mixed(one: bytes, other: bytes) -> bytes:
    return bytes(left ^ right for left, right in zip(one, other, strict=True))
