"""Every write of this room: taking in use, starting leases, deciding adjustments and fees, closing months."""

from lionrock.charging.actions.asking import ask_close, close_asked, stop_close
from lionrock.charging.actions.closing import close_month
from lionrock.charging.actions.deciding import adjust, share_fee
from lionrock.charging.actions.imports import import_usage_file
from lionrock.charging.actions.intake import record_usage
from lionrock.charging.actions.leases import lease_on_award, lease_on_variation, pause_lease, shorten_lease_on_end
from lionrock.charging.actions.mending import mend_row, set_row_aside, try_rows_again
from lionrock.charging.actions.releases import release_charged_awards, release_when_charged

__all__ = [
    "adjust",
    "ask_close",
    "close_asked",
    "close_month",
    "import_usage_file",
    "lease_on_award",
    "lease_on_variation",
    "mend_row",
    "pause_lease",
    "record_usage",
    "release_charged_awards",
    "release_when_charged",
    "set_row_aside",
    "share_fee",
    "shorten_lease_on_end",
    "stop_close",
    "try_rows_again",
]
