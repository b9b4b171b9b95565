"""Months that are locked: the database lets nothing be posted into them, whoever writes and however."""

from django.db import migrations, models

# Who posts holds the programme's lock shared until the end of the transaction, who locks a period
# holds it alone: no journal can slip in that was written before the lock and is committed after it.
PERIOD_OPEN = """
create function ledger_period_key(programme text) returns bigint language sql immutable as $$
    select (hashtext('lionrock.ledger.period')::bigint << 32) | (hashtext(programme)::bigint & 4294967295)
$$;
create function ledger_refuse_locked() returns trigger language plpgsql as $$
declare
    locked timestamptz;
begin
    perform pg_advisory_xact_lock_shared(ledger_period_key(new.programme));
    select before into locked from ledger_periodlock
        where programme = new.programme order by id desc limit 1;
    if new.at < locked then
        raise exception 'journal % of % holds at %, and the books are locked before %',
            new.cause, new.programme, new.at, locked
            using errcode = 'check_violation', constraint = 'ledger_period_locked',
                  detail = json_build_object('at', new.at, 'before', locked);
    end if;
    return new;
end $$;
create trigger ledger_period_open before insert on ledger_journal
    for each row execute function ledger_refuse_locked();

create function ledger_lock_alone() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock(ledger_period_key(new.programme));
    return new;
end $$;
create trigger ledger_lock_alone before insert on ledger_periodlock
    for each row execute function ledger_lock_alone();
create trigger ledger_append_only before update or delete or truncate on ledger_periodlock
    for each statement execute function ledger_refuse_change();
"""
UNDO = """
drop trigger ledger_append_only on ledger_periodlock;
drop trigger ledger_lock_alone on ledger_periodlock;
drop trigger ledger_period_open on ledger_journal;
drop function ledger_lock_alone(), ledger_refuse_locked(), ledger_period_key(text);
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_guards")]

    operations = [
        migrations.CreateModel(
            name="PeriodLock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("programme", models.CharField(max_length=64)),
                ("before", models.DateTimeField(null=True)),
                ("reason", models.CharField(max_length=300)),
                ("locked_at", models.DateTimeField()),
                ("locked_by", models.CharField(max_length=254)),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["programme", "-id"], name="ledger_periodlock_latest")],
            },
        ),
        migrations.RunSQL(PERIOD_OPEN, reverse_sql=UNDO),
    ]
