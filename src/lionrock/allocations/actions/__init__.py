"""Every write of the room: quota granted and closed, clusters brought to hold it, nodes lent."""

from lionrock.allocations.actions.granting import close_allocation, grant_allocation, replace_allocation
from lionrock.allocations.actions.lending import lend_idle_nodes, stop_lending
from lionrock.allocations.actions.pushing import push_allocations, push_site

__all__ = [
    "close_allocation",
    "grant_allocation",
    "lend_idle_nodes",
    "push_allocations",
    "push_site",
    "replace_allocation",
    "stop_lending",
]
