"""Every write of this room: collecting what clusters account for, and comparing totals."""

from lionrock.metering.actions.collecting import collect, collect_due
from lionrock.metering.actions.reconciling import reconcile, reconcile_due

__all__ = ["collect", "collect_due", "reconcile", "reconcile_due"]
