"""The client of Lionrock's API: everything that programs can do there, typed, with nothing but Python's own library.

Example::

    from lionrock_client import Client, token_in

    client = Client("https://portal.example.org", token_in("token"))
    for job in client.jobs.list_jobs(open=True):
        print(job["code"], job["state"])
"""

from lionrock_client.client import Client
from lionrock_client.connection import Limits
from lionrock_client.documents import Document, Download, Items, tag_of
from lionrock_client.problems import (
    Broken,
    Conflict,
    Fault,
    Finding,
    Invalid,
    NotAllowed,
    NotFound,
    NotSignedIn,
    OtherVersion,
    Outdated,
    Problem,
    Refused,
    TooOften,
    Unavailable,
    Unreachable,
)
from lionrock_client.tokens import Token, token_in

__all__ = [
    "Broken",
    "Client",
    "Conflict",
    "Document",
    "Download",
    "Fault",
    "Finding",
    "Invalid",
    "Items",
    "Limits",
    "NotAllowed",
    "NotFound",
    "NotSignedIn",
    "OtherVersion",
    "Outdated",
    "Problem",
    "Refused",
    "Token",
    "TooOften",
    "Unavailable",
    "Unreachable",
    "tag_of",
    "token_in",
]
