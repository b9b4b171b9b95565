"""Saying where places lie, registering data, keeping their chain of custody, transferring them, reminding."""

from lionrock.custody.actions.chain import change_zone, record_event
from lionrock.custody.actions.places import set_place
from lionrock.custody.actions.registering import register_data_set
from lionrock.custody.actions.reminding import remind_custody
from lionrock.custody.actions.transfers import agree_transfer, record_filing

__all__ = [
    "agree_transfer",
    "change_zone",
    "record_event",
    "record_filing",
    "register_data_set",
    "remind_custody",
    "set_place",
]
