"""Identifiers of results: checked by their form and, where they have one, by their check digit."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message


class Scheme(StrEnum):
    """By what a result is known."""

    DOI = "doi"
    ARXIV = "arxiv"
    PATENT = "patent"
    URL = "url"


_PREFIXES: Final = re.compile(
    r"(?i)^(?:https?://(?:dx\.)?doi\.org/|doi:\s*|https?://arxiv\.org/(?:abs|pdf)/|arxiv:\s*)"
)
_DOI: Final = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[^\s\"<>]+")
_ARXIV: Final = re.compile(
    r"(\d{2})(0[1-9]|1[0-2])\.(\d{4,5})(?:v\d{1,2})?|[a-z-]+(?:\.[A-Z]{2})?/\d{2}(0[1-9]|1[0-2])\d{3}"
)
_PATENT: Final = re.compile(r"[A-Z]{2}\d{4,14}[A-Z]?\d?")
_ORCID: Final = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]")


def check_identifier(scheme: Scheme, text: str) -> str:
    """Return the identifier in its one written form, so that the same result is known again.

    A DOI is lower case without its address (its case plays no part), arXiv without "arXiv:" and its
    version, a patent number in capitals without blanks. Raises `Invalid` for what cannot be one.
    """
    written = {
        Scheme.DOI: _doi,
        Scheme.ARXIV: _arxiv,
        Scheme.PATENT: _patent,
        Scheme.URL: _url,
    }[scheme](text.strip())
    if written is None:
        raise _invalid(_SAID[scheme], "identifier", text)
    return written


_SAID: Final = {
    Scheme.DOI: gettext_noop("“{value}” is not a DOI. Write it as 10.1000/182."),
    Scheme.ARXIV: gettext_noop("“{value}” is not an arXiv number. Write it as 2401.01234."),
    Scheme.PATENT: gettext_noop("“{value}” is not a patent number. Write country and number, such as CN109815364A."),
    Scheme.URL: gettext_noop("“{value}” is not an address. Write it whole, such as https://example.org/model."),
}


def _invalid(template: str, field: str, value: str) -> Invalid:
    said = message(template, value=value)
    return Invalid("outcomes.identifier", said, faults=[Fault("outcomes.identifier", said, field=field, value=value)])


def _doi(text: str) -> str | None:
    bare = _PREFIXES.sub("", text).rstrip(".,;")
    return bare.lower() if _DOI.fullmatch(bare) else None


def _arxiv(text: str) -> str | None:
    bare = _PREFIXES.sub("", text).removesuffix(".pdf")
    return re.sub(r"v\d{1,2}$", "", bare) if _ARXIV.fullmatch(bare) else None


def _patent(text: str) -> str | None:
    bare = re.sub(r"[\s.,/-]", "", text).upper()
    return bare if _PATENT.fullmatch(bare) else None


def _url(text: str) -> str | None:
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    whole = parts.scheme.lower() in {"http", "https"} and "." in (parts.hostname or "") and not re.search(r"\s", text)
    return parts._replace(scheme=parts.scheme.lower(), netloc=parts.netloc.lower()).geturl() if whole else None


def check_orcid(text: str) -> str:
    """Return an ORCID as "0000-0002-1825-0097"; raises `Invalid` when its check digit is wrong.

    ISO 7064, MOD 11-2, as ORCID prescribes.
    """
    bare = re.sub(r"(?i)^https?://orcid\.org/", "", text.strip()).upper()
    if _ORCID.fullmatch(bare):
        digits = bare.replace("-", "")
        last, total = digits[-1], 0
        for digit in digits[:-1]:
            total = (total + int(digit)) * 2
        check = (12 - total % 11) % 11
        if last == ("X" if check == 10 else str(check)):
            return bare
    said = gettext_noop(
        "“{value}” is not an ORCID: its form or its last digit is wrong. Write it as 0000-0002-1825-0097."
    )
    raise _invalid(said, "orcid", text)


def address_of(scheme: Scheme, identifier: str) -> str | None:
    """Return the page where a result stands; None for a patent, whose offices have pages of their own."""
    return {
        Scheme.DOI: f"https://doi.org/{identifier}",
        Scheme.ARXIV: f"https://arxiv.org/abs/{identifier}",
        Scheme.URL: identifier,
    }.get(scheme)
