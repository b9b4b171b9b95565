"""The settings of an installation, read from `LIONROCK_…` and refused when wrong."""

from __future__ import annotations

import json
from functools import lru_cache
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from lionrock.config.mail import MailServer, check_portal, check_sender
from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Role
from lionrock.people.resolving import read_resolver

_SHORTEST_SECRET = 32
CHECKOUT = Path(__file__).resolve().parents[3]
"""The project's folder when Lionrock runs from a checkout."""


def _default_home() -> Path:
    if (CHECKOUT / "pyproject.toml").is_file():
        return CHECKOUT / "var"
    return Path.home() / ".local" / "share" / "lionrock"


def _default_rulebook() -> Path:
    return CHECKOUT / "rulebook"


class Environment(BaseSettings):
    """Each field is set by the environment variable LIONROCK_ and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="LIONROCK_", env_ignore_empty=True, extra="ignore")

    home: Path = Field(default_factory=_default_home, description="Folder of database, jobs and documents.")
    rulebook: Path = Field(default_factory=_default_rulebook, description="Folder of programmes and sources.")
    database_url: str | None = Field(
        default=None,
        description="postgresql://… of a PostgreSQL from 15 up; without it Lionrock starts its own.",
    )
    secret_key: str | None = Field(
        default=None,
        min_length=_SHORTEST_SECRET,
        description="Signs sessions; without it one is made and kept in the home.",
    )
    secret_key_fallbacks: Annotated[list[str], NoDecode] = Field(
        default=[],
        description="Secrets before LIONROCK_SECRET_KEY (a list as JSON): what they signed or keep still counts, as "
        "docs/how-to/exchange-the-secret.md says.",
    )
    allowed_hosts: Annotated[list[str], NoDecode] = Field(
        default=["localhost", "127.0.0.1"], description="Names the portal answers to."
    )
    insecure_http: bool = Field(default=True, description="Allow plain HTTP (a laptop); false behind TLS.")
    debug: bool = Field(default=False, description="Django's debug pages; never in production.")
    time_zone: str | None = Field(
        default=None,
        description="Zone of what is no programme's own, such as the hour of the daily mail: Asia/Hong_Kong; "
        "without it the one that all programmes share, or UTC.",
    )
    portal_url: str = Field(
        default="http://127.0.0.1:8000", description="Where people reach the portal; links in e-mail begin with it."
    )
    mail_from: str | None = Field(
        default=None, description="Sender of e-mail, such as Lionrock <portal@example.org>; needed to send any."
    )
    mail_url: str | None = Field(
        default=None,
        description="Server that takes our e-mail: smtps://user:password@host:465, smtp+starttls://… or smtp://…; "
        "without it none is sent, and notices stand on the pages alone.",
    )
    scanner: str | None = Field(
        default=None,
        description="Command that looks for viruses in a file whose path it is given, such as clamdscan "
        "--fdpass --no-summary: it ends with 0 for none, 1 for some; without it nobody looks.",
    )

    session_hours: int = Field(
        default=24, ge=1, le=720, description="Hours after which whoever signed in has to do so again, in any case."
    )
    session_idle_minutes: int = Field(
        default=120, ge=10, le=10_080, description="Minutes without a page after which one has to sign in again."
    )
    sign_in_days: int = Field(
        default=90, ge=1, le=3660, description="Days after which it is forgotten from where somebody signed in."
    )
    proof_minutes: int = Field(
        default=15,
        ge=1,
        le=240,
        description="Minutes for which a sign-in counts where money is paid or something is decided or released; "
        "after that one confirms that it is still oneself.",
    )
    second_factor_roles: Annotated[list[Role], NoDecode] = Field(
        default=[],
        description='Roles that decide, pay and release only with a second factor, such as ["finance", "chair"].',
    )

    providers: Path | None = Field(
        default=None,
        description="File of the identity providers with which people may sign in (TOML); without it they have "
        "accounts here alone.",
    )

    resolvers: Annotated[list[str], NoDecode] = Field(
        default=[],
        description="DNS resolvers that are asked whether a mail domain is an organisation's, as addresses with or "
        'without a port, such as ["192.0.2.53", "[2001:db8::53]:5353"]; without them those of the machine.',
    )

    webhook_networks: Annotated[list[str], NoDecode] = Field(
        default=[],
        description='Networks of your own that webhooks may call, over plain HTTP too, such as ["10.20.0.0/16"]; '
        "without them public addresses alone, over TLS.",
    )

    backups: Path | None = Field(
        default=None, description="Folder of backups, on another disk; without it one in the home."
    )
    log_format: Literal["text", "json"] = Field(
        default="text", description="How events are logged to standard error: text, or json (a line is an object)."
    )
    metrics_networks: Annotated[list[str], NoDecode] = Field(
        default=["127.0.0.1/32", "::1/128"],
        description="Networks whose machines may read /metrics; the way there may pass through none other.",
    )
    metrics_token: str | None = Field(
        default=None, min_length=16, description="Who sends it as a bearer token may read /metrics from anywhere."
    )

    @field_validator(
        "allowed_hosts",
        "metrics_networks",
        "webhook_networks",
        "second_factor_roles",
        "resolvers",
        "secret_key_fallbacks",
        mode="before",
    )
    @classmethod
    def _list_as_json(cls, value: Any) -> Any:
        """Read the list here, so that what is wrong with it is told like everything else."""
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise ValueError('it is no list as JSON, such as ["lionrock.example.org"]') from None

    @field_validator("secret_key_fallbacks")
    @classmethod
    def _long_secrets(cls, value: list[str]) -> list[str]:
        if any(len(each) < _SHORTEST_SECRET for each in value):
            raise ValueError(f"a secret has at least {_SHORTEST_SECRET} characters")
        return value

    @field_validator("webhook_networks", "metrics_networks")
    @classmethod
    def _known_networks(cls, value: list[str]) -> list[str]:
        for each in value:
            ip_network(each)
        return value

    @field_validator("resolvers")
    @classmethod
    def _addresses_of_resolvers(cls, value: list[str]) -> list[str]:
        for each in value:
            read_resolver(each)
        return value

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str | None) -> str | None:
        if value and value not in available_timezones():
            raise ValueError("it is no time zone such as Asia/Hong_Kong")
        return value

    @field_validator("portal_url")
    @classmethod
    def _address_of_portal(cls, value: str) -> str:
        return check_portal(value)

    @field_validator("mail_from")
    @classmethod
    def _sender(cls, value: str | None) -> str | None:
        return check_sender(value) if value else None

    @field_validator("mail_url")
    @classmethod
    def _server_and_sender(cls, value: str | None, others: ValidationInfo) -> str | None:
        """Check the server here, beside the sender without which it would refuse every mail."""
        if value and others.data.get("mail_from") is None:
            raise ValueError("it needs a sender too; set LIONROCK_MAIL_FROM")
        if value:
            MailServer.parse(value)
        return value


@lru_cache
def environment() -> Environment:
    """Return the settings, read once; raises `Invalid` naming every variable that is wrong."""
    try:
        return Environment()
    except ValidationError as wrong:
        faults = [_fault(each["loc"], each["msg"], each["input"]) for each in wrong.errors()]
        raise Invalid("config.environment.invalid", faults[0].message, faults=faults) from None


_SECRET = frozenset({"metrics_token", "secret_key", "secret_key_fallbacks", "database_url", "mail_url"})


def _fault(place: tuple[int | str, ...], reason: str, value: object) -> Fault:
    """Name the variable, what stands in it unless that is secret, and what is wrong with it."""
    name = str(place[0])
    variable = f"{Environment.model_config['env_prefix']}{name.upper()}"
    shown = "…" if name in _SECRET else str(value)
    said = message(
        gettext_noop("{variable} is “{value}”: {reason}. Correct or unset it; docs/reference/settings.md lists all."),
        variable=variable,
        value=shown,
        reason=reason.removeprefix("Value error, "),
    )
    return Fault("config.environment.invalid", said, field=variable, value=shown)
