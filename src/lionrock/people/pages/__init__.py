"""Signing in and up, one's own account, and the people of organisations and programmes."""

from lionrock.people.pages.accounts import MakePanel, account, belong, change_own_password, enter_an_organisation
from lionrock.people.pages.deputies import deputies, end_deputy
from lionrock.people.pages.domains import change_domain, domains, end_domain, verify_domain
from lionrock.people.pages.joining import join, join_by_link, joined
from lionrock.people.pages.leaving import close, leave
from lionrock.people.pages.organisations import (
    answer,
    change_administrator,
    invite,
    organisation,
    resend,
    take_back,
)
from lionrock.people.pages.signing_in import SignIn
from lionrock.people.pages.staff import give_role, hand_over_link, people, programmes, take_role

__all__ = [
    "MakePanel",
    "SignIn",
    "account",
    "answer",
    "belong",
    "change_administrator",
    "change_domain",
    "change_own_password",
    "close",
    "deputies",
    "domains",
    "end_deputy",
    "end_domain",
    "enter_an_organisation",
    "give_role",
    "hand_over_link",
    "invite",
    "join",
    "join_by_link",
    "joined",
    "leave",
    "organisation",
    "people",
    "programmes",
    "resend",
    "take_back",
    "take_role",
    "verify_domain",
]
