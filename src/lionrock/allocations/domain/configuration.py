"""What a cluster's own configuration must say, so that limits are limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lionrock.allocations.domain.desired import Desired
from lionrock.kernel.messages import Message, gettext_noop, message

ENFORCED: Final = frozenset({"associations", "limits", "qos", "safe"})
"""Words of AccountingStorageEnforce: without "safe" a job starts that cannot end within what is left, and is killed."""


def configuration_notes(config: Mapping[str, str], desired: Desired) -> tuple[Message, ...]:
    """Return what a cluster is set up for otherwise than limits need; nothing where its configuration is not known."""
    if not config or not desired.state.qos:
        return ()
    return tuple(
        note for note in (_not_enforced(config), _not_counted(config, desired), _not_lent(config, desired)) if note
    )


def _words(config: Mapping[str, str], setting: str) -> frozenset[str]:
    return frozenset(word.strip().lower() for word in config.get(setting, "").split(","))


def _not_enforced(config: Mapping[str, str]) -> Message | None:
    missing = ENFORCED - _words(config, "AccountingStorageEnforce")
    if not missing:
        return None
    return message(
        gettext_noop(
            "The cluster does not enforce limits: AccountingStorageEnforce in its slurm.conf lacks {missing}. Awards "
            "can be overspent there until it is added."
        ),
        missing=", ".join(sorted(missing)),
    )


def _not_counted(config: Mapping[str, str], desired: Desired) -> Message | None:
    wanted = {tres for qos in desired.state.qos.values() for tres in qos.minutes}
    missing = {tres for tres in wanted if tres.lower() not in _words(config, "AccountingStorageTRES")}
    if not missing:
        return None
    return message(
        gettext_noop(
            "The cluster does not count {missing}: add it to AccountingStorageTRES in its slurm.conf. Until then no "
            "limit on it can be set."
        ),
        missing=", ".join(sorted(missing)),
    )


def _not_lent(config: Mapping[str, str], desired: Desired) -> Message | None:
    lends = any(qos.preempts for qos in desired.state.qos.values())
    if not lends or can_lend(config):
        return None
    return message(
        gettext_noop(
            "Nodes are lent, and the cluster's slurm.conf says PreemptType={kind}, PreemptMode={mode}: the lender "
            "would have to wait for borrowers. Set them to preempt/qos and REQUEUE; until then no borrower is let in."
        ),
        kind=config.get("PreemptType") or "–",
        mode=config.get("PreemptMode") or "–",
    )


def can_lend(config: Mapping[str, str]) -> bool:
    """Tell whether a borrower's job would make room for the lender's; what is not known is not so."""
    return config.get("PreemptType") == "preempt/qos" and not _words(config, "PreemptMode") & {"off", ""}
