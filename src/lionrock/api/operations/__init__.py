"""The operations by subject; importing this package fills the table."""

from lionrock.api.operations import (
    applications,
    awards,
    compliance,
    documents,
    jobs,
    money,
    people,
    programmes,
    statements,
    usage,
    webhooks,
)
from lionrock.api.registry import OPERATIONS

__all__ = [
    "OPERATIONS",
    "applications",
    "awards",
    "compliance",
    "documents",
    "jobs",
    "money",
    "people",
    "programmes",
    "statements",
    "usage",
    "webhooks",
]
