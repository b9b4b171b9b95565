"""One change of a cluster: what it is in a plain sentence, and the command that makes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from lionrock.allocations.domain.cluster import Account, Association, Qos, Reservation
from lionrock.kernel.messages import Message, gettext_noop, message

NO_PARTITION = "–"
A_PUSH_TAKES: Final = timedelta(minutes=10)
"""So long at most after its instant a push may still make its last change."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be done: the subject as people see it, the command, and what differs, before and after.

    `made` is the name of an account that the change brings into being, so that it is known as ours.
    """

    subject: str
    sentence: Message
    program: str
    arguments: tuple[str, ...]
    before: Mapping[str, str] = field(default_factory=dict)
    after: Mapping[str, str] = field(default_factory=dict)
    made: str = ""


def _manager(cluster: str, *words: str) -> tuple[str, ...]:
    return ("-i", *words[:2], *((f"cluster={cluster}",) if cluster else ()), *words[2:])


def shown(tres: Mapping[str, int]) -> str:
    """Return limits as Slurm writes them, in one order: "gres/gpu=8,gres/gpu:h800=8"."""
    return ",".join(f"{name}={number}" for name, number in sorted(tres.items()))


def _spaced(text: str) -> str:
    """Return a list as a sentence has it, so that it can be broken over lines."""
    return text.replace(",", ", ")


def _bars(closed: bool | None, submit: str, jobs: str) -> tuple[str, str]:
    number = "0" if closed else "-1"
    return (f"{submit}={number}", f"{jobs}={number}")


_CLOSED = {True: "closed", False: "open", None: "closed in part"}


def bounds(qos: Qos) -> dict[str, str]:
    """Return what a QOS says, as words."""
    return {
        "GrpTRES": shown(qos.devices),
        "GrpTRESMins": shown(qos.minutes),
        "submitting": _CLOSED[qos.closed],
        "Flags": ",".join(sorted(qos.flags)),
        "UsageFactor": qos.usage_factor,
        "Preempt": ",".join(sorted(qos.preempts)),
        "PreemptMode": "requeue" if qos.requeued else "cluster",
    }


def add_qos(qos: Qos) -> Change:
    """Make a QOS with all its bounds in one command, so that it never stands there without them."""
    words = _differing(Qos("", flags=frozenset(), usage_factor=""), qos)
    return Change(
        qos.name,
        message(
            gettext_noop("Make the QOS {qos}: {devices} at once, {minutes} minutes in all."),
            qos=qos.name,
            devices=_spaced(shown(qos.devices)) or "–",
            minutes=_spaced(shown(qos.minutes)) or "–",
        ),
        "sacctmgr",
        ("-i", "add", "qos", f"name={qos.name}", *words),
        after=bounds(qos),
    )


def modify_qos(actual: Qos, wanted: Qos) -> Change | None:
    """Return the change that makes a QOS as it should be; None where it is."""
    words = _differing(actual, wanted)
    if not words:
        return None
    before, after = bounds(actual), bounds(wanted)
    after["Flags"] = ",".join(sorted(actual.flags | wanted.flags))
    keys = [key for key in before if before[key] != after[key]]
    return Change(
        wanted.name,
        message(
            gettext_noop("Set the QOS {qos} right: {what}."),
            qos=wanted.name,
            what=_spaced("; ".join(f"{key} {before[key] or '–'} → {after[key] or '–'}" for key in keys)),
        ),
        "sacctmgr",
        ("-i", "modify", "qos", "where", f"name={wanted.name}", "set", *words),
        before={key: before[key] for key in keys},
        after={key: after[key] for key in keys},
    )


def _differing(actual: Qos, wanted: Qos) -> tuple[str, ...]:
    words: list[str] = []
    words.extend(_limits("GrpTRES", actual.devices, wanted.devices))
    words.extend(_limits("GrpTRESMins", actual.minutes, wanted.minutes))
    if actual.closed is not wanted.closed:
        words.extend(_bars(wanted.closed, "GrpSubmitJobs", "GrpJobs"))
    if not wanted.flags <= actual.flags:
        words.append(f"Flags{'+' if actual.name else ''}={','.join(sorted(wanted.flags))}")
    if actual.usage_factor != wanted.usage_factor:
        words.append(f"UsageFactor={wanted.usage_factor}")
    if gone := actual.preempts - wanted.preempts:
        words.append(f"Preempt-={','.join(sorted(gone))}")
    if new := wanted.preempts - actual.preempts:
        words.append(f"Preempt+={','.join(sorted(new))}")
    if actual.requeued is not wanted.requeued:
        words.append(f"PreemptMode={'requeue' if wanted.requeued else 'cluster'}")
    return tuple(words)


def _limits(option: str, has: Mapping[str, int], should: Mapping[str, int]) -> list[str]:
    """Return the word that makes limits as they should be, those that should not be there taken away; none if alike."""
    limits = [(tres, should.get(tres, -1)) for tres in sorted({*has, *should}) if has.get(tres) != should.get(tres)]
    return [f"{option}=" + ",".join(f"{tres}={number}" for tres, number in limits)] if limits else []


def add_account(cluster: str, account: Account) -> Change:
    """Make an account where it belongs, with its QOS and no other."""
    words = [f"name={account.name}", "description=lionrock", "organization=lionrock"]
    if account.parent:
        words.append(f"parent={account.parent}")
    if account.qos:
        words.extend(_only(account.qos, account.default_qos))
    words.extend(_limits("GrpTRESMins", {}, account.minutes))
    return Change(
        account.name,
        message(
            gettext_noop("Make the account {account} under {parent}."),
            account=account.name,
            parent=account.parent or "root",
        ),
        "sacctmgr",
        _manager(cluster, "add", "account", *words),
        after=_of_account(account),
        made=account.name,
    )


def _only(qos: frozenset[str], default: str) -> tuple[str, str]:
    return (f"qos={','.join(sorted(qos))}", f"defaultqos={default}")


def _of_account(account: Account) -> dict[str, str]:
    found = {"parent": account.parent, "submitting": _CLOSED[account.closed]}
    return found | _of_qos(account.qos, account.default_qos)


def _of_qos(qos: frozenset[str], default: str) -> dict[str, str]:
    return {"QOS": ",".join(sorted(qos)), "DefaultQOS": default}


def move_account(cluster: str, actual: Account, wanted: Account) -> Change:
    """Put an account of ours back under its parent."""
    said = message(
        gettext_noop("Put the account {account} back under {parent}; it stands under {now}."),
        account=wanted.name,
        parent=wanted.parent,
        now=actual.parent,
    )
    words = _modify_account(cluster, wanted.name, f"parent={wanted.parent}")
    return Change(
        wanted.name, said, "sacctmgr", words, before={"parent": actual.parent}, after={"parent": wanted.parent}
    )


def _modify_account(cluster: str, name: str, *words: str) -> tuple[str, ...]:
    where = (f"cluster={cluster}",) if cluster else ()
    return ("-i", "modify", "account", "where", f"name={name}", *where, "set", *words)


def bind_account(cluster: str, actual: Account, wanted: Account) -> Change:
    """Give an account its own QOS and no other."""
    said = message(
        gettext_noop("Give the account {account} the QOS {qos} and no other; it has {now}."),
        account=wanted.name,
        qos=", ".join(sorted(wanted.qos)),
        now=", ".join(sorted(actual.qos)) or "–",
    )
    words = _modify_account(cluster, wanted.name, *_only(wanted.qos, wanted.default_qos))
    before, after = _of_qos(actual.qos, actual.default_qos), _of_qos(wanted.qos, wanted.default_qos)
    return Change(wanted.name, said, "sacctmgr", words, before=before, after=after)


def limit_account(cluster: str, actual: Account, wanted: Account) -> Change:
    """Bound in minutes whatever runs under an account."""
    before, after = shown(actual.minutes), shown(wanted.minutes)
    said = message(
        gettext_noop("Bound the account {account} by {after} minutes; it has {before}."),
        account=wanted.name,
        after=_spaced(after) or "–",
        before=_spaced(before) or "–",
    )
    words = _modify_account(cluster, wanted.name, *_limits("GrpTRESMins", actual.minutes, wanted.minutes))
    return Change(wanted.name, said, "sacctmgr", words, before={"GrpTRESMins": before}, after={"GrpTRESMins": after})


def bar_account(cluster: str, actual: Account, closed: bool) -> Change:
    """Close an account behind which no award stands any more, or open one that should be open."""
    closing = gettext_noop("Close the account {account}: no award stands behind it.")
    opening = gettext_noop("Open the account {account}: jobs may be submitted under it.")
    words = _modify_account(cluster, actual.name, *_bars(closed, "GrpSubmitJobs", "GrpJobs"))
    return Change(
        actual.name,
        message(closing if closed else opening, account=actual.name),
        "sacctmgr",
        words,
        before={"submitting": _CLOSED[actual.closed]},
        after={"submitting": _CLOSED[closed]},
    )


def add_association(cluster: str, wanted: Association) -> Change:
    """Let a user submit under an account in a partition."""
    said = message(
        gettext_noop("Let {user} submit under {account} in partition {partition}."),
        user=wanted.user,
        account=wanted.account,
        partition=wanted.partition,
    )
    words = (f"name={wanted.user}", f"account={wanted.account}", f"partition={wanted.partition}")
    return Change(
        _subject(wanted),
        said,
        "sacctmgr",
        _manager(cluster, "add", "user", *words),
        after=_of_qos(wanted.qos, wanted.default_qos) | {"submitting": _CLOSED[wanted.closed]},
    )


def _subject(association: Association) -> str:
    return f"{association.user}@{association.account}/{association.partition or NO_PARTITION}"


def _modify_association(cluster: str, found: Association, *words: str) -> tuple[str, ...]:
    """Return the command for this one association; an empty partition is named too, or all would be changed."""
    where = [f"name={found.user}", f"account={found.account}", f"partition={found.partition}"]
    if cluster:
        where.append(f"cluster={cluster}")
    return ("-i", "modify", "user", "where", *where, "set", *words)


def bar_association(cluster: str, actual: Association, closed: bool) -> Change:
    """Let a user submit no more, or again; what was counted stays, as nothing is removed."""
    closing = gettext_noop("Let {user} submit no more under {account} in partition {partition}.")
    opening = gettext_noop("Let {user} submit again under {account} in partition {partition}.")
    said = message(
        closing if closed else opening,
        user=actual.user,
        account=actual.account,
        partition=actual.partition or NO_PARTITION,
    )
    words = _modify_association(cluster, actual, *_bars(closed, "MaxSubmitJobs", "MaxJobs"))
    before, after = {"submitting": _CLOSED[actual.closed]}, {"submitting": _CLOSED[closed]}
    return Change(_subject(actual), said, "sacctmgr", words, before=before, after=after)


def bind_association(cluster: str, actual: Association, wanted: Association) -> Change:
    """Give a user under an account the account's QOS and no other."""
    said = message(
        gettext_noop("Give {user} under {account} the QOS {qos} and no other; there is {now}."),
        user=wanted.user,
        account=wanted.account,
        qos=", ".join(sorted(wanted.qos)),
        now=", ".join(sorted(actual.qos)) or "–",
    )
    words = _modify_association(cluster, actual, *_only(wanted.qos, wanted.default_qos))
    before, after = _of_qos(actual.qos, actual.default_qos), _of_qos(wanted.qos, wanted.default_qos)
    return Change(_subject(actual), said, "sacctmgr", words, before=before, after=after)


def add_reservation(wanted: Reservation, now: datetime) -> Change:
    """Keep nodes for a lease. Slurm replaces a node that fails; jobs of the account find it by themselves."""
    said = message(
        gettext_noop("Keep {nodes} nodes of partition {partition} for {accounts} until {until} UTC."),
        nodes=wanted.nodes,
        partition=wanted.partition,
        accounts=", ".join(sorted(wanted.accounts)),
        until=_instant(wanted.end),
    )
    words = (
        "create",
        "reservation",
        f"reservationname={wanted.name}",
        f"starttime={'now' if wanted.start <= now else _instant(wanted.start)}",
        f"endtime={_instant(wanted.end)}",
        f"nodecnt={wanted.nodes}",
        f"partitionname={wanted.partition}",
        f"accounts={','.join(sorted(wanted.accounts))}",
        "flags=MAGNETIC,REPLACE_DOWN",
    )
    return Change(wanted.name, said, "scontrol", words, after=_of_reservation(wanted))


def _instant(instant: datetime) -> str:
    """Return an instant as `scontrol` reads it; our commands run in UTC."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _of_reservation(found: Reservation) -> dict[str, str]:
    return {
        "nodes": str(found.nodes),
        "accounts": ",".join(sorted(found.accounts)),
        "start": _instant(found.start),
        "end": _instant(found.end),
    }


def modify_reservation(actual: Reservation, wanted: Reservation, now: datetime) -> Change | None:
    """Return the change that makes a reservation as it should be; None where it is. A past start is past."""
    before, after = _of_reservation(actual), _of_reservation(wanted)
    if wanted.start <= now:
        # Slurm keeps as its start when it was made: while we pushed, or long ago.
        after["start"] = before["start"] if actual.start <= now + A_PUSH_TAKES else "now"
    options = {"nodes": "nodecnt", "accounts": "accounts", "start": "starttime", "end": "endtime"}
    keys = [key for key in before if before[key] != after[key]]
    if not keys:
        return None
    said = message(
        gettext_noop("Set the reservation {name} right: {what}."),
        name=wanted.name,
        what="; ".join(f"{key} {before[key]} → {after[key]}" for key in keys),
    )
    words = ("update", f"reservationname={wanted.name}", *(f"{options[key]}={after[key]}" for key in keys))
    was, will_be = ({key: state[key] for key in keys} for state in (before, after))
    return Change(wanted.name, said, "scontrol", words, before=was, after=will_be)


def delete_reservation(actual: Reservation) -> Change:
    """Give nodes back that no lease keeps any more."""
    said = message(gettext_noop("Give back the nodes of reservation {name}: its lease is over."), name=actual.name)
    words = ("delete", f"reservationname={actual.name}")
    return Change(actual.name, said, "scontrol", words, before=_of_reservation(actual))
