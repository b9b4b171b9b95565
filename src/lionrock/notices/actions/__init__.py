"""Telling people, marking what they have read, and sending mail."""

from lionrock.notices.actions.hearing import (
    post_joining_mail,
    post_reset_mail,
    tell_administrator_changed,
    tell_deputy_named,
    tell_domain_missed,
    tell_member_joined,
    tell_member_left,
    tell_membership_answered,
    tell_membership_asked,
    tell_password_changed,
    tell_signing_in_changed,
    tell_support_begun,
    tell_support_offered,
)
from lionrock.notices.actions.packing import pack_mail
from lionrock.notices.actions.reading import choose_wishes, mark_all_read, mark_one, mark_read
from lionrock.notices.actions.sending import retry_mail, send_mail
from lionrock.notices.actions.telling import notify

__all__ = [
    "choose_wishes",
    "mark_all_read",
    "mark_one",
    "mark_read",
    "notify",
    "pack_mail",
    "post_joining_mail",
    "post_reset_mail",
    "retry_mail",
    "send_mail",
    "tell_administrator_changed",
    "tell_deputy_named",
    "tell_domain_missed",
    "tell_member_joined",
    "tell_member_left",
    "tell_membership_answered",
    "tell_membership_asked",
    "tell_password_changed",
    "tell_signing_in_changed",
    "tell_support_begun",
    "tell_support_offered",
]
