"""How a row is held: the parser of a field raises `Hold`, the reader makes a `HeldRow` of it."""

from __future__ import annotations

from lionrock.charging.usage_files.options import UsageOptions
from lionrock.charging.usage_files.rows import LONGEST_RAW, HeldRow
from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import Message, gettext_noop, message

_AREA = "charging.usage_files."
_LONGEST_VALUE = 80


def shortened(text: str, longest: int = LONGEST_RAW) -> str:
    """Return the text, cut and marked when it is longer."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


class Hold(Exception):
    """This row cannot be usage as it stands: field, value, and a sentence that says what to do."""

    def __init__(self, code: str, template: str, *, field: str, value: str = "", **more: object) -> None:
        short = shortened(value, _LONGEST_VALUE)
        super().__init__(code)
        self.code = _AREA + code
        self.field = field
        self.value = short
        self.message = message(template, field=field, value=short, **more)

    def row(self, file: str, line: int, raw: str) -> HeldRow:
        """Return the held row for its place in the file."""
        fault = Fault(self.code, self.message, file=file, line=line, field=self.field, value=self.value)
        return HeldRow(file, line, fault, shortened(raw))


def invalid_file(
    code: str, said: Message, *, file: str, line: int | None = None, field: str | None = None, value: str | None = None
) -> Invalid:
    """Build the error for a file that cannot be read at all."""
    fault = Fault(_AREA + code, said, file=file, line=line, field=field, value=value)
    return Invalid(_AREA + code, said, faults=[fault])


def filled(text: str, field: str) -> str:
    """Return a text that must not be empty."""
    if not text or text.isspace():
        raise Hold(
            "empty",
            gettext_noop("{field} is empty, so that the use cannot be charged. Complete the row, and import again."),
            field=field,
        )
    return text


def our_account(text: str, field: str, options: UsageOptions) -> str:
    """Return our account for the file's; holds an empty one and one that the options do not know."""
    account = options.account_of(filled(text, field))
    if account is None:
        raise Hold(
            "account",
            gettext_noop("{field} is “{value}”, for which no account was named. Name its account, and import again."),
            field=field,
            value=text,
        )
    return account
