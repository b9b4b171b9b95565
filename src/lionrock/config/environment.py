"""The settings of an installation, read from `LIONROCK_…` and refused when wrong."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

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

    model_config = SettingsConfigDict(env_prefix="LIONROCK_", extra="ignore")

    home: Path = Field(default_factory=_default_home, description="Folder of database, jobs and documents.")
    rulebook: Path = Field(default_factory=_default_rulebook, description="Folder of programmes and sources.")
    database_url: str | None = Field(
        default=None,
        description="postgresql://… of a PostgreSQL from 15 up; without it Lionrock starts its own.",
    )
    secret_key: str | None = Field(
        default=None,
        min_length=32,
        description="Signs sessions; without it one is made and kept in the home.",
    )
    allowed_hosts: list[str] = Field(default=["localhost", "127.0.0.1"], description="Names the portal answers to.")
    insecure_http: bool = Field(default=True, description="Allow plain HTTP (a laptop); false behind TLS.")
    debug: bool = Field(default=False, description="Django's debug pages; never in production.")


@lru_cache
def environment() -> Environment:
    """Return the settings, read once."""
    return Environment()
