"""The database: a private PostgreSQL of our own, or any PostgreSQL from 15 up by URL."""

from lionrock.database.connection import parameters
from lionrock.database.sharing import ensure_running, release

__all__ = ["ensure_running", "parameters", "release"]
