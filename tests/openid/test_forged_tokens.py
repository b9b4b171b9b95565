"""Tokens that somebody else made, or for somebody else, or at another time: each refused, and for its own reason."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc.jwk import OctKey
from tests.openid.forged import CURVE, KEY, NONCE, NOW, OTHER_KEY, claims, provider, signed, signed_with, unsigned

from lionrock.openid.domain.providers import may_be_asked, speaks_for
from lionrock.openid.domain.tokens import (
    LEEWAY,
    SIGNED_BY,
    Identity,
    Unbelievable,
    UnknownKey,
    identity_of,
    public_keys,
)

AT = datetime.fromtimestamp(NOW, UTC)
LATE = int(LEEWAY.total_seconds())
ACCESS = "an access token"
HALF = base64.urlsafe_b64encode(hashlib.sha256(ACCESS.encode()).digest()[:16]).rstrip(b"=").decode()
PUBLIC = {"keys": [KEY.as_dict(private=False), CURVE.as_dict(private=False)]}


def base64url(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(128)).rstrip(b"=").decode()


def believed(token: str, **changes: Any) -> Identity:
    given: dict[str, Any] = {"nonce": NONCE, "access_token": ACCESS, "kinds": SIGNED_BY, "now": AT}
    of = changes.pop("provider", provider())
    return identity_of(token, public_keys(PUBLIC), of, **{**given, **changes})


@pytest.mark.parametrize(
    "token",
    [
        signed(claims()),
        signed(claims(), key=CURVE, kind="ES256"),
        signed(claims(), kind="PS384"),
        signed(claims(aud=["lionrock", "another"], azp="lionrock")),
        signed(claims(exp=NOW - LATE + 1)),
        signed(claims(iat=NOW + LATE, nbf=NOW + LATE)),
        signed(claims(at_hash=HALF)),
        signed(claims(), typ="JWT"),
    ],
)
def test_a_good_token_says_who_it_is(token: str) -> None:
    assert believed(token) == Identity(
        provider().issuer, "42", "chan@harbour.example", email_verified=True, name="Chan Tai Man"
    )


@pytest.mark.parametrize(
    ("token", "why"),
    [
        (unsigned(), "signed by 'none'"),
        (signed_with(KEY.as_pem(private=False)), "signed by 'HS256'"),
        (signed_with(b"secret-of-the-client"), "signed by 'HS256'"),
        (signed(claims(), key=OTHER_KEY), "0 keys fit"),
        (signed(claims(), key=OTHER_KEY, kid="one"), "signature"),
        (signed(claims(), kid=None), "2 keys fit"),
        (signed(claims())[:-8] + "AAAAAAAA", "signature"),
        (signed(claims(), typ="at+jwt"), "is no ID token"),
        (signed(claims(iss="https://id.delta.example")), "another issuer"),
        (signed(claims(iss=f"{provider().issuer}/")), "another issuer"),
        (signed(claims(aud="another")), "another client"),
        (signed(claims(aud=["another"])), "another client"),
        (signed(claims(aud=None)), "another client"),
        (signed(claims(aud=["lionrock", "another"])), "handed to another"),
        (signed(claims(azp="another")), "handed to another"),
        (signed(claims(nonce="asked-before")), "another nonce"),
        (signed(claims(nonce=None)), "another nonce"),
        (signed(claims(nonce=["asked-once"])), "another nonce"),
        (signed(claims(exp=NOW - LATE)), "expired"),
        (signed(claims(exp=None)), "does not say when"),
        (signed(claims(exp=True)), "no instant"),
        (signed(claims(iat="now")), "no instant"),
        (signed(claims(iat=NOW + LATE + 1)), "future"),
        (signed(claims(nbf=NOW + LATE + 1)), "future"),
        (signed(claims(iat=NOW - 3600)), "too long ago"),
        (signed(claims(at_hash="AAAA")), "access token"),
        (signed(claims(sub=None)), "does not say who"),
        (signed(claims(sub="")), "does not say who"),
        (signed(claims(sub="x" * 256)), "does not say who"),
        (signed(claims(sub=42)), "does not say who"),
        ("", "no token"),
        ("a.b.c", "no token"),
        ("ä.ö.ü", "no token"),
        (signed(claims()) + ".more.parts", "no token"),
    ],
)
def test_a_token_that_is_not_as_it_must_be_is_refused(token: str, why: str) -> None:
    with pytest.raises(Unbelievable, match=why):
        believed(token)


def test_an_access_token_that_is_missing_does_not_fit_its_hash() -> None:
    with pytest.raises(Unbelievable, match="access token"):
        believed(signed(claims(at_hash=HALF)), access_token=None)


def test_a_kind_that_the_provider_does_not_make_is_refused() -> None:
    with pytest.raises(Unbelievable, match="ES256"):
        believed(signed(claims(), key=CURVE, kind="ES256"), kinds=["RS256"])


def test_shared_secrets_are_accepted_by_nobody_whatever_the_provider_says() -> None:
    with pytest.raises(Unbelievable, match="HS256"):
        believed(signed_with(b"secret-of-the-client"), kinds=["HS256", "none", *SIGNED_BY])
    with pytest.raises(Unbelievable, match="none"):
        believed(unsigned(), kinds=["none"])


@pytest.mark.parametrize(
    ("changes", "trusted", "verified"),
    [
        ({"email_verified": True}, False, True),
        ({"email_verified": False}, True, False),
        ({"email_verified": "true"}, True, False),
        ({"email_verified": None}, True, True),
        ({"email_verified": None}, False, False),
        ({"email": None}, True, False),
    ],
)
def test_an_address_counts_as_proven_only_when_that_is_said(
    changes: dict[str, Any], trusted: bool, verified: bool
) -> None:
    found = believed(signed(claims(**changes)), provider=provider(email_trusted=trusted))
    assert found.email_verified is verified


def test_keys_that_are_secret_weak_or_for_another_use_are_passed_over() -> None:
    numbers = rsa.generate_private_key(65537, 1024).public_key().public_numbers()
    weak = {"kty": "RSA", "kid": "weak", "n": base64url(numbers.n), "e": "AQAB"}
    rows: list[Any] = [
        OctKey.generate_key(256, {"kid": "shared"}).as_dict(),
        KEY.as_dict(private=True),
        {**KEY.as_dict(private=False), "use": "enc"},
        weak,
        {"kty": "RSA", "n": "?", "e": "AQAB"},
        {"kty": "RSA"},
        "no key",
        OTHER_KEY.as_dict(private=False),
    ]
    assert [key.kid for key in public_keys({"keys": rows})] == ["two"]
    with pytest.raises(Unbelievable):
        public_keys({"keys": "none"})


def test_one_key_without_a_name_is_the_one() -> None:
    only = public_keys({"keys": [KEY.as_dict(private=False)]})
    given: dict[str, Any] = {"nonce": NONCE, "access_token": None, "kinds": SIGNED_BY, "now": AT}
    assert identity_of(signed(claims(), kid=None), only, provider(), **given).subject == "42"
    with pytest.raises(UnknownKey):
        identity_of(signed(claims()), [], provider(), **given)


@pytest.mark.parametrize(
    ("address", "plain", "may"),
    [
        ("https://id.harbour.example/token", False, True),
        ("http://id.harbour.example/token", True, False),
        ("http://127.0.0.1:9/token", True, True),
        ("http://127.0.0.1:9/token", False, False),
        ("http://127.0.0.1.elsewhere.example/", True, False),
        ("https://user:secret@id.harbour.example/", False, False),
        ("file:///etc/passwd", True, False),
        ("https://id.harbour.example/a b", False, False),
        ("https://id.harbour.example/\r\nHost: x", False, False),
        ("https://id.harbour.example:port/", False, False),
        ("https:///token", False, False),
        (None, True, False),
    ],
)
def test_only_addresses_over_tls_are_asked(address: object, plain: bool, may: bool) -> None:
    assert may_be_asked(address, plain_http=plain) is may


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("chan@harbour.example", True),
        ("Chan@HARBOUR.example", True),
        ("chan@mail.harbour.example", False),
        ("chan@notharbour.example", False),
        ("chan@elsewhere.example@harbour.example", True),
        ("@harbour.example", False),
        ("harbour.example", False),
    ],
)
def test_a_provider_speaks_for_its_own_domains_alone(address: str, may: bool) -> None:
    assert speaks_for({"harbour.example"}, address) is may
