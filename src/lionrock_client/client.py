"""The client: where the server is, who asks, and every operation by its part of the API."""

from __future__ import annotations

from copy import copy
from pathlib import Path

from lionrock_client.connection import Connection, Limits
from lionrock_client.operations import Operations
from lionrock_client.tokens import Token


class Client(Operations):
    """A server of Lionrock, asked with a token: `client.jobs.list_jobs()`.

    `server` begins with https; plain http is taken for this very machine alone. `authorities` is a file of
    certificates to be trusted besides the system's, for a house that signs its own. A server's certificate is
    always checked. Problems are told in `language`.
    """

    def __init__(
        self,
        server: str,
        token: Token | str,
        *,
        limits: Limits | None = None,
        authorities: Path | None = None,
        language: str = "en",
    ) -> None:
        self.connection = Connection(
            server,
            token if isinstance(token, Token) else Token(token),
            limits=limits or Limits(),
            authorities=authorities,
            language=language,
        )
        super().__init__(self.connection)

    def speaking(self, language: str) -> Client:
        """Return the same client, told things in another language."""
        made = copy(self)
        Operations.__init__(made, self.connection.speaking(language))
        return made

    def __repr__(self) -> str:
        return f"Client({self.connection.server!r})"
