"""The audit trail of a programme; what it keeps no longer, and what is held back from erasure."""

from __future__ import annotations

from datetime import datetime
from http import HTTPMethod, HTTPStatus
from typing import Any, Literal

from pydantic import BaseModel, Field

from lionrock.api.calls import Call, File, Given, Nothing
from lionrock.api.cursors import Listed, Piece, piece_of
from lionrock.api.declared.answers import shape
from lionrock.api.declared.things import figures, listed, make
from lionrock.api.domain.tokens import Scope
from lionrock.api.registry import operation
from lionrock.api.sending import NDJSON
from lionrock.api.shapes import Day, Line, Plain
from lionrock.kernel.periods import local_date
from lionrock.oversight import actions
from lionrock.oversight.commands import record_data, seal_data
from lionrock.oversight.exports import handed_out
from lionrock.oversight.models import Erasure, Hold
from lionrock.oversight.queries import Asked, record_of, records, seal_of
from lionrock.oversight.retention import due_for_erasure, erasures_of, holds_of
from lionrock.oversight.retention_commands import due_data
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file

_PROGRAMME = "programmes/{programme}"
_RECORDS = f"{_PROGRAMME}/audit-records"


class RecordsWanted(Given):
    """Which records are looked for; what is empty is not asked."""

    who: Line = Field("", description="Address of who did it, or for whom it was done.")
    action: Line = Field("", description="Name of an action, or how it begins, such as awards.")
    subject: Line = Field("", description="Code of what it was done to, or how it begins.")
    organisation: Line = ""
    text: Line = Field("", description="Words in the reason or the details.")
    first: Day | None = Field(None, alias="from", description="First day, in the zone of the programme.")
    last: Day | None = Field(None, alias="to", description="Last day, it included.")

    def asked(self) -> Asked:
        """Return it as the query has it."""
        return Asked(self.who, self.action, self.subject, self.organisation, self.text, self.first, self.last)


class RecordsPiece(Piece, RecordsWanted):
    """Which records are looked for, and which piece of them."""


class RecordsFile(RecordsWanted):
    """Which records are handed out, and how."""

    form: Literal["ndjson", "csv"] = Field("ndjson", description="CSV is for reading; NDJSON verifies without us.")


class RecordShown(BaseModel):
    """One thing that was done."""

    record: int
    action: str
    subject: str
    actor: str
    on_behalf_of: str = Field(description="Whom the actor stood in for.")
    reason: str
    organisation: str
    at: datetime
    recorded_at: datetime
    details: Plain


class SealedShown(RecordShown):
    """One thing that was done, with its seal; without one while it waits for it."""

    seal: int | None = None
    digest: str | None = None
    chain: str | None = None


@operation(HTTPMethod.GET, _RECORDS, Scope.READ, pages=("audit:show",), commands=("audit list",))
def list_records(call: Call[RecordsPiece, Nothing], programme: str) -> Listed[RecordShown]:
    """List what was done in a programme, the latest first; takes the role auditor or compliance."""
    found = records(call.actor, programme, call.query.asked())
    return piece_of(found, call.query, lambda each: RecordShown.model_validate(record_data(each)))


@operation(HTTPMethod.GET, f"{_RECORDS}/{{number}}", Scope.READ, pages=("audit:record",), commands=("audit show",))
def read_record(call: Call[Nothing, Nothing], programme: str, number: int) -> SealedShown:
    """Show one record with its seal."""
    found = record_of(call.actor, programme, number)
    seal = seal_of(found)
    return SealedShown.model_validate(record_data(found) | (seal_data(seal) if seal else {}))


@operation(
    HTTPMethod.GET,
    f"{_PROGRAMME}/audit-export",
    Scope.READ,
    produces=(NDJSON, "text/csv"),
    pages=("audit:file",),
    commands=("audit export",),
)
def export_records(call: Call[RecordsFile, Nothing], programme: str) -> File:
    """Hand records out: as CSV to read, or as NDJSON with all that it takes to verify them without us."""
    form = call.query.form
    content, kind = handed_out(records(call.actor, programme, call.query.asked()), form)
    return File(content.encode(), kind, f"audit.{form}")


_HOLD = shape(
    "LegalHoldShown",
    Hold,
    "number=pk kind code reason until placed_by placed_at released_by released_at released_why",
)
_ERASURE = shape(
    "ErasureShown",
    Erasure,
    "number=pk subject rule proposed_by proposed_at erased_by erased_at counts",
    certificate=(str | None, lambda row: row.certificate if row.erased_at else None),
)


def _due(viewer: Actor, programme: str, now: datetime) -> list[dict[str, Any]]:
    today = local_date(now, programme_on_file(programme).zone)
    return [due_data(each) for each in due_for_erasure(viewer, programme, today)]


figures(_due, f"{_PROGRAMME}/due-erasures", name="list_due_erasures",
        said="List what a programme keeps no longer, and what holds it all the same.",
        rows=True, pages=("retention:show",), commands=("retention due",))  # fmt: skip
make(actions.propose_erasure, f"{_PROGRAMME}/erasures", Scope.COMPLIANCE, _ERASURE,
     pages=("retention:propose",), commands=("retention propose",))  # fmt: skip
make(actions.place_hold, f"{_PROGRAMME}/legal-holds", Scope.COMPLIANCE, _HOLD,
     pages=("retention:hold",), commands=("retention hold",))  # fmt: skip
make(actions.release_hold, f"{_PROGRAMME}/legal-holds/{{number}}/release", Scope.COMPLIANCE, _HOLD,
     status=HTTPStatus.OK, pages=("retention:release",), commands=("retention release",))  # fmt: skip
listed(f"{_PROGRAMME}/erasures", "list_erasures",
       "List what was erased, under which rule and by whom, and what is proposed to be.", erasures_of, _ERASURE,
       pages=("retention:show", "retention:certificate"), commands=("retention certificates",))  # fmt: skip
listed(f"{_PROGRAMME}/legal-holds", "list_legal_holds",
       "List what is held back from erasure or was, the latest first.", holds_of, _HOLD,
       pages=("retention:show",), commands=("retention holds",))  # fmt: skip
