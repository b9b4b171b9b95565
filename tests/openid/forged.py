"""A provider of our own that lies as a test bids it; and tokens of every wrong kind."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from lionrock.openid.domain.providers import Provider

KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "two", "use": "sig"})
CURVE = ECKey.generate_key("P-256", {"kid": "curve"})
ISSUER = "https://id.harbour.example"
NONCE = "asked-once"
NOW = 1_800_000_000


def provider(**changes: Any) -> Provider:
    """Return what the portal knows of it."""
    facts: dict[str, Any] = {
        "code": "forged",
        "name": "Forged",
        "issuer": ISSUER,
        "client_id": "lionrock",
        "client_secret": "secret-of-the-client",
        "domains": frozenset({"harbour.example"}),
    }
    return Provider(**{**facts, **changes})


def claims(**changes: Any) -> dict[str, Any]:
    """Return what a good token says, with changes; None leaves something out."""
    good = {
        "iss": ISSUER, "sub": "42", "aud": "lionrock", "exp": NOW + 300, "iat": NOW, "nonce": NONCE,
        "email": "chan@harbour.example", "email_verified": True, "name": "Chan Tai Man",
    }  # fmt: skip
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def signed(said: dict[str, Any], *, key: Any = KEY, kind: str = "RS256", **header: Any) -> str:
    """Return a token signed as it should be."""
    head = {"alg": kind, "kid": key.kid, **header}
    return jwt.encode({name: value for name, value in head.items() if value is not None}, said, key, algorithms=[kind])


def part(value: object) -> str:
    """Return one part of a token."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def unsigned() -> str:
    """Return a token that says that it needs no signature."""
    return f"{part({'alg': 'none', 'kid': 'one'})}.{part(claims())}."


def signed_with(secret: bytes) -> str:
    """Return a token signed by a shared secret, under the name of the public key."""
    body = f"{part({'alg': 'HS256', 'kid': 'one', 'typ': 'JWT'})}.{part(claims())}"
    made = hmac.new(secret, body.encode(), hashlib.sha256).digest()
    return f"{body}.{base64.urlsafe_b64encode(made).rstrip(b'=').decode()}"


class Forged:
    """A provider on this machine. `documents` says what each path answers; `asked` keeps what was asked."""

    def __init__(self) -> None:
        forged = self
        self.asked: list[str] = []
        self.documents: dict[str, Callable[[dict[str, str]], Any]] = {}

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *args: Any) -> None:
                """Say nothing."""

            def do_GET(self) -> None:
                forged.answer(self)

            do_POST = do_GET  # noqa: N815 - http.server's name

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        self.documents["/.well-known/openid-configuration"] = lambda _: self.about()
        self.documents["/keys"] = lambda _: {"keys": [KEY.as_dict(private=False)]}
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def about(self, **changes: Any) -> dict[str, Any]:
        """Return what it says of itself."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            **changes,
        }

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        self.asked.append(request.path)
        sent = request.rfile.read(int(request.headers.get("Content-Length", 0))).decode()
        given = self.documents.get(request.path, lambda _: (404, b"{}"))({"body": sent})
        status, body = given if isinstance(given, tuple) else (200, json.dumps(given).encode())
        request.send_response(status)
        if status == 302:
            request.send_header("Location", f"{self.issuer}/elsewhere")
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        for start in range(0, len(body), 65536):
            request.wfile.write(body[start : start + 65536])

    def slow(self, seconds: float) -> tuple[int, bytes]:
        """Answer late."""
        time.sleep(seconds)
        return 200, b"{}"

    def stop(self) -> None:
        """Stop it."""
        self.server.shutdown()
        self.server.server_close()
