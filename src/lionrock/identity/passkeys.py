"""Passkeys as WebAuthn has them: what a browser is asked, and whether its answer holds."""

from __future__ import annotations

import json
import secrets
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from lionrock.identity.models import Passkey
from lionrock.kernel.errors import Refused
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.models import Person

Asked = tuple[dict[str, Any], dict[str, Any]]
"""What the browser is told, and what we keep until it answers."""
_ISSUER: Final = "Lionrock"
_OWNER_LENGTH: Final = 32
_LONGEST_ANSWER: Final = 20_000
_UNREADABLE: Final = (ValueError, LookupError, TypeError, AttributeError, struct.error, AssertionError)
"""What the library raises for an answer that is no answer: it is read by the shape that it ought to have."""


@dataclass(frozen=True, slots=True)
class Made:
    """A passkey that a device has just made."""

    credential: bytes
    public: bytes
    count: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A passkey that was just used: which one, and how often its device says that it was."""

    passkey: Passkey
    count: int


def usable() -> bool:
    """Tell whether browsers can keep passkeys for this portal: it needs a name, not a number."""
    host = urlsplit(settings.LIONROCK_PORTAL_URL).hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return True
    return False


def _server() -> Fido2Server:
    portal = urlsplit(settings.LIONROCK_PORTAL_URL)
    origin = f"{portal.scheme}://{portal.netloc}"
    party = PublicKeyCredentialRpEntity(name=_ISSUER, id=portal.hostname)
    return Fido2Server(party, verify_origin=lambda theirs: theirs == origin)


def owner_of(person: Person) -> bytes:
    """Return what devices know somebody by: that of their other passkeys, or a new one."""
    first = Passkey.objects.filter(person=person).first()
    return bytes(first.owner) if first else secrets.token_bytes(_OWNER_LENGTH)


def ask_to_make(person: Person) -> Asked:
    """Ask for a new passkey that is found without an address, on a device that does not have one yet."""
    owner = owner_of(person)
    options, state = _server().register_begin(
        PublicKeyCredentialUserEntity(id=owner, name=person.email, display_name=person.name),
        credentials=_descriptors(person),
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(options)["publicKey"], {**state, "owner": owner.hex()}


def ask_to_show(person: Person | None) -> Asked:
    """Ask for a passkey of somebody, or of whoever it is; the device asks for a finger, a face or its PIN."""
    options, state = _server().authenticate_begin(
        credentials=_descriptors(person) if person else None, user_verification=UserVerificationRequirement.REQUIRED
    )
    return dict(options)["publicKey"], dict(state)


def _descriptors(person: Person) -> list[PublicKeyCredentialDescriptor]:
    kind = PublicKeyCredentialType.PUBLIC_KEY
    kept = Passkey.objects.filter(person=person).values_list("credential", flat=True)
    return [PublicKeyCredentialDescriptor(type=kind, id=bytes(each)) for each in kept]


def read_made(answer: str, state: Mapping[str, Any]) -> Made:
    """Check what a browser answers to `ask_to_make`; raises `Refused`."""
    try:
        found = _server().register_complete(state, _read(answer))
    except _UNREADABLE as wrong:
        raise refused() from wrong
    made = found.credential_data
    if made is None:
        raise refused()
    return Made(made.credential_id, bytes(made), found.counter)


def read_shown(answer: str, state: Mapping[str, Any], person: Person | None) -> Shown:
    """Check what a browser answers to `ask_to_show`; raises `Refused`.

    The passkey has to be on file, of `person` where one is named, and answer with the key and the owner
    that it was made with. The caller compares the count.
    """
    try:
        given = AuthenticationResponse.from_dict(_read(answer))
        passkey = Passkey.objects.select_related("person").filter(credential=given.raw_id).first()
        if passkey is None or (person is not None and passkey.person_id != person.pk):
            raise refused()
        if given.response.user_handle not in {bytes(passkey.owner), *([None] if person else [])}:
            raise refused()
        _server().authenticate_complete(state, [AttestedCredentialData(bytes(passkey.public))], given)
        return Shown(passkey, given.response.authenticator_data.counter)
    except _UNREADABLE as wrong:
        raise refused() from wrong


def _read(answer: str) -> dict[str, Any]:
    read = json.loads(answer[:_LONGEST_ANSWER])
    if not isinstance(read, dict):
        raise TypeError
    return read


def refused() -> Refused:
    """Return what is said of an answer that does not hold; which part of it does not is nobody's business."""
    return Refused(
        "identity.passkey.refused",
        message(gettext_noop("This passkey was not accepted. Try again, or sign in in another way.")),
    )
