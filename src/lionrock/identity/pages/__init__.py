"""Signing in with more than a password, confirming, resetting, and all of it that is one's own."""

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

__all__ = [
    "SignIn",
    "authenticator",
    "drop_authenticator",
    "drop_passkey",
    "end",
    "end_others",
    "new_passkey",
    "panel",
    "recovery_codes",
    "reset",
    "reset_by_link",
    "reset_sent",
    "second",
    "sessions",
    "with_passkey",
]
