"""A real OpenID provider, written by others: Glewlwyd of Debian, as a process of its own in a folder of its own."""

from __future__ import annotations

import json
import shutil
import socket
import sqlite3
import subprocess
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from joserfc.jwk import RSAKey

from lionrock.openid.domain.providers import Provider

SCHEMA = Path("/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3")
SECRET = "known-to-portal-and-provider-alone"
PASSWORD = "granite under rain"
HAS_VERIFIED = {"use-glewlwyd-connection": True, "data-format": {"verified": {"read": True, "write": True}}}
CONFIGURATION = """
port = {port}
bind_address = "127.0.0.1"
external_url = "{address}"
login_url = "login.html"
api_prefix = "api"
log_mode = "file"
log_level = "WARNING"
log_file = "{folder}/log"
cookie_secure = 0
session_key = "session"
admin_scope = "g_admin"
profile_scope = "g_profile"
user_module_path = "/usr/lib/glewlwyd/user"
client_module_path = "/usr/lib/glewlwyd/client"
user_auth_scheme_module_path = "/usr/lib/glewlwyd/scheme"
plugin_module_path = "/usr/lib/glewlwyd/plugin"
hash_algorithm = "SHA512"
database = {{ type = "sqlite3"; path = "{folder}/database"; }};
"""


class RealProvider:
    """Glewlwyd with one client, the portal; people and keys are put by the tests."""

    def __init__(self, folder: Path, back: str) -> None:
        self.folder, self.back = folder, back
        self.port = _free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.issuer = f"{self.address}/api/oidc"
        self.admin = requests.Session()
        self.keys: list[dict[str, Any]] = []

    def start(self) -> None:
        """Start it on an empty database, and wait until it answers."""
        with sqlite3.connect(self.folder / "database") as database:
            database.executescript(SCHEMA.read_text())
            database.execute("UPDATE g_user_module_instance SET gumi_parameters = ?", [json.dumps(HAS_VERIFIED)])
        settings = CONFIGURATION.format(port=self.port, address=self.address, folder=self.folder)
        (self.folder / "settings").write_text(settings)
        program = shutil.which("glewlwyd")
        assert program, "Debian's package glewlwyd is missing; `make test` installs it"
        self.process = subprocess.Popen([program, "-c", str(self.folder / "settings")])
        self._wait()
        self._ask("POST", "auth/", {"username": "admin", "password": "password"})
        self.keys = [_key("first")]
        self._ask("POST", "mod/plugin/", self._plugin())
        self._ask("POST", "client/", self._client())

    def _wait(self) -> None:
        for _ in range(200):
            try:
                requests.get(f"{self.address}/config", timeout=5)
            except requests.ConnectionError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError((self.folder / "log").read_text())

    def stop(self) -> None:
        """Stop it."""
        self.process.terminate()
        self.process.wait(10)

    def _ask(self, method: str, path: str, sent: object = None) -> None:
        answer = self.admin.request(method, f"{self.address}/api/{path}", json=sent, timeout=10)
        assert answer.ok, (method, path, answer.status_code, answer.text)

    def _plugin(self) -> dict[str, Any]:
        verified = {
            "name": "email_verified",
            "user-property": "verified",
            "type": "boolean",
            "boolean-value-true": "yes",
            "boolean-value-false": "no",
            "mandatory": True,
            "scope": ["openid"],
        }
        parameters = {
            "iss": self.issuer,
            "jwks-private": json.dumps({"keys": self.keys}),
            "jwks-show": True,
            "oauth-as-iss-id": True,
            "auth-type-code-enabled": True,
            "auth-type-code-revoke-replayed": True,
            "pkce-allowed": True,
            "pkce-required": True,
            "pkce-method-plain-allowed": False,
            "subject-type": "public",
            "allowed-scope": ["openid"],
            "session-management-allowed": True,
            "session-cookie-name": "oidc",
            "session-cookie-expiration": 3600,
            "claims": [verified],
            "name-claim": "mandatory",
            "email-claim": "mandatory",
            "access-token-duration": 3600,
            "refresh-token-duration": 86400,
            "code-duration": 60,
        }
        return {"module": "oidc", "name": "oidc", "display_name": "OpenID", "enabled": True, "parameters": parameters}

    def _client(self) -> dict[str, Any]:
        return {
            "client_id": "lionrock",
            "name": "Lionrock",
            "confidential": True,
            "enabled": True,
            "password": SECRET,
            "client_secret": SECRET,
            "redirect_uri": [self.back],
            "authorization_type": ["code"],
            "token_endpoint_auth_method": ["client_secret_basic"],
            "scope": [],
        }

    def put_person(self, user: str, email: str, name: str, *, verified: bool = True) -> None:
        """Give somebody an account there."""
        person = {"username": user, "password": PASSWORD, "name": name, "email": email, "enabled": True}
        self._ask("POST", "user/", {**person, "scope": ["openid"], "verified": "yes" if verified else "no"})

    def change_keys(self) -> None:
        """Sign by another key from now on; the old one is shown no more."""
        self.keys = [_key("second")]
        self._ask("PUT", "mod/plugin/oidc", self._plugin())
        self._ask("PUT", "mod/plugin/oidc/reset")

    def described(self, **changes: Any) -> Provider:
        """Return it as the portal's file of providers would have it."""
        facts: dict[str, Any] = {
            "code": "harbour",
            "name": "Harbour University",
            "issuer": self.issuer,
            "client_id": "lionrock",
            "client_secret": SECRET,
            "domains": frozenset({"harbour.example"}),
            "plain_http": True,
        }
        return Provider(**{**facts, **changes})

    def visited(self, address: str, user: str) -> dict[str, str]:
        """Sign in there as somebody in a browser that was sent to this address; return what it is sent back with."""
        browser = requests.Session()
        there = f"{self.address}/api/auth"
        assert browser.post(f"{there}/", json={"username": user, "password": PASSWORD}, timeout=10).ok
        assert browser.put(f"{there}/grant/lionrock", json={"scope": "openid"}, timeout=10).ok
        sent = browser.get(f"{address}&g_continue", allow_redirects=False, timeout=10)
        back = sent.headers["location"]
        assert back.startswith(f"{self.back}?"), back
        return dict(parse_qsl(urlsplit(back).query))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _key(name: str) -> dict[str, Any]:
    return {**RSAKey.generate_key(2048).as_dict(private=True), "kid": name, "alg": "RS256", "use": "sig"}
