"""Proving who one is, adding and removing ways to do so, ending sign-ins, and choosing another password by a link."""

from lionrock.identity.actions.ending import end_all_sessions, end_other_sessions, end_session, forget_sessions
from lionrock.identity.actions.factors import (
    add_authenticator,
    add_passkey,
    make_recovery_codes,
    remove_authenticator,
    remove_passkey,
    reset_factors,
)
from lionrock.identity.actions.proving import take_code, take_passkey, take_password
from lionrock.identity.actions.resetting import after_password_change, ask_reset, forget_resets, take_up_reset

__all__ = [
    "add_authenticator",
    "add_passkey",
    "after_password_change",
    "ask_reset",
    "end_all_sessions",
    "end_other_sessions",
    "end_session",
    "forget_resets",
    "forget_sessions",
    "make_recovery_codes",
    "remove_authenticator",
    "remove_passkey",
    "reset_factors",
    "take_code",
    "take_passkey",
    "take_password",
    "take_up_reset",
]
