"""Signing in with more than a password, confirming, resetting, all of it that is one's own, and support access."""

from lionrock.identity.pages.own import (
    authenticator,
    drop_authenticator,
    drop_passkey,
    new_passkey,
    panel,
    recovery_codes,
)
from lionrock.identity.pages.resetting import reset, reset_by_link, reset_sent
from lionrock.identity.pages.sessions import end, end_others, sessions
from lionrock.identity.pages.signing_in import SignIn, second, with_passkey
from lionrock.identity.pages.staff import end_staff
from lionrock.identity.pages.supporting import consent, end_looking, support, supports, withdraw

__all__ = [
    "SignIn",
    "authenticator",
    "consent",
    "drop_authenticator",
    "drop_passkey",
    "end",
    "end_looking",
    "end_others",
    "end_staff",
    "new_passkey",
    "panel",
    "recovery_codes",
    "reset",
    "reset_by_link",
    "reset_sent",
    "second",
    "sessions",
    "support",
    "supports",
    "with_passkey",
    "withdraw",
]
