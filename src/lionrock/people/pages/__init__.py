"""Signing in and up, one's own account, and the people of organisations and programmes."""

from lionrock.people.pages.accounts import MakePanel, account, change_own_password, enter_an_organisation
from lionrock.people.pages.deputies import deputies, end_deputy
from lionrock.people.pages.joining import join, join_by_link, joined
from lionrock.people.pages.leaving import close, leave
from lionrock.people.pages.organisations import answer, invite, organisation
from lionrock.people.pages.signing_in import SignIn
from lionrock.people.pages.staff import give_role, hand_over_link, people, programmes, take_role

__all__ = [
    "MakePanel",
    "SignIn",
    "account",
    "answer",
    "change_own_password",
    "close",
    "deputies",
    "end_deputy",
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
    "take_role",
]
