"""Identifiers that people read: codes such as AW-2026-0007, and slugs such as h800-node."""

from __future__ import annotations

import re

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
SLUG_LENGTH = 64


def numbered(prefix: str, year: int, number: int) -> str:
    """Return a code such as "AW-2026-0007"; numbers above 9999 simply grow longer."""
    return f"{prefix}-{year:04d}-{number:04d}"


def check_slug(text: str, *, field: str) -> str:
    """Return the text when it is a slug (lower case, digits, single hyphens); raises `Invalid`."""
    if len(text) > SLUG_LENGTH or not _SLUG.fullmatch(text):
        said = message(
            gettext_noop(
                "“{value}” cannot be used as {field}. Use lower-case letters, digits and single hyphens, "
                "at most {limit} characters."
            ),
            value=text,
            field=field,
            limit=SLUG_LENGTH,
        )
        fault = Fault("kernel.ids.slug", said, field=field, value=text)
        raise Invalid("kernel.ids.slug", said, faults=[fault])
    return text
