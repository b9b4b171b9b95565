"""Pages of the audit trail, and of what is kept no longer."""

from lionrock.oversight.pages.retention import (
    carry_out,
    certificate,
    hold,
    propose,
    release,
    retention,
    retention_index,
)
from lionrock.oversight.pages.trail import file, index, record, trail

__all__ = [
    "carry_out",
    "certificate",
    "file",
    "hold",
    "index",
    "propose",
    "record",
    "release",
    "retention",
    "retention_index",
    "trail",
]
