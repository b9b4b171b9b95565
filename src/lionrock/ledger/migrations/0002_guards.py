"""What the database itself refuses, whoever writes and however: the ledger's triggers.

Plain SQL and not django-pgtrigger, whose triggers a session can switch off with a setting.
"""

from django.db import migrations

APPEND_ONLY_TABLES = ("ledger_ledgeraccount", "ledger_journal", "ledger_posting")

APPEND_ONLY = """
create function ledger_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% on % is refused: the books are append-only. Post a correcting journal.',
        tg_op, tg_table_name
        using errcode = 'integrity_constraint_violation', constraint = 'ledger_append_only';
end $$;
""" + "".join(
    f"create trigger ledger_append_only before update or delete or truncate on {table}"
    " for each statement execute function ledger_refuse_change();\n"
    for table in APPEND_ONLY_TABLES
)

# The number of the transaction and the time of recording are facts of the database, so that a
# journal cannot claim to belong to another transaction than the one it was written in.
STAMP = """
create function ledger_stamp_journal() returns trigger language plpgsql as $$
begin
    new.tx := pg_current_xact_id();
    new.recorded_at := transaction_timestamp();
    return new;
end $$;
create trigger ledger_stamp before insert on ledger_journal
    for each row execute function ledger_stamp_journal();
"""

# On the journal and deferred: works for whoever saves the legs one by one, and costs half of a
# check on every leg.
SUM_ZERO = """
create function ledger_check_journal() returns trigger language plpgsql as $$
declare
    legs bigint;
    total numeric;
begin
    select count(*), coalesce(sum(amount), 0) into legs, total
        from ledger_posting where journal_id = new.id;
    if legs < 2 then
        raise exception 'journal % (%) has % postings; it needs at least two', new.id, new.cause, legs
            using errcode = 'integrity_constraint_violation', constraint = 'ledger_journal_legs';
    end if;
    if total <> 0 then
        raise exception 'journal % (%) sums to % instead of zero', new.id, new.cause, total
            using errcode = 'integrity_constraint_violation', constraint = 'ledger_journal_sum_zero';
    end if;
    return null;
end $$;
create constraint trigger ledger_sum_zero after insert on ledger_journal
    deferrable initially deferred for each row execute function ledger_check_journal();
"""

# One pass per statement over all its legs:
# 1. each leg's journal and account exist already and agree on programme and unit (the foreign keys
#    are deferred, so that a leg could otherwise slip in before its journal);
# 2. the journal was written by this very transaction, in whichever of its savepoints;
# 3. the journal was not complete before. A caller may have its deferred check run early (set
#    constraints all immediate), and what comes after would be checked by nobody;
# 4. balances move, their rows locked in the order of accounts so that two statements never wait
#    for each other, and no balance falls below its floor.
LEGS_ADDED = """
create function ledger_add_legs() returns trigger language plpgsql as $$
declare
    bad record;
begin
    select leg.journal_id, leg.account_id, j.unit as journal_unit, a.unit as account_unit into bad
        from added leg
        left join ledger_journal j on j.id = leg.journal_id
        left join ledger_ledgeraccount a on a.id = leg.account_id
        where j.id is null or a.id is null or j.unit <> a.unit or j.programme <> a.programme
        limit 1;
    if found then
        raise exception 'account % (%) is not one of journal % (%): programme and unit must agree',
            bad.account_id, bad.account_unit, bad.journal_id, bad.journal_unit
            using errcode = 'integrity_constraint_violation', constraint = 'ledger_posting_unit';
    end if;

    select j.id, j.cause into bad
        from added leg join ledger_journal j on j.id = leg.journal_id
        where j.tx <> pg_current_xact_id()
        limit 1;
    if found then
        raise exception 'journal % (%) is closed: another transaction wrote it. Post a journal of its own.',
            bad.id, bad.cause
            using errcode = 'integrity_constraint_violation', constraint = 'ledger_posting_late';
    end if;

    select leg.journal_id into bad
        from (select journal_id, count(*) as legs, sum(amount) as total from added group by journal_id) leg
        cross join lateral (
            select count(*) as legs, sum(amount) as total
            from ledger_posting p where p.journal_id = leg.journal_id
        ) whole
        where whole.legs - leg.legs >= 2 and whole.total = leg.total
        limit 1;
    if found then
        raise exception 'journal % is complete: nothing may be added to it, not even what balances.',
            bad.journal_id
            using errcode = 'integrity_constraint_violation', constraint = 'ledger_posting_complete';
    end if;

    perform 1 from ledger_accountbalance
        where account_id in (select account_id from added)
        order by account_id for update;
    select a.path, b.balance, b.floor, change.total into bad
        from (select account_id, sum(amount) as total from added group by account_id) change
        join ledger_accountbalance b on b.account_id = change.account_id
        join ledger_ledgeraccount a on a.id = change.account_id
        where b.balance + change.total < b.floor
        order by a.path limit 1;
    if found then
        raise exception '% holds %, and % was to be taken: it may not fall below %',
            bad.path, bad.balance, -bad.total, bad.floor
            using errcode = 'check_violation', constraint = 'ledger_balance_floor',
                  detail = json_build_object('path', bad.path, 'held', bad.balance, 'asked', -bad.total);
    end if;
    update ledger_accountbalance b set balance = b.balance + change.total
        from (select account_id, sum(amount) as total from added group by account_id) change
        where b.account_id = change.account_id;
    return null;
end $$;
create trigger ledger_legs_added after insert on ledger_posting
    referencing new table as added for each statement execute function ledger_add_legs();
"""

# Every account has its balance from the start, so that the first posting finds a row to lock.
# A direct write arrives at depth 1; the ledger's own triggers write at depth 2.
BALANCES = """
create function ledger_open_balance() returns trigger language plpgsql as $$
begin
    insert into ledger_accountbalance (account_id, balance, floor) values (new.id, 0, new.floor);
    return null;
end $$;
create trigger ledger_open_balance after insert on ledger_ledgeraccount
    for each row execute function ledger_open_balance();

create function ledger_guard_balances() returns trigger language plpgsql as $$
begin
    if pg_trigger_depth() < 2 or tg_op in ('DELETE', 'TRUNCATE') then
        raise exception '% on % is refused: balances follow from postings alone.', tg_op, tg_table_name
            using errcode = 'integrity_constraint_violation', constraint = 'ledger_balances_kept';
    end if;
    return null;
end $$;
create trigger ledger_balances_kept before insert or update or delete or truncate on ledger_accountbalance
    for each statement execute function ledger_guard_balances();
"""

UNDO = """
drop trigger ledger_balances_kept on ledger_accountbalance;
drop trigger ledger_open_balance on ledger_ledgeraccount;
drop trigger ledger_legs_added on ledger_posting;
drop trigger ledger_sum_zero on ledger_journal;
drop trigger ledger_stamp on ledger_journal;
""" + "".join(f"drop trigger ledger_append_only on {table};\n" for table in APPEND_ONLY_TABLES) + """
drop function ledger_guard_balances(), ledger_open_balance(), ledger_add_legs(), ledger_check_journal(),
    ledger_stamp_journal(), ledger_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.RunSQL(APPEND_ONLY + STAMP + SUM_ZERO + LEGS_ADDED + BALANCES, reverse_sql=UNDO),
    ]
