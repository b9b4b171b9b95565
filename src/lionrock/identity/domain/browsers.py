"""What browser it was, in words that its owner knows it by."""

from __future__ import annotations

import re
from typing import Final

_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
"""What stands in the header, and whose mark it is; who imitates another stands before it."""
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)
_VERSION: Final = r"[A-Za-z]*/(\d{1,4})"


def browser_of(header: str) -> str:
    """Return browser, version and system of a User-Agent header, such as "Firefox 140, Windows"; "" for none known."""
    text = header[:400]
    system = next((name for mark, name in _SYSTEMS if mark in text), "")
    for mark, name in _BROWSERS:
        found = re.search(mark + _VERSION, text)
        if found:
            number = re.search(r"Version/(\d{1,4})", text) if name == "Safari" else found
            version = f" {number.group(1)}" if number else ""
            return ", ".join(filter(None, [f"{name}{version}", system]))
    return system
