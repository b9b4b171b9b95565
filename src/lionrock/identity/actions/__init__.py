"""Proving who one is, ways to do so, sign-ins and their end, another password by a link, and support access."""

from lionrock.identity.actions.ending import end_all_sessions, end_other_sessions, end_session, forget_sessions
from lionrock.identity.actions.entering import forget_entries, note_entry, note_leaving
from lionrock.identity.actions.factors import (
    add_authenticator,
    add_passkey,
    make_recovery_codes,
    remove_authenticator,
    remove_passkey,
    reset_factors,
)
from lionrock.identity.actions.proving import take_code, take_passkey, take_password
from lionrock.identity.actions.resealing import reseal_secrets
from lionrock.identity.actions.resetting import after_password_change, ask_reset, forget_resets, take_up_reset
from lionrock.identity.actions.supporting import (
    begin_support,
    end_support,
    end_support_of_closed,
    end_support_of_leaver,
    give_consent,
    note_look,
    stop_support,
    withdraw_consent,
)

__all__ = [
    "add_authenticator",
    "add_passkey",
    "after_password_change",
    "ask_reset",
    "begin_support",
    "end_all_sessions",
    "end_other_sessions",
    "end_session",
    "end_support",
    "end_support_of_closed",
    "end_support_of_leaver",
    "forget_entries",
    "forget_resets",
    "forget_sessions",
    "give_consent",
    "make_recovery_codes",
    "note_entry",
    "note_leaving",
    "note_look",
    "remove_authenticator",
    "remove_passkey",
    "reseal_secrets",
    "reset_factors",
    "stop_support",
    "take_code",
    "take_passkey",
    "take_password",
    "take_up_reset",
    "withdraw_consent",
]
