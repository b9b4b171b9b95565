"""The chain over audit and books: what the database's owner changes behind our back is found and named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection, transaction
from django.test import override_settings
from tests.calls.world import NOW, World
from tests.emptying import guards_aside

from lionrock.audit.actions import record
from lionrock.audit.anchors import Head, make_anchor, read_anchor
from lionrock.audit.commands import audit
from lionrock.audit.guards import AWAIT
from lionrock.audit.models import AuditRecord, Block, Pending, Seal
from lionrock.audit.rows import sealed_models
from lionrock.audit.sealing import seal_due
from lionrock.audit.verifying import Verification, verify
from lionrock.kernel.errors import Invalid, NotFound

pytestmark = pytest.mark.django_db
AUDIT = "audit_auditrecord"


def _say(*subjects: str) -> list[int]:
    for subject in subjects:
        record("room.verb", subject, actor="chan@example.org", now=NOW, reason="Asked", details={"from": 1, "to": 1.5})
    return [AuditRecord.objects.get(subject=subject).pk for subject in subjects]


def _sql(*statements: str) -> None:
    """Do as the owner of the database does who has switched the guards off, and on again."""
    with guards_aside(), connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        for statement in statements:
            cursor.execute(statement)


def _faults(found: Verification) -> list[tuple[str, str]]:
    return [(fault.code.removeprefix("audit.verify."), fault.value or "") for fault in found.faults]


def _told(**options: Any) -> list[tuple[str, str]]:
    return _faults(verify(**options))


def test_what_waits_is_sealed_once_and_the_chain_verifies() -> None:
    _say("A", "B")
    waiting = Pending.objects.count()
    assert seal_due(NOW) == waiting > 1
    assert (Pending.objects.count(), seal_due(NOW)) == (0, 0)
    found = verify()
    assert (found.last, found.waiting, found.faults) == (waiting, 0, ())
    assert found.chain == bytes(Block.objects.latest("number").chain)


def test_an_empty_trail_verifies() -> None:
    _sql("delete from audit_pending")
    assert _told() == []


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("update audit_auditrecord set details = jsonb_set(details, '{{to}}', '1.50') where id = {b}", "changed"),
        ("delete from audit_auditrecord where id = {b}", "removed"),
        ("update audit_seal set salt = 'x' where \"row\" = {b}", "changed"),
    ],
)
def test_a_record_that_was_tampered_with_is_named(statement: str, code: str) -> None:
    _, b, _ = _say("A", "B", "C")
    seal_due(NOW)
    _sql(statement.format(b=b))
    assert _told() == [(code, f"audit record {b}")]


def test_what_was_put_in_past_the_application_is_named() -> None:
    [a] = _say("A")
    seal_due(NOW)
    _sql(
        f"insert into {AUDIT} (id, action, subject, actor, at, programme, organisation, details) "
        f"select {a + 1000}, action, subject, actor, at, programme, organisation, details from {AUDIT} where id = {a}"
    )
    assert _told() == [("inserted", f"audit record {a + 1000}")]


def test_records_that_change_places_are_named_both() -> None:
    a, b, _ = _say("A", "B", "C")
    seal_due(NOW)
    _sql(
        f"update {AUDIT} set id = -1 where id = {a}",
        f"update {AUDIT} set id = {a} where id = {b}",
        f"update {AUDIT} set id = {b} where id = -1",
    )
    assert _told() == [("changed", f"audit record {a}"), ("changed", f"audit record {b}")]


def test_seals_that_change_places_are_named() -> None:
    _say("A", "B", "C")
    seal_due(NOW)
    last = Seal.objects.latest("number").number
    _sql(
        f"update audit_seal set number = -1 where number = {last - 1}",
        f"update audit_seal set number = {last - 1} where number = {last}",
        f"update audit_seal set number = {last} where number = -1",
    )
    assert {code for code, _ in _told()} == {"seal", "block"}


def test_a_record_removed_with_its_seal_leaves_a_gap() -> None:
    _, b, _ = _say("A", "B", "C")
    seal_due(NOW)
    number = Seal.objects.get(kind=AUDIT, row=b).number
    _sql(f"delete from audit_seal where number = {number}", f"delete from {AUDIT} where id = {b}")
    assert ("gap", str(number)) in _told()


def test_what_is_removed_while_it_waits_is_named() -> None:
    [a] = _say("A")
    _sql(f"delete from {AUDIT} where id = {a}")
    seal_due(NOW)
    assert _told() == [("lost", f"audit record {a}")]


def test_a_table_that_is_not_sealed_hides_nothing() -> None:
    [a] = _say("A")
    seal_due(NOW)
    _sql(f"update audit_seal set kind = 'people_person' where \"row\" = {a} and kind = '{AUDIT}'")
    assert _told() == [("unknown", "people_person"), ("inserted", f"audit record {a}")]


def test_a_cut_end_is_seen_by_its_signature_or_else_by_an_anchor() -> None:
    a, b = _say("A", "B")
    anchor = make_anchor(NOW)
    cut = [f"delete from {AUDIT} where id = {b}", f"delete from audit_seal where number = {anchor.number}"]
    _sql(*cut)
    assert _told() == [("block", str(anchor.number)), ("end", str(anchor.number - 1))]
    _sql("delete from audit_block")
    assert _told() == [("end", str(anchor.number - 1))]
    assert ("cut", str(anchor.number)) in _told(anchor=anchor)
    assert a


def _rewrite() -> None:
    """Write the whole chain again without the key, as one may who knows how it is made."""
    with guards_aside():
        Seal.objects.all()._raw_delete("default")
        Block.objects.all()._raw_delete("default")
        for kind in sealed_models():
            rows = sealed_models()[kind].objects.values_list("pk", flat=True)  # type: ignore[attr-defined]
            Pending.objects.bulk_create(Pending(kind=kind, row=row) for row in rows)
        with override_settings(SECRET_KEY="another key"):
            seal_due(NOW)


def test_a_chain_that_was_written_again_lacks_the_signature_and_contradicts_the_anchor() -> None:
    _, b = _say("A", "B")
    anchor = make_anchor(NOW)
    _sql(f"update {AUDIT} set actor = 'nobody' where id = {b}")
    _rewrite()
    assert _told(anchor=anchor) == [("block", str(anchor.number)), ("anchor", str(anchor.number))]


def test_an_anchor_is_read_back_and_a_forged_one_is_refused() -> None:
    _say("A")
    anchor = make_anchor(NOW)
    assert read_anchor(json.dumps(anchor.data())) == anchor
    _say("B")
    seal_due(NOW)
    assert _told(anchor=anchor) == []
    assert _told(anchor=Head(anchor.number, bytes(32), NOW, anchor.signature)) == [("forged", str(anchor.number))]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "other"}', '{"format": "lionrock audit anchor 1"}'])
def test_a_file_that_is_no_anchor_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_anchor(text)


def test_verifying_goes_on_from_a_signed_block() -> None:
    _say("A")
    seal_due(NOW)
    first = Seal.objects.latest("number").number
    [b] = _say("B")
    seal_due(NOW)
    found = verify(since=first)
    assert (found.first, found.last, found.faults) == (first, first + 1, ())
    _sql(f"update {AUDIT} set reason = '' where id = {b}")
    assert _told(since=first) == [("changed", f"audit record {b}")]
    with pytest.raises(NotFound):
        verify(since=first + 1000)


def test_a_guard_that_is_off_is_named() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"alter table {AUDIT} disable trigger audit_await_seal")
    assert _told() == [("guard", AUDIT)]


def test_an_earlier_key_still_counts() -> None:
    _say("A")
    with override_settings(SECRET_KEY="an earlier key"):
        seal_due(NOW)
    assert [code for code, _ in _told()] == ["block"]
    with override_settings(SECRET_KEY_FALLBACKS=["an earlier key"]):
        assert _told() == []


def test_the_command_names_what_is_wrong_and_ends_with_70() -> None:
    _, b = _say("A", "B")
    clean = CliRunner().invoke(audit, ["verify", "--json"])
    assert (clean.exit_code, json.loads(clean.stdout)["faults"]) == (0, [])
    _sql(f"update {AUDIT} set subject = 'C' where id = {b}")
    wrong = CliRunner().invoke(audit, ["verify", "--json"])
    assert [each["what"] for each in json.loads(wrong.stdout)["faults"]] == [f"audit record {b}"]
    assert wrong.exception is not None
    assert getattr(wrong.exception, "exit_code", None) == 70


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _columns(table: str) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select column_name, udt_name from information_schema.columns where table_name = %s order by 1", [table]
        )
        return cursor.fetchall()


OTHER = {
    "int8": ("7", "{c} + 1000003"),
    "int4": ("7", "{c} + 1000003"),
    "text": ("'some'", "{c} || 'x'"),
    "varchar": ("'a'", "left({c}, 1) || 'x'"),
    "jsonb": ("'[]'", """'{{"other": 1}}'"""),
    "timestamptz": ("now()", "coalesce({c}, now()) + interval '1 microsecond'"),
    "date": ("current_date", "coalesce({c}, current_date) + 1"),
    "numeric": ("7", "{c} + 1"),
    "xid8": ("'8'", "'7'"),
}
"""For each type of column a first value, and another than stands there."""

DROP_CONSTRAINTS = """
do $$ declare r record; begin
    for r in select conrelid::regclass::text as t, conname from pg_constraint
        where contype in ('c', 'f') and array[conrelid, confrelid] && '{{{tables}}}'::regclass[]::oid[] loop
        execute format('alter table %s drop constraint %I', r.t, r.conname);
    end loop;
end $$
"""


def _one_row_at_least(table: str) -> None:
    columns = _columns(table)
    names, values = (", ".join(each) for each in ([f'"{c}"' for c, _ in columns], [OTHER[k][0] for _, k in columns]))
    with connection.cursor() as cursor:
        cursor.execute(f"insert into {table} ({names}) select {values} where not exists (select from {table})")


def test_whatever_column_of_whatever_sealed_table_is_changed_the_row_is_named(world: World) -> None:
    """Made from the database's own list of columns: one that is added and not sealed fails here."""
    world.put_fund("1000000.00")
    _say("A")
    tables = [*((kind, kind) for kind in sealed_models()), ("ledger_posting", "ledger_journal")]
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        names = ",".join(table for table, _ in tables)
        cursor.execute(DROP_CONSTRAINTS.format(tables=names))
        for table, _ in tables:
            cursor.execute(f"alter table {table} disable trigger user")
            if table != "ledger_posting":
                cursor.execute(f"alter table {table} enable trigger {AWAIT}")
            _one_row_at_least(table)
    seal_due(NOW)
    for table, owner in tables:
        for column, kind in _columns(table):
            other = OTHER[kind][1].format(c=f'"{column}"')
            with _undone(), connection.cursor() as cursor:
                cursor.execute(f'update {table} set "{column}" = {other} where id = (select max(id) from {table})')
                assert cursor.rowcount == 1
                named = {what.rsplit(" ", 1)[0] for code, what in _told() if code != "guard"}
            assert named == {str(sealed_models()[owner]._meta.verbose_name)}, f"{table}.{column}: {named}"
