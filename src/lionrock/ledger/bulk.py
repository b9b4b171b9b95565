"""Posting many journals at once: two statements of COPY instead of two statements for each, with every guard on."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import psycopg
from django.db import IntegrityError, connection, transaction

from lionrock.ledger.actions import accounts_of, post
from lionrock.ledger.domain.journals import JournalDraft
from lionrock.ledger.models import Journal


@transaction.atomic
def post_all(drafts: Sequence[JournalDraft], *, actor: str) -> None:
    """Post journals, all or none of them, each once and with the same refusals as `ledger.actions.post`.

    What was posted before, or is refused, is looked at journal by journal.
    """
    if _is_any_posted(drafts):
        _post_each(drafts, actor)
        return
    try:
        with transaction.atomic():
            _copy(drafts, actor)
    except (IntegrityError, psycopg.IntegrityError):  # a COPY's errors come from the driver as they are
        _post_each(drafts, actor)


def _post_each(drafts: Sequence[JournalDraft], actor: str) -> None:
    for draft in drafts:
        post(draft, actor=actor)


def _is_any_posted(drafts: Sequence[JournalDraft]) -> bool:
    causes = defaultdict(list)
    for draft in drafts:
        causes[draft.programme].append(draft.cause)
    return any(
        Journal.objects.filter(programme=programme, cause__in=found).exists() for programme, found in causes.items()
    )


def _copy(drafts: Sequence[JournalDraft], actor: str) -> None:
    accounts = {key: accounts_of(*key, paths) for key, paths in _paths(drafts).items()}
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS, [len(drafts)])
        numbers = [number for (number,) in cursor.fetchall()]
        with cursor.copy(_JOURNALS) as copy:
            for number, draft in zip(numbers, drafts, strict=True):
                details = json.dumps(dict(draft.details))
                copy.write_row((number, draft.programme, draft.cause, draft.unit, draft.memo, draft.at, actor, details))
        # One statement, so that all balances are locked together and in order.
        with cursor.copy(_POSTINGS) as copy:
            for number, draft in zip(numbers, drafts, strict=True):
                known = accounts[draft.programme, draft.unit]
                for entry in draft.entries:
                    copy.write_row((number, known[entry.account].pk, entry.amount))


def _paths(drafts: Sequence[JournalDraft]) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for draft in drafts:
        found[draft.programme, draft.unit].update(entry.account for entry in draft.entries)
    return found


_NUMBERS: Final = """
SELECT nextval(pg_get_serial_sequence('ledger_journal', 'id')) FROM generate_series(1, %s)
"""

_JOURNALS: Final = "COPY ledger_journal (id, programme, cause, unit, memo, at, actor, details) FROM STDIN"

_POSTINGS: Final = "COPY ledger_posting (journal_id, account_id, amount) FROM STDIN"
