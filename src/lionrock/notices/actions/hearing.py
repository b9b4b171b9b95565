"""What is told because a room below says that something happened: rows of config/reactions.py."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from lionrock.identity.domain.events import What
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.notices.actions.telling import notify
from lionrock.notices.domain import Subject
from lionrock.notices.models import Mail
from lionrock.people.domain import Role
from lionrock.people.mail_domains import shown
from lionrock.people.queries import administrators_of, holders_of, offices, organisation_by_code
from lionrock.rules.shape import Names


def post_joining_mail(*, joining: int, address: str, language: str, now: datetime) -> None:
    """Put the mail with the link that proves an address on its way."""
    Mail.objects.create(
        kind=Mail.Kind.JOINING, code=str(joining), address=address, language=language, made_at=now, next_try=now
    )


def post_reset_mail(*, reset: int, address: str, language: str, now: datetime) -> None:
    """Put the mail on its way with which somebody chooses another password, or learns that there is no account."""
    Mail.objects.create(
        kind=Mail.Kind.RESET, code=str(reset), address=address, language=language, made_at=now, next_try=now
    )


def tell_password_changed(*, person: str, by_link: bool, now: datetime) -> None:
    """Tell somebody that their password is another one now: if it was not they, they have to act."""
    own = gettext_noop(
        "Your password was changed, and all other sign-ins ended. If it was not you, choose another now."
    )
    link = gettext_noop(
        "Your password was changed by a link that was sent to your address, and all sign-ins ended. If it was not "
        "you, somebody reads your mail: change the password there, and then here."
    )
    _tell_account(person, message(link if by_link else own), now)


def tell_signing_in_changed(*, person: str, what: What, name: str, now: datetime) -> None:
    """Tell somebody what has changed about how they sign in."""
    _tell_account(person, message(_SIGNING_IN[what], name=name), now)


def _tell_account(person: str, said: Message, now: datetime) -> None:
    notify(to=[person], said=said, about=Subject("account", ""), now=now, urgent=True)


_SIGNING_IN: Final = {
    What.PASSKEY_ADDED: gettext_noop("The passkey “{name}” was added to your account. If it was not you, remove it."),
    What.PASSKEY_REMOVED: gettext_noop("The passkey “{name}” was removed from your account."),
    What.APP_ADDED: gettext_noop("An authenticator app was added to your account. If it was not you, remove it."),
    What.APP_REMOVED: gettext_noop("The authenticator app was removed from your account."),
    What.CODES_MADE: gettext_noop("New recovery codes were made for your account; those before do not count any more."),
    What.CODE_USED: gettext_noop("A recovery code of yours was used. If it was not you, change your password."),
    What.RESET_BY_OPERATOR: gettext_noop(
        "Whoever runs this portal has removed your passkeys and your authenticator app. If you did not ask for it, "
        "change your password and write to them."
    ),
    What.PASSKEY_COPIED: gettext_noop(
        "The passkey “{name}” was refused: it looks as if somebody had copied it. Remove it, and add another."
    ),
    What.ENDED_BY_OTHERS: gettext_noop(
        "All your sign-ins were ended by those who look after this portal or your programme. They say: {name}"
    ),
}


def tell_support_offered(
    *, person: str, programme: str, supporter: str, reason: str, ends: datetime, now: datetime
) -> None:
    """Tell an office, or the one person of it who was named, that it may look at somebody's pages, and until when."""
    office = holders_of(Role.OFFICE, programme=programme)
    to = [each for each in office if not supporter or each.lower() == supporter.lower()]
    said = message(
        gettext_noop("{person} lets you look at their pages until {ends}: {reason}"),
        person=person,
        ends=ends,
        reason=reason,
    )
    notify(to=to, said=said, about=Subject("support", ""), now=now)


def tell_support_begun(*, person: str, supporter: str, programme: str, reason: str, now: datetime) -> None:
    """Tell somebody at once that their pages are looked at, by whom and why."""
    said = gettext_noop(
        "{supporter} of {programme} looks at your pages now, as you have allowed: {reason}. Your account says what "
        "they look at, and ends it."
    )
    _tell_account(person, message(said, supporter=supporter, programme=programme, reason=reason), now)


def tell_deputy_named(
    *, deputy: str, holder: str, role: Role, programme: str, first: date, last: date, now: datetime
) -> None:
    """Tell somebody that they stand in for somebody else, and whom they stand in for that it is so."""
    fields = {"role": role.value, "programme": programme, "first": first, "last": last}
    yours = gettext_noop("You stand in for {holder} as {role} of {programme}, from {first} to {last}.")
    theirs = gettext_noop("{deputy} stands in for you as {role} of {programme}, from {first} to {last}.")
    about = Subject("account", "")
    notify(to=[deputy], said=message(yours, holder=holder, **fields), about=about, now=now)
    notify(to=[holder], said=message(theirs, deputy=deputy, **fields), about=about, now=now)


def tell_member_left(*, organisation: str, person: str, colleague: str, reason: str, now: datetime) -> None:
    """Tell the colleague what is theirs to look after now; the offices, when nobody is left to do so."""
    names = _names(organisation)
    if colleague:
        theirs = gettext_noop("{person} has left {organisation}. You look after its applications, awards and jobs now.")
        told, said = [colleague], message(theirs, person=person, organisation=names)
    else:
        nobody = gettext_noop("{person} was the last of {organisation} and has left. They say: {reason}")
        told, said = offices(), message(nobody, person=person, organisation=names, reason=reason)
    notify(to=told, said=said, about=Subject("organisation", organisation), now=now)


def tell_membership_asked(*, organisation: str, person: str, name: str, now: datetime) -> None:
    """Tell an organisation's administrators that somebody asks to join it; every office, when it has none."""
    said = message(
        gettext_noop("{name} ({person}) asks to belong to {organisation}."),
        name=name,
        person=person,
        organisation=_names(organisation),
    )
    to = administrators_of(organisation) or offices()
    notify(to=to, said=said, about=Subject("organisation", organisation), now=now)


def tell_membership_answered(*, organisation: str, person: str, granted: bool, now: datetime) -> None:
    """Tell somebody whether they belong to an organisation now."""
    yes = gettext_noop("You belong to {organisation} now: you can apply for it, and see what it has been awarded.")
    no = gettext_noop(
        "Your request to belong to {organisation} was declined. Ask its administrators, or a programme's office."
    )
    about = Subject("organisation", organisation) if granted else Subject("account", "")
    notify(to=[person], said=message(yes if granted else no, organisation=_names(organisation)), about=about, now=now)


def tell_member_joined(*, organisation: str, person: str, domain: str, now: datetime) -> None:
    """Tell an organisation's administrators who belongs to it now, whom nobody was asked about."""
    said = gettext_noop("{person} belongs to {organisation} now: the address is of {domain}, which lets in.")
    told = message(said, person=person, organisation=_names(organisation), domain=shown(domain))
    to = administrators_of(organisation) or offices()
    notify(to=to, said=told, about=Subject("organisation", organisation), now=now)


def tell_administrator_changed(*, organisation: str, person: str, by: str, named: bool, now: datetime) -> None:
    """Tell somebody that they look after who belongs to an organisation, or no longer do."""
    yes = gettext_noop("You look after who belongs to {organisation} now: you invite, let in, remove. {by} named you.")
    no = gettext_noop("You no longer look after who belongs to {organisation}. {by} ended it.")
    said = message(yes if named else no, organisation=_names(organisation), by=by)
    notify(to=[person], said=said, about=Subject("organisation", organisation), now=now)


def tell_domain_missed(*, organisation: str, domain: str, lapses_at: datetime | None, now: datetime) -> None:
    """Tell an organisation's administrators that the record of a domain is gone, or that its proof has lapsed."""
    gone = gettext_noop(
        "The record that proves that {domain} is of {organisation} is not there any more. Put it back within {days} "
        "days, or the proof lapses; until then nobody enters by an address of it."
    )
    over = gettext_noop(
        "The proof that {domain} is of {organisation} has lapsed: its record is gone, or somebody else has proven the "
        "domain. Who belongs goes on to; nobody enters by an address of it."
    )
    days = (lapses_at - now) // timedelta(days=1) if lapses_at else 0
    said = message(gone if lapses_at else over, domain=shown(domain), organisation=_names(organisation), days=days)
    to = administrators_of(organisation) or offices()
    notify(to=to, said=said, about=Subject("organisation", organisation), now=now, urgent=True)


def _names(organisation: str) -> Names:
    found = organisation_by_code(organisation)
    return Names(found.name, found.name_zh_hant or None, found.name_zh_hans or None)
