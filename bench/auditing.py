"""Writers at once, and what sealing costs them: `python -m bench.auditing`.

Three ways are compared on the same table, each writer with a connection of its own and a transaction a record: no
seal at all; the way that was chosen (the row is noted, and sealed by somebody else later); and the other one that
keeps a chain, where each transaction ties its row to the last at its commit, under one lock.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import click

from bench.books import database
from bench.measuring import Measured, wall
from lionrock.terminal.output import Table

HEADINGS = ["writing", "rows a second", "÷ no seal"]
WRITERS = (2, 4, 8)
NOW = datetime(2026, 3, 31, tzinfo=UTC)

TIED = """
CREATE TABLE bench_chain (number bigserial PRIMARY KEY, "row" bigint NOT NULL, chain bytea NOT NULL);
INSERT INTO bench_chain ("row", chain) VALUES (0, '');
CREATE FUNCTION bench_tie() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7);
    INSERT INTO bench_chain ("row", chain)
        SELECT new.id, sha256(c.chain || sha256(convert_to(to_jsonb(new)::text, 'UTF8')))
        FROM bench_chain c ORDER BY number DESC LIMIT 1;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER bench_tie AFTER INSERT ON audit_auditrecord
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION bench_tie();
"""
OFF, ON = (f"ALTER TABLE audit_auditrecord {how} TRIGGER audit_await_seal" for how in ("DISABLE", "ENABLE"))


def measure(writers: int, each: int) -> list[list[str]]:
    """Return the rows of the table for so many writers; there must be a database."""
    from django.db import connection  # noqa: PLC0415 - needs settings

    def after(*statements: str) -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    after(OFF)
    bare = _written("no seal", writers, each)
    after(ON)
    noted = _written("noted, sealed later", writers, each)
    after(OFF, TIED)
    tied = _written("tied at commit, under a lock", writers, each)
    after("DROP TRIGGER bench_tie ON audit_auditrecord; DROP FUNCTION bench_tie(); DROP TABLE bench_chain", ON)
    return [found.row(bare) for found in (noted, tied, bare)]


def _written(what: str, writers: int, each: int) -> Measured:
    return wall(f"{what}, {writers} at once", writers * each, lambda: _write(writers, each))


def _write(writers: int, each: int) -> None:
    threads = [threading.Thread(target=_writer, args=(number, each)) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _writer(number: int, each: int) -> None:
    from django.db import connection  # noqa: PLC0415

    from lionrock.audit.actions import record  # noqa: PLC0415

    for count in range(each):
        record("bench.write", f"{number}/{count}", actor="bench", now=NOW, details={"from": "draft", "to": "open"})
    connection.close()


def sealing(rows: int) -> list[list[str]]:
    """Return how fast so many rows are sealed and verified."""
    from django.db import connection  # noqa: PLC0415

    from lionrock.audit.sealing import seal_due  # noqa: PLC0415
    from lionrock.audit.verifying import verify  # noqa: PLC0415

    seal_due(NOW)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_auditrecord (action, subject, actor, programme, organisation, at, details) "
            "SELECT 'bench.write', 'THING-' || n, 'chan' || n %% 900 || '@example.org', 'bench', '', "
            '%s + n * interval \'1 minute\', \'{"from": "draft", "to": "open"}\' FROM generate_series(1, %s) n',
            [NOW, rows],
        )
    sealed = wall("sealing what waits", rows, lambda: seal_due(NOW))
    return [found.row(sealed) for found in (sealed, wall("verifying from the beginning", rows, verify))]


@click.command()
@click.option("--each", default=1_000, show_default=True, help="Records that each writer writes.")
@click.option("--rows", default=50_000, show_default=True, help="Rows that are sealed and verified.")
def bench(each: int, rows: int) -> None:
    """Measure writers at once, sealing and verifying: look at the ratios."""
    with database():
        for writers in WRITERS:
            click.echo(Table(HEADINGS, measure(writers, each), right=frozenset(HEADINGS[1:])).render() + "\n")
        headings = ["", "rows a second", "÷ sealing"]
        click.echo(Table(headings, sealing(rows), right=frozenset(headings[1:])).render() + "\n")


if __name__ == "__main__":
    bench()
