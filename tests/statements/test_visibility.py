"""Who may see which statement: lists and single documents by the one rule."""

from __future__ import annotations

import pytest
from tests.calls.world import OPERATOR, holder, member
from tests.statements.books import DELTA, HARBOUR, PROGRAMME, Books

from lionrock.kernel.errors import NotFound
from lionrock.people.domain import SEE_ALL_OF_IT, Actor
from lionrock.statements.models import Document
from lionrock.statements.queries import document_by_number, documents

pytestmark = pytest.mark.django_db

ALL, NONE = {HARBOUR, DELTA}, set[str]()
VIEWERS: list[tuple[str, Actor, set[str]]] = [
    ("operator", OPERATOR, ALL),
    *((role.value, holder(role, PROGRAMME), ALL) for role in sorted(SEE_ALL_OF_IT)),
    *((f"{role.value} elsewhere", holder(role, "hk-aiss"), NONE) for role in sorted(SEE_ALL_OF_IT)),
    ("member", member(HARBOUR), {HARBOUR}),
    ("other member", member(DELTA), {DELTA}),
    ("member elsewhere", member("somewhere-else"), NONE),
    ("both", Actor("both@example.org", member(HARBOUR).grants | member(DELTA).grants), ALL),
    ("nobody", Actor("nobody@example.org"), NONE),
]


@pytest.mark.parametrize(("viewer", "sees"), [row[1:] for row in VIEWERS], ids=[row[0] for row in VIEWERS])
def test_lists_and_single_documents_agree(books: Books, viewer: Actor, sees: set[str]) -> None:
    books.invoice_and_credit_note()
    assert set(documents(viewer).values_list("organisation__code", flat=True)) == sees
    for document in Document.objects.select_related("organisation"):
        if document.organisation.code in sees:
            assert document_by_number(viewer, document.number) == document
        else:
            with pytest.raises(NotFound) as hidden:
                document_by_number(viewer, document.number)
            with pytest.raises(NotFound) as absent:
                document_by_number(viewer, "HK-AISS-DEMO-INV-2026-9999")
            assert hidden.value.code == absent.value.code == "statements.document.unknown"
