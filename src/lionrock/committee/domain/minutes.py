"""Minutes: one plain value from which page, PDF and JSON are made, and the seal of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any

Content = dict[str, Any]


def seal(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of minutes, in hexadecimal: of their JSON with sorted keys and no spaces, in UTF-8."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def without(content: Mapping[str, Any], applications: Collection[str]) -> Content:
    """Return the minutes without the items of these applications, and how many were left out."""
    kept = [item for item in content["items"] if item["application"] not in applications]
    return {**content, "items": kept, "left_out": len(content["items"]) - len(kept)}
