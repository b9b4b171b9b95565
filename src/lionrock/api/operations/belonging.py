"""People: organisations and who belongs to them, roles of programmes; and what one is told."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet

from lionrock.api.declared.answers import facts, shape
from lionrock.api.declared.things import figures, listed, make
from lionrock.api.domain.tokens import Scope
from lionrock.api.registry import Effect
from lionrock.kernel.messages import Message
from lionrock.notices import actions as telling
from lionrock.notices.models import Notice, Wishes
from lionrock.notices.queries import notices_of
from lionrock.people import actions
from lionrock.people.domain import NAME_STAFF, Actor, Role
from lionrock.people.mail_domains import record_of
from lionrock.people.models import Joining, MailDomain, MembershipRequest, Organisation, Person, RoleGrant
from lionrock.people.policies import require
from lionrock.people.queries import (
    administrators_of,
    holders,
    invitations,
    mail_domains,
    open_requests,
    organisation_for,
    organisations,
)
from lionrock.web.sentences import translate

_ORGANISATION = shape("OrganisationShown", Organisation, "code name name_zh_hant name_zh_hans")
_REQUEST = shape(
    "MembershipShown",
    MembershipRequest,
    "number=pk organisation=organisation.code person=person.email asked_at granted",
)
_GRANT = shape("RoleShown", RoleGrant, "email=person.email role programme organisation=organisation.code granted_at")
make(
    actions.register_organisation,
    "organisations",
    Scope.PEOPLE,
    _ORGANISATION,
    commands=("organisation add",),
)
make(
    actions.grant_role,
    "roles",
    Scope.PEOPLE,
    _GRANT,
    pages=("staff:give",),
    commands=("person grant",),
)
make(
    actions.answer_membership,
    "membership-requests/{number}/answer",
    Scope.PEOPLE,
    _REQUEST,
    given={"number": "request"},
    status=HTTPStatus.OK,
    pages=("people:answer",),
    commands=("organisation answer",),
)
_DONE = facts("Done", done=bool)


def revoke_role(*, actor: Actor, email: str, role: Role, programme: str, now: datetime) -> dict[str, bool]:
    """Take a role for a programme away from somebody; takes the role office."""
    actions.revoke_role(actor=actor, email=email, role=role, programme=programme, now=now)
    return {"done": True}


def invite_colleague(
    *, actor: Actor, organisation: str, email: str, now: datetime, language: str = "en", administrator: bool = False
) -> dict[str, bool]:
    """Invite somebody by e-mail to join an organisation that one looks after."""
    role = {"administrator": administrator}
    actions.invite_colleague(actor=actor, organisation=organisation, email=email, now=now, language=language, **role)
    return {"done": True}


def name_administrator(*, actor: Actor, organisation: str, email: str, now: datetime) -> dict[str, bool]:
    """Let a member look after who belongs to an organisation."""
    actions.name_administrator(actor=actor, organisation=organisation, email=email, now=now)
    return {"done": True}


def end_administrator(*, actor: Actor, organisation: str, email: str, now: datetime) -> dict[str, bool]:
    """Let an administrator of an organisation be a plain member again."""
    actions.end_administrator(actor=actor, organisation=organisation, email=email, now=now)
    return {"done": True}


make(name_administrator, "organisations/{organisation}/administrators", Scope.PEOPLE, _DONE, status=HTTPStatus.OK,
     pages=("people:administrator",), commands=("organisation name-administrator",))  # fmt: skip
make(end_administrator, "organisations/{organisation}/administrators/end", Scope.PEOPLE, _DONE, status=HTTPStatus.OK,
     pages=("people:administrator",), commands=("organisation end-administrator",))  # fmt: skip
_INVITATION = shape(
    "InvitationShown",
    Joining,
    "number=pk organisation=organisation.code email as_administrator invited_by asked_at sent_at expires_at",
)
_DOMAIN = shape(
    "MailDomainShown",
    MailDomain,
    "number=pk organisation=organisation.code name standing lets_in claimed_at looked_at seen_at failing_since",
    record_at=(str, lambda row: record_of(row.name, row.proof)[0]),
    record=(str, lambda row: record_of(row.name, row.proof)[1]),
)
_INVITATIONS, _DOMAINS = "invitations", "mail-domains"
make(actions.resend_invitation, f"{_INVITATIONS}/{{number}}/resend", Scope.PEOPLE, _INVITATION, status=HTTPStatus.OK,
     pages=("people:resend",), commands=("organisation resend",))  # fmt: skip
make(actions.take_back_invitation, f"{_INVITATIONS}/{{number}}/take-back", Scope.PEOPLE, _INVITATION,
     status=HTTPStatus.OK, pages=("people:take_back",), commands=("organisation take-back",))  # fmt: skip
listed(_INVITATIONS, "list_invitations", "List the invitations that wait, of the organisations that one looks after.",
       invitations, _INVITATION, pages=("people:organisation",), commands=("organisation invitations",))  # fmt: skip
make(actions.claim_domain, "organisations/{organisation}/domains", Scope.PEOPLE, _DOMAIN,
     pages=("people:domains",), commands=("organisation claim-domain",))  # fmt: skip
make(actions.verify_domain, f"{_DOMAINS}/{{number}}/verify", Scope.PEOPLE, _DOMAIN, status=HTTPStatus.OK,
     effect=Effect.APART, pages=("people:verify_domain",), commands=("organisation verify-domain",))  # fmt: skip
make(actions.change_domain, f"{_DOMAINS}/{{number}}/change", Scope.PEOPLE, _DOMAIN, status=HTTPStatus.OK,
     pages=("people:change_domain",), commands=("organisation change-domain",))  # fmt: skip
make(actions.end_domain, f"{_DOMAINS}/{{number}}/end", Scope.PEOPLE, _DOMAIN, status=HTTPStatus.OK,
     pages=("people:end_domain",), commands=("organisation end-domain",))  # fmt: skip
listed(_DOMAINS, "list_domains", "List the mail domains of the organisations that one looks after.",
       mail_domains, _DOMAIN, pages=("people:domains",), commands=("organisation domains",))  # fmt: skip


make(
    revoke_role,
    "roles/revoke",
    Scope.PEOPLE,
    _DONE,
    status=HTTPStatus.OK,
    pages=("staff:take",),
    commands=("person revoke",),
)
make(
    invite_colleague,
    "organisations/{organisation}/invitations",
    Scope.PEOPLE,
    _DONE,
    pages=("people:invite",),
    commands=("organisation invite",),
)


def _requests(viewer: Actor) -> QuerySet[MembershipRequest]:
    return open_requests(viewer)


def _organisation(viewer: Actor, code: str) -> dict[str, Any]:
    found = organisation_for(viewer, code)
    members = RoleGrant.objects.filter(organisation=found, role=Role.MEMBER.value).order_by("person__email")
    named = list(members.values_list("person__email", flat=True))
    return {"code": found.code, "name": found.name, "members": named, "administrators": administrators_of(code)}


def _holders(viewer: Actor, programme: str) -> list[dict[str, Any]]:
    require(viewer, *NAME_STAFF, programme=programme)
    return [{"email": each.person.email, "name": each.person.name, "role": each.role} for each in holders(programme)]


listed(
    "membership-requests",
    "list_membership_requests",
    "List who asks to belong to an organisation, as far as one may answer.",
    _requests,
    _REQUEST,
    pages=("people:organisation",),
    commands=("organisation requests",),
)
listed("organisations", "list_organisations", "List the organisations whose people one may see.",
       organisations, _ORGANISATION, pages=("people:organisation",), commands=("organisation list",))  # fmt: skip
figures(_organisation, "organisations/{code}", name="read_organisation",
        said="Show an organisation and who belongs to it.",
        pages=("people:organisation",))  # fmt: skip
figures(_holders, "programmes/{programme}/people", name="list_holders",
        said="Tell who holds which role for a programme.",
        rows=True, pages=("staff:people", "staff:list"), commands=("person list",))  # fmt: skip


def _reader(actor: Actor) -> Person:
    return Person.objects.get(email=actor.email)


def _notices(viewer: Actor) -> QuerySet[Notice]:
    return notices_of(_reader(viewer))


_NOTICE = shape(
    "NoticeShown",
    Notice,
    "number=pk kind code at urgent read_at",
    said=(str, lambda row: translate(Message(row.said["template"], row.said["fields"]))),
)
listed("notices", "list_notices", "List what one was told, the newest first.", _notices, _NOTICE,
       pages=("notices:list", "notices:open"))  # fmt: skip


def mark_one(*, actor: Actor, notice: int, now: datetime) -> dict[str, bool]:
    """Mark one notice as read."""
    return {"done": bool(telling.mark_one(reader=_reader(actor), notice=notice, now=now))}


def mark_all_read(*, actor: Actor, now: datetime) -> dict[str, bool]:
    """Mark all that one was told as read."""
    return {"done": bool(telling.mark_all_read(reader=_reader(actor), now=now))}


def choose_wishes(*, actor: Actor, pace: str, hour: int, now: datetime) -> Wishes:
    """Choose when mail comes: at once, daily at an hour, or never."""
    return telling.choose_wishes(reader=_reader(actor), pace=pace, hour=str(hour), now=now)


make(mark_one, "notices/{number}/read", Scope.PEOPLE, _DONE, given={"number": "notice"}, status=HTTPStatus.OK,
     pages=("notices:read",))  # fmt: skip
make(mark_all_read, "notices/read", Scope.PEOPLE, _DONE, status=HTTPStatus.OK, pages=("notices:read_all",))
make(choose_wishes, "notices/wishes", Scope.PEOPLE, shape("WishesShown", Wishes, "pace hour"), status=HTTPStatus.OK,
     pages=("notices:settings",))  # fmt: skip
