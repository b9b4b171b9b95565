"""Rows of workload traces (SWF, Parquet): relative times, demand by column, states as published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

from lionrock.charging.usage_files.hold import Hold, filled, invalid_file, our_account
from lionrock.charging.usage_files.options import UsageOptions
from lionrock.charging.usage_files.rows import NONE_LESS, Origin, SkipReason, UsageRecord
from lionrock.kernel.messages import gettext_noop, message

DEMANDS: Final = ("gpus", "cpus", "nodes")
_LONGEST: Final = 100 * 366 * 86400
"""A hundred years of seconds: a longer time is in other units or wrong."""
_WORDS: Final = MappingProxyType({"SUCCEEDED": "COMPLETED", "": "UNKNOWN"})


class TraceReader:
    """Turns `TraceRow`s into records, the same way for every layout of trace."""

    def __init__(self, file: str, options: UsageOptions) -> None:
        self._file = file
        self._options = options
        self._epoch = int(_epoch(file, options).timestamp())
        self.demand_columns = _demand_columns(file, options)
        self._items = tuple(options.items[name] for name in self.demand_columns)
        self._devices: dict[tuple[int | None, ...], Mapping[str, int]] = {}
        self._accounts: dict[str, str] = {}

    def record(
        self,
        number: int,
        job: str,
        account: str,
        submit: int | None,
        wait: int | None,
        duration: int | None,
        state: str,
        demands: tuple[int | None, ...],
        gpu_milli: int | None,
    ) -> UsageRecord | SkipReason:
        """Return the record of a row, or why it is none; raises `Hold`.

        Times are seconds since the trace's second 0; `None` stands where the file has null.
        """
        lasted = _seconds(duration, "duration")
        if lasted == 0:
            return SkipReason.ZERO_LENGTH
        # A wait of -1 is one that was not recorded: the job is taken to have started at once.
        waited = 0 if wait is None or wait < 0 else _seconds(wait, "recorded_wait")
        started = _seconds(submit, "submit_time") + waited + self._epoch
        devices = self._devices.get(demands) or self._count(demands)
        if not devices:
            return SkipReason.NO_DEVICES
        if gpu_milli is not None:
            _check_whole_gpus(gpu_milli, self.demand_columns)
        start, end = datetime.fromtimestamp(started, UTC), datetime.fromtimestamp(started + lasted, UTC)
        period = self._options.period
        if period is not None and not (start < period.end and end > period.start):
            return SkipReason.OUTSIDE_PERIOD
        return UsageRecord(
            self._options.site,
            filled(job, "job_id"),
            start,
            end,
            self._accounts.get(account) or self._account(account),
            None,
            devices,
            NONE_LESS,
            _WORDS.get(state, state),
            self._options.revision,
            state == "RUNNING",
            Origin(self._file, number),
            "",
        )

    def _account(self, text: str) -> str:
        account = self._accounts[text] = our_account(text, self._options.account_column, self._options)
        return account

    def _count(self, demands: tuple[int | None, ...]) -> Mapping[str, int]:
        devices: dict[str, int] = {}
        for column, item, demand in zip(self.demand_columns, self._items, demands, strict=True):
            if demand is None or demand < 0:
                raise _unknown_demand(column, demand)
            if demand:
                devices[item] = devices.get(item, 0) + demand
        counted = self._devices[demands] = MappingProxyType(devices)
        return counted


def _seconds(value: int | None, field: str) -> int:
    if value is None or not 0 <= value <= _LONGEST:
        raise Hold(
            "seconds",
            gettext_noop(
                "{field} is “{value}”, not a number of seconds from 0 to a hundred years. Correct it where the file "
                "was made, or leave the row out."
            ),
            field=field,
            value="" if value is None else str(value),
        )
    return value


def _unknown_demand(column: str, demand: int | None) -> Hold:
    return Hold(
        "demand",
        gettext_noop(
            "{field} is “{value}”: how many the job held is not known. Say another column that is known, or leave the "
            "row out."
        ),
        field=column,
        value="" if demand is None else str(demand),
    )


def _check_whole_gpus(milli: int, columns: Sequence[str]) -> None:
    if "gpus" in columns and milli % 1000:
        raise Hold(
            "fraction",
            gettext_noop(
                "{field} is “{value}”: the job shared a GPU, and the price list knows whole ones. Charge it by hand, "
                "or leave the row out."
            ),
            field="gpu_milli",
            value=str(milli),
        )


def _epoch(file: str, options: UsageOptions) -> datetime:
    if options.epoch is None or options.epoch.utcoffset() is None:
        said = message(
            gettext_noop(
                "The times in {file} are seconds since its own second 0. Say the instant of second 0, with its offset."
            ),
            file=file,
        )
        raise invalid_file("epoch", said, file=file, field="epoch")
    return options.epoch


def _demand_columns(file: str, options: UsageOptions) -> tuple[str, ...]:
    wrong = sorted(set(options.items) - set(DEMANDS))
    if wrong or not options.items:
        said = message(
            gettext_noop(
                "A trace counts gpus, cpus or nodes; “{value}” was named for {file}. Name the price item of one of the "
                "three."
            ),
            file=file,
            value=", ".join(wrong),
        )
        raise invalid_file("unit", said, file=file, field="items", value=", ".join(wrong))
    if options.account_column not in {"user", "vc"}:
        said = message(
            gettext_noop("“{value}” is no account column of a trace. Say “user” or “vc”."), value=options.account_column
        )
        raise invalid_file("account_column", said, file=file, field="account_column", value=options.account_column)
    return tuple(name for name in DEMANDS if name in options.items)
