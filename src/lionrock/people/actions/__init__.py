"""Registering organisations and persons, giving roles, signing up and belonging, and one's own account."""

from lionrock.people.actions.accounts import change_account, change_password
from lionrock.people.actions.administering import end_administrator, name_administrator
from lionrock.people.actions.belonging import answer_membership, ask_membership, belong_by_address
from lionrock.people.actions.deputies import end_deputyship, name_deputy
from lionrock.people.actions.domains import (
    change_domain,
    claim_domain,
    end_domain,
    look_at_domains,
    verify_domain,
)
from lionrock.people.actions.inviting import invite_colleague, resend_invitation, take_back_invitation
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
    "belong_by_address",
    "change_account",
    "change_domain",
    "change_password",
    "claim_domain",
    "close_account",
    "end_administrator",
    "end_deputyship",
    "end_domain",
    "forget_failed_sign_ins",
    "forget_joinings",
    "grant_role",
    "invite_colleague",
    "leave_organisation",
    "look_at_domains",
    "name_administrator",
    "name_deputy",
    "note_failed_sign_in",
    "register_organisation",
    "register_person",
    "resend_invitation",
    "revoke_role",
    "show_joining_link",
    "take_back_invitation",
    "take_up_joining",
    "verify_domain",
]
