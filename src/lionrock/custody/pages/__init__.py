"""Data sets and their chains, what is recorded of them, certificates, and the places where data may lie."""

from lionrock.custody.pages.certificates import certificate, certificate_pdf
from lionrock.custody.pages.filling import file, new, record, transfer, zone
from lionrock.custody.pages.places import places_page
from lionrock.custody.pages.showing import index, panel, show

__all__ = [
    "certificate",
    "certificate_pdf",
    "file",
    "index",
    "new",
    "panel",
    "places_page",
    "record",
    "show",
    "transfer",
    "zone",
]
