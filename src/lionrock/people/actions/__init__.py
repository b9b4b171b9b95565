"""Registering organisations and persons, giving roles, signing up and belonging, and one's own account."""

from lionrock.people.actions.accounts import change_account, change_password
from lionrock.people.actions.belonging import answer_membership, ask_membership, invite_colleague
from lionrock.people.actions.deputies import end_deputyship, name_deputy
from lionrock.people.actions.joining import ask_to_join, forget_joinings, show_joining_link, take_up_joining
from lionrock.people.actions.leaving import close_account, leave_organisation
from lionrock.people.actions.registering import (
    forget_failed_sign_ins,
    grant_role,
    note_failed_sign_in,
    register_organisation,
    register_person,
    revoke_role,
)

__all__ = [
    "answer_membership",
    "ask_membership",
    "ask_to_join",
    "change_account",
    "change_password",
    "close_account",
    "end_deputyship",
    "forget_failed_sign_ins",
    "forget_joinings",
    "grant_role",
    "invite_colleague",
    "leave_organisation",
    "name_deputy",
    "note_failed_sign_in",
    "register_organisation",
    "register_person",
    "revoke_role",
    "show_joining_link",
    "take_up_joining",
]
