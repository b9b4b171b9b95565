"""A device that makes and shows passkeys as WebAuthn has it, and lies where a test wants it to."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode

ORIGIN, PARTY = "http://localhost:8000", "localhost"
PRESENT_AND_VERIFIED, PRESENT = 0x05, 0x01


@dataclass
class Device:
    """One authenticator with one passkey."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    owner: bytes = b""
    count: int = 0
    origin: str = ORIGIN
    party: str = PARTY
    flags: int = PRESENT_AND_VERIFIED

    def make(self, options: dict[str, Any]) -> str:
        """Answer `navigator.credentials.create`."""
        self.owner = websafe_decode(options["user"]["id"])
        public = cbor.encode(dict(ES256.from_cryptography_key(self.key.public_key())))
        credential = bytes(16) + len(self.credential).to_bytes(2, "big") + self.credential + public
        attested = cbor.encode({"fmt": "none", "attStmt": {}, "authData": self._data(0x40) + credential})
        return self._answer({"clientDataJSON": self._client("webauthn.create", options), "attestationObject": attested})

    def show(self, options: dict[str, Any]) -> str:
        """Answer `navigator.credentials.get`."""
        self.count += 1
        client, data = self._client("webauthn.get", options), self._data(0)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        parts = {"clientDataJSON": client, "authenticatorData": data, "signature": signature, "userHandle": self.owner}
        return self._answer(parts)

    def _data(self, more: int) -> bytes:
        return hashlib.sha256(self.party.encode()).digest() + bytes([self.flags | more]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _answer(self, parts: dict[str, bytes]) -> str:
        name = websafe_encode(self.credential)
        response = {part: websafe_encode(content) for part, content in parts.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
