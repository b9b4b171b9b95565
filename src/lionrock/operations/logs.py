"""What is logged: events with fields, and neither secrets nor anything about persons.

The only place that decides it. What reaches a line is named here, field by field; a text that somebody
else has made (an error's message, an address) is left out or masked, since nobody knows what is in it.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, Final

import structlog

from lionrock.kernel.tracing import current

_SECRET: Final = re.compile(
    r"password|secret|token|authori[sz]ation|cookie|session|key|e_?mail|address|phone|person|user|path|url|body", re.I
)
_MASKED: Final = (
    (re.compile(r"(\w+://)[^/\s@]+@"), r"\1…@"),
    (re.compile(r"[^\s@<>\"'(),;:/…]+@[^\s@<>\"'(),;:/]+\.\w+"), "…@…"),
    (re.compile(r"\b(Bearer|Basic)\s+\S+", re.I), r"\1 …"),
    (re.compile(r"\blr[a-z]?_[\w-]{8,}"), "…"),
    (re.compile(r"\b[\w-]{32,}\b"), "…"),
)
_OURS: Final = "lionrock"
_TELL_ALL: Final = ("gunicorn",)
"""Loggers of others whose lines say what a process does, and nothing of those whom it serves."""
_LONGEST: Final = 500

Event = MutableMapping[str, Any]


class StandardError(logging.Handler):
    """Writes to what standard error is by then: a command that is tested has its own."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line."""
        sys.stderr.write(f"{self.format(record)}\n")


def _shared() -> list[Any]:
    return [structlog.stdlib.add_log_level, structlog.processors.TimeStamper("iso", utc=True), safe]


def configure() -> None:
    """Have events of ours go the way of everybody's."""
    structlog.configure(
        processors=[*_shared(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def settings_of(form: str) -> dict[str, Any]:
    """Return Django's `LOGGING`: every logger writes to standard error as "json" (a line is an object) or "text"."""
    shape: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"])
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": [_foreign, *_shared()],
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, shape],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {"line": {"()": StandardError, "formatter": "line"}},
        "root": {"handlers": ["line"], "level": "WARNING"},
        "loggers": {
            _OURS: {"level": "INFO"},
            # Django adds handlers of its own; and errors of requests are logged by us, with the page, not its address.
            "django": {"level": "WARNING", "handlers": [], "propagate": True},
            "django.request": {"level": "CRITICAL"},
        },
    }


def _foreign(_logger: object, _method: str, event: Event) -> Event:
    """Keep of a line of another library who says it and its unfilled sentence: what fills it may be anything."""
    record: logging.LogRecord = event["_record"]
    event["logger"] = record.name
    if not record.name.startswith(_TELL_ALL):
        event["event"] = str(record.msg)
    if record.exc_info:
        event["exc_info"] = record.exc_info
    return event


def safe(_logger: object, _method: str, event: Event) -> Event:
    """Return the event with its trace, without what is secret, and with an error's kind and places alone."""
    error = event.pop("exc_info", None)
    for name in [name for name in event if not name.startswith("_")]:
        event[name] = _shown(name, event[name])
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["error"], event["at"] = type(error).__name__, _places(error)
    if trace := current.get():
        event["trace"], event["request"] = trace.id, trace.span
    return event


def _shown(name: str, value: object) -> object:
    if _SECRET.search(name):
        return "…"
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value)[:_LONGEST]
    if name in {"timestamp", "level", "logger"}:
        return text
    for pattern, mask in _MASKED:
        text = pattern.sub(mask, text)
    return text


def _places(error: BaseException) -> list[str]:
    """Return the way to an error, file and line, the innermost last; its message may quote what somebody typed."""
    frames = traceback.extract_tb(error.__traceback__)[-12:]
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
