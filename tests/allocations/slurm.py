"""A Slurm that remembers: enough of `sacctmgr` and `scontrol` to be pushed to, without daemons."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from lionrock.kernel.errors import Refused, Unavailable
from lionrock.kernel.messages import message


@dataclass
class FakeSlurm:
    """Accounts, associations, QOS and reservations in memory, printed as Slurm prints them.

    `away` makes everything fail as a daemon that is away; `refuses` is a word that makes a command fail.
    """

    cluster: str = "test"
    accounts: dict[str, dict[str, str]] = field(default_factory=lambda: {"root": {"ParentName": "", "QOS": "normal"}})
    users: dict[tuple[str, str, str], dict[str, str]] = field(default_factory=dict)
    qos: dict[str, dict[str, str]] = field(default_factory=lambda: {"normal": {"UsageFactor": "1.000000"}})
    reservations: dict[str, dict[str, str]] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)
    away: bool = False
    scheduler_away: bool = False
    refuses: str = ""

    def run(
        self, program: str, *arguments: str, user: str | None = None, text: str | None = None, seconds: int = 60
    ) -> str:
        """Do or print it, as the programs of 22.05 do."""
        words = list(arguments)
        if self.away or (self.scheduler_away and program == "scontrol"):
            raise Unavailable("sites.slurm.away", message("The cluster does not answer."))
        if "show" in words:
            return self._show(program, words)
        self.commands.append(" ".join([program, *words]))
        if self.refuses and self.refuses in self.commands[-1]:
            raise Refused("sites.slurm.refused", message("It says no."))
        given = dict(_setting(word) for word in words if "=" in word)
        {"sacctmgr": self._manage, "scontrol": self._control}[program](words, given)
        return ""

    def _manage(self, words: list[str], given: dict[str, str]) -> None:
        verb, thing = words[1], words[2]
        if thing == "qos":
            values = self.qos.setdefault(given["name"], {"UsageFactor": "1.000000"})
        elif thing == "account":
            values = self.accounts.setdefault(
                given["name"], {"ParentName": given.get("parent", "root"), "QOS": "normal"}
            )
        else:
            key = (given["account"], given["name"], given["partition"])
            account = self.accounts[given["account"]]
            values = self.users.setdefault(
                key, {name: account[name] for name in ("QOS", "DefaultQOS") if name in account}
            )
        start = words.index("set") + 1 if "set" in words else (3 if verb == "add" else len(words))
        for word in words[start:]:
            _set(values, *_setting(word))

    def _control(self, words: list[str], given: dict[str, str]) -> None:
        name = given["reservationname"]
        if words[0] == "delete":
            del self.reservations[name]
        else:
            self.reservations.setdefault(name, {}).update(given)

    def _show(self, program: str, words: list[str]) -> str:
        if program == "scontrol":
            return "".join(map(_reservation, self.reservations.values())) if "reservation" in words else ""
        columns = next(word for word in words if word.startswith("format=")).removeprefix("format=").split(",")
        if "qos" in words:
            return _lines(columns, [{"Name": name} | values for name, values in self.qos.items()])
        rows = [{"Account": name} | values for name, values in self.accounts.items()]
        rows += [{"Account": a, "User": u, "Partition": p} | values for (a, u, p), values in self.users.items()]
        return _lines(columns, rows)


_NAMES = {
    "grpsubmitjobs": "GrpSubmit", "grpjobs": "GrpJobs", "maxsubmitjobs": "MaxSubmit", "maxjobs": "MaxJobs",
    "qos": "QOS", "defaultqos": "DefaultQOS", "parent": "ParentName",
}  # fmt: skip


def _reservation(given: dict[str, str]) -> str:
    return (
        f"ReservationName={given['reservationname']} StartTime={_seconds(given['starttime'])} "
        f"EndTime={_seconds(given['endtime'])} Nodes=(null) NodeCnt={given['nodecnt']} Features=(null) "
        f"PartitionName={given['partitionname']} Users=(null) Accounts={given['accounts']} State=ACTIVE\n"
    )


def _seconds(instant: str) -> int:
    return 0 if instant == "now" else int(datetime.fromisoformat(f"{instant}+00:00").timestamp())


def _setting(word: str) -> tuple[str, str]:
    name, _, value = word.partition("=")
    return name, value


def _set(values: dict[str, str], name: str, value: str) -> None:
    adds, takes, name = name.endswith("+"), name.endswith("-"), name.rstrip("+-")
    name = _NAMES.get(name.lower(), name)
    if name in ("GrpTRES", "GrpTRESMins"):
        limits = dict(part.rpartition("=")[::2] for part in values.get(name, "").split(",") if part)
        limits |= dict(part.rpartition("=")[::2] for part in value.split(","))
        value = ",".join(f"{tres}={number}" for tres, number in limits.items() if number != "-1")
    elif adds or takes:
        present, named = set(filter(None, values.get(name, "").split(","))), set(value.split(","))
        value = ",".join(sorted(present | named if adds else present - named))
    values[name] = "" if re.fullmatch("-1", value) else value


def _lines(columns: list[str], rows: list[dict[str, str]]) -> str:
    return "".join("|".join(row.get(column, "") for column in columns) + "\n" for row in rows)
