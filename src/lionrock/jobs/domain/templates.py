"""Application templates: a described form, and the script that it becomes.

What people fill in never becomes part of the script's text: each value stands in one `export` line,
quoted, and the script reads it as a variable. So no value can be taken for a command.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from lionrock.jobs.domain.requests import read_time_limit
from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.money import parse_decimal
from lionrock.rules.shape import Names

SCRIPT_FILE: Final = "job.sh"
"""The script's name in the job's folder."""
_MOST_SHOWN: Final = 80
_WHOLE: Final = re.compile(r"-?[0-9]{1,18}")


class Kind(StrEnum):
    """What a parameter holds."""

    INT = "int"
    DECIMAL = "decimal"
    CHOICE = "choice"
    TEXT = "text"
    FILE = "file"
    DEVICES = "devices"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing to fill in.

    `least` and `most` limit numbers, devices (a count) and times (seconds), both included. `places`
    are the decimals of a decimal; `longest` the characters of a text or the bytes of a file; a text
    of more than one of `lines` may have line breaks. What has `into` is laid into the job's folder
    under that name, and its variable holds the name; anything else is the variable itself.
    """

    name: str
    kind: Kind
    label: Names
    help: Names | None = None
    default: str = ""
    required: bool = True
    least: Decimal | None = None
    most: Decimal | None = None
    places: int = 0
    longest: int = 200
    lines: int = 1
    choices: tuple[tuple[str, Names], ...] = ()
    into: str = ""

    @property
    def variable(self) -> str:
        """The name under which the script finds it."""
        return self.name.upper()


@dataclass(frozen=True, slots=True)
class Template:
    """A form, and the body of the POSIX shell script that reads what was filled in.

    `array` names the whole number that says how many tasks an array has; empty for a plain job.
    """

    id: str
    names: Names
    about: Names
    parameters: tuple[Parameter, ...]
    body: str
    array: str = ""

    def of_kind(self, kind: Kind) -> Parameter | None:
        """Return the first parameter of a kind."""
        return next((one for one in self.parameters if one.kind is kind), None)

    def defaults(self) -> dict[str, str]:
        """Return what stands in the form before anybody has filled it in."""
        return {one.name: one.default for one in self.parameters}


@dataclass(frozen=True, slots=True)
class FilledIn:
    """A template with values that keep all its limits.

    `values` is what the variables hold, `files` what is laid into the job's folder, the script
    among it; `tasks` is 0 unless the template makes an array.
    """

    template: str
    values: Mapping[str, str]
    files: Mapping[str, str]
    time_limit_seconds: int
    devices: int
    tasks: int = 0

    @property
    def script(self) -> str:
        """The script, as it runs."""
        return self.files[SCRIPT_FILE]

    @property
    def array(self) -> str:
        """The tasks as clusters write them: "0-9"; empty for a plain job."""
        return f"0-{self.tasks - 1}" if self.tasks else ""


@dataclass(slots=True)
class _Reading:
    values: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def fill_in(template: Template, typed: Mapping[str, str]) -> FilledIn:
    """Read what was filled in, a file as its text; raises `Invalid` with every fault, each by its parameter."""
    read = _Reading()
    for parameter in template.parameters:
        text = typed.get(parameter.name, "")
        text = text if parameter.kind is Kind.FILE or parameter.lines > 1 else text.strip()
        try:
            _read_one(parameter, text, read)
        except Invalid as wrong:
            read.faults += wrong.faults
    read.faults += [_unknown(name, template) for name in sorted(typed.keys() - template.defaults().keys())]
    if read.faults:
        raise Invalid("jobs.template.invalid", read.faults[0].message, faults=read.faults)
    return _filled(template, read)


def _filled(template: Template, read: _Reading) -> FilledIn:
    time, devices = template.of_kind(Kind.TIME), template.of_kind(Kind.DEVICES)
    script = script_of(template, read.values)
    return FilledIn(
        template.id,
        MappingProxyType(read.values),
        MappingProxyType({SCRIPT_FILE: script, **read.files}),
        read_time_limit(read.values[time.name]) if time else 0,
        int(read.values[devices.name]) if devices else 1,
        int(read.values[template.array]) if template.array else 0,
    )


def script_of(template: Template, values: Mapping[str, str]) -> str:
    """Return the script: the values, each quoted for a POSIX shell, and the template's body."""
    exports = [f"export {one.variable}={shlex.quote(values.get(one.name, ''))}" for one in template.parameters]
    return "\n".join(["#!/bin/sh", f"# {template.id}", "set -eu", *exports, "", template.body.strip("\n"), ""])


def _read_one(parameter: Parameter, text: str, read: _Reading) -> None:
    if not text:
        if parameter.required:
            raise wrong_value(parameter, text, gettext_noop("{field} is empty. Fill it in."))
        read.values[parameter.name] = ""
        return
    value = _READERS[parameter.kind](parameter, text)
    if parameter.into:
        read.files[parameter.into] = value
    read.values[parameter.name] = parameter.into or value


def _int(parameter: Parameter, text: str) -> str:
    if not _WHOLE.fullmatch(text):
        raise wrong_value(parameter, text, gettext_noop("“{value}” in {field} is no whole number. Write digits only."))
    _within(parameter, text, Decimal(text), str(parameter.least), str(parameter.most))
    return str(int(text))


def _decimal(parameter: Parameter, text: str) -> str:
    try:
        value = parse_decimal(text, places=parameter.places, field=parameter.name)
    except Invalid as wrong:
        said = wrong_value(
            parameter,
            text,
            gettext_noop("“{value}” in {field} is not a number with at most {places} decimals. Write it like 0.05."),
            places=parameter.places,
        )
        raise said from wrong
    _within(parameter, text, value, str(parameter.least), str(parameter.most))
    return text


def _choice(parameter: Parameter, text: str) -> str:
    known = [value for value, _ in parameter.choices]
    if text not in known:
        template = gettext_noop("“{value}” is not among the choices of {field}. Choose one of {known}.")
        raise wrong_value(parameter, text, template, known=", ".join(known))
    return text


def _text(parameter: Parameter, text: str) -> str:
    if len(text) > parameter.longest:
        template = gettext_noop("{field} is longer than {most} characters. Shorten it.")
        raise wrong_value(parameter, text, template, most=parameter.longest)
    kept = text.replace("\n", "").replace("\t", "") if parameter.lines > 1 else text
    if not kept.isprintable():
        template = gettext_noop("“{value}” in {field} has characters that nobody can see. Write printable ones.")
        raise wrong_value(parameter, text, template)
    return text


def _file(parameter: Parameter, text: str) -> str:
    if len(text.encode("utf-8", "surrogatepass")) > parameter.longest:
        template = gettext_noop("The file for {field} is larger than {most} bytes. Put data where the job can read it.")
        raise wrong_value(parameter, "", template, most=parameter.longest)
    if "\0" in text:
        template = gettext_noop("The file for {field} is not a text. Put data where the job can read it.")
        raise wrong_value(parameter, "", template)
    return text


def _devices(parameter: Parameter, text: str) -> str:
    return _int(parameter, text)


def _time(parameter: Parameter, text: str) -> str:
    try:
        seconds = read_time_limit(text)
    except Invalid as wrong:
        template = gettext_noop("“{value}” in {field} is not a time. Write one with units, such as 90s, 10m, 1h30m.")
        raise wrong_value(parameter, text, template) from wrong
    _within(parameter, text, Decimal(seconds), *(_duration(limit) for limit in (parameter.least, parameter.most)))
    return text


_READERS: Final = MappingProxyType(
    {
        Kind.INT: _int,
        Kind.DECIMAL: _decimal,
        Kind.CHOICE: _choice,
        Kind.TEXT: _text,
        Kind.FILE: _file,
        Kind.DEVICES: _devices,
        Kind.TIME: _time,
    }
)


def _within(parameter: Parameter, text: str, value: Decimal, least: str, most: str) -> None:
    low, high = parameter.least, parameter.most
    if (low is not None and value < low) or (high is not None and value > high):
        raise wrong_value(parameter, text, _LIMITS[low is not None, high is not None], least=least, most=most)


_LIMITS: Final = MappingProxyType(
    {
        (True, True): gettext_noop("“{value}” in {field} is out of range. Write a value from {least} to {most}."),
        (True, False): gettext_noop("“{value}” in {field} is too small. Write {least} or more."),
        (False, True): gettext_noop("“{value}” in {field} is too large. Write {most} or less."),
    }
)


def wrong_value(parameter: Parameter, value: str, template: str, **more: object) -> Invalid:
    """Return the error of one parameter, which its sentence calls by the label."""
    shown = "".join(one if one.isprintable() else "·" for one in value[:_MOST_SHOWN])
    said: Message = message(template, value=shown, field=parameter.label, **more)
    code = f"jobs.template.{parameter.kind.value}"
    return Invalid(code, said, faults=[Fault(code, said, field=parameter.name, value=shown)])


def _unknown(name: str, template: Template) -> Fault:
    said = message(
        gettext_noop("The template {form} has no parameter “{value}”. It has: {known}."),
        form=template.id,
        value=name,
        known=", ".join(template.defaults()),
    )
    return Fault("jobs.template.parameter", said, field=name, value=name)


def _duration(seconds: Decimal | None) -> str:
    return "" if seconds is None else duration_text(int(seconds))


def duration_text(seconds: int) -> str:
    """Return seconds as `read_time_limit` reads them: 5400 → "1h30m"."""
    parts = []
    for unit, length in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        count, seconds = divmod(seconds, length)
        parts += [f"{count}{unit}"] * bool(count)
    return "".join(parts) or "0s"


def read_values(texts: tuple[str, ...]) -> dict[str, str]:
    """Read values such as "epochs=5"; raises `Invalid` with a fault for each that cannot be read."""
    template_text = gettext_noop("“{value}” gives no value. Write the parameter's name and its value: epochs=5.")
    faults = [
        Fault("jobs.template.set", message(template_text, value=text), field="set", value=text)
        for text in texts
        if "=" not in text
    ]
    if faults:
        raise Invalid("jobs.template.set", faults[0].message, faults=faults)
    return {name: value for name, _, value in (text.partition("=") for text in texts)}
