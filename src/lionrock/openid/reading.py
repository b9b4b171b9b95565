"""The installation's file of identity providers: TOML, one table for each, refused when anything in it is wrong."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.openid.domain.providers import Provider, may_be_asked

OTHERS_MAY_READ = 0o007
Line = Annotated[str, Field(min_length=1, max_length=200)]


class _Table(BaseModel):
    """One provider as it is written; the secret stands in a file of its own, or in a variable of the environment."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: Line
    name_zh_hant: str = ""
    name_zh_hans: str = ""
    issuer: Line
    client_id: Line
    client_secret_file: Path | None = Field(None, strict=False)
    client_secret_variable: str | None = None
    domains: list[Annotated[str, Field(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")]] = Field(min_length=1)
    email_trusted: bool = False

    @model_validator(mode="after")
    def _one_secret(self) -> _Table:
        if (self.client_secret_file is None) is (self.client_secret_variable is None):
            raise ValueError("it needs client_secret_file or client_secret_variable, one of them")
        return self

    def secret(self) -> str:
        """Return the secret; raises `ValueError` when it is not there, or open to other users of the machine."""
        if self.client_secret_file is None:
            found = os.environ.get(self.client_secret_variable or "", "").strip()
        elif self.client_secret_file.stat().st_mode & OTHERS_MAY_READ:
            raise ValueError("other users of this machine may read the file of the secret; chmod o= it")
        else:
            found = self.client_secret_file.read_text().strip()
        if not found:
            raise ValueError("its secret is empty")
        return found


_FILE = TypeAdapter(dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")], _Table])


def read_providers(file: Path, *, plain_http: bool) -> Mapping[str, Provider]:
    """Return the providers of a file by their codes, in its order.

    `plain_http` lets one of this very machine be asked without TLS. Raises `Invalid` with a fault for each thing
    that is wrong; a secret is never repeated.
    """
    try:
        tables = _FILE.validate_python(tomllib.loads(file.read_text()))
    except ValidationError as wrong:
        where = [(".".join(str(part) for part in each["loc"]), each["msg"]) for each in wrong.errors()]
        raise _invalid(file, where) from None
    except (OSError, ValueError) as wrong:
        raise _invalid(file, [("", str(wrong))]) from None
    faults: list[tuple[str, str]] = []
    found = {code: _provider(code, table, plain_http, faults) for code, table in tables.items()}
    if len({provider.issuer for provider in found.values()}) < len(found):
        faults.append(("issuer", "two providers have the same"))
    if faults:
        raise _invalid(file, faults)
    return found


def _provider(code: str, table: _Table, plain_http: bool, faults: list[tuple[str, str]]) -> Provider:
    secret = ""
    if not may_be_asked(table.issuer, plain_http=plain_http):
        faults.append((f"{code}.issuer", "it is no address that begins with https://"))
    try:
        secret = table.secret()
    except (OSError, ValueError) as wrong:
        faults.append((f"{code}.client_secret", getattr(wrong, "strerror", None) or str(wrong)))
    return Provider(
        code=code,
        name=table.name,
        name_zh_hant=table.name_zh_hant,
        name_zh_hans=table.name_zh_hans,
        issuer=table.issuer,
        client_id=table.client_id,
        client_secret=secret,
        domains=frozenset(table.domains),
        email_trusted=table.email_trusted,
        plain_http=plain_http,
    )


def _invalid(file: Path, where: list[tuple[str, str]]) -> Invalid:
    template = gettext_noop(
        "The identity providers in {file} cannot be used: {field}: {reason}. Correct the file that LIONROCK_PROVIDERS "
        "names; docs/how-to/sign-in-with-your-organisation.md shows one."
    )
    faults = []
    for field, reason in where:
        said = message(template, file=file, field=field or "–", reason=reason.removeprefix("Value error, "))
        faults.append(Fault("openid.providers.invalid", said, file=str(file), field=field))
    return Invalid("openid.providers.invalid", faults[0].message, faults=faults)
