"""What a notice is about, and the page where that stands."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from lionrock.kernel.errors import Broken
from lionrock.kernel.messages import gettext_noop, message

PAGES: Final = MappingProxyType(
    {
        "application": "applications:show",
        "letters": "applications:letters",
        "award": "awards:show",
        "job": "jobs:show",
        "meeting": "committee:show",
        "assessment": "review:show",
        "report": "outcomes:show",
        "organisation": "people:organisation",
        "metering": "metering:site",
        "closing": "finance_closing:show",
        "account": "people:account",
        "support": "identity:supports",
        "case": "screening:case",
        "order": "supply_orders:show",
        "dossier": "assurance:show",
        "reviewer": "assurance:declare",
        "statement": "statements:show",
        "data_set": "custody:show",
        "concern": "concerns:show",
        "write_offs": "receivables:write_offs",
    }
)
"""The page of each kind of subject, by its name in config/urls.py; its arguments are the parts of the code."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that notices are about: its kind (a key of `PAGES`) and its code.

    A page that takes several arguments has them in the code with a slash between them, as a report
    has: "AW-2026-0007/2". A page that takes none has an empty code. Raises `Broken` for an unknown kind.
    """

    kind: str
    code: str

    def __post_init__(self) -> None:
        if self.kind not in PAGES:
            raise Broken(
                "notices.subject.kind",
                message(gettext_noop("No notice can be about a thing of the kind {kind}."), kind=self.kind),
            )

    @property
    def page(self) -> str:
        """The name of its page."""
        return PAGES[self.kind]

    @property
    def arguments(self) -> list[str]:
        """What its page takes."""
        return self.code.split("/") if self.code else []
