"""The one way to run Slurm's programs: a clean environment, UTC, and its refusals as our errors."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import IO, Final

from lionrock.kernel.errors import LionrockError, Refused, Unavailable
from lionrock.kernel.messages import gettext_noop, message
from lionrock.sites.models import Site

PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""Where the programs are looked for; a connection with an `environment` of its own can name another."""
_READ_AT_ONCE: Final = 1 << 20
_SUCCESS_THAT_FAILS = re.compile(r"^\s*Nothing (modified|deleted|new added|added)", re.MULTILINE)
_AWAY = re.compile(
    r"unable to contact slurm|connection (refused|timed out|reset|failure)|socket timed out|timed out on send/recv"
    r"|talking to the database|problem contacting|unable to (connect|establish)|persist(ent)?[ _]conn"
    r"|zero bytes|munge|no route to host|network is unreachable|resource temporarily unavailable"
    r"|controller (in standby|is not responding)|could not (load|establish|resolve)|slurm backup controller"
    r"|unable to register with slurm|protocol (version|authentication) error|configuration source"
    r"|s_p_parse_file|unable to process configuration|slurmdbd (is )?(down|not)",
    re.IGNORECASE,
)
_PREFIX = re.compile(r"^\w+: (error: |fatal: )?")


class Slurm:
    """Slurm's programs, for one cluster.

    They run with an environment made from nothing, in UTC and English; times are printed as seconds
    since 1970. Nothing goes through a shell.
    """

    def __init__(self, connection: Mapping[str, object]) -> None:
        self.connection = connection

    @property
    def cluster(self) -> str:
        """The cluster's name in its own accounting; name it in every command that can take it."""
        return str(self.connection.get("cluster", ""))

    @property
    def service_user(self) -> str:
        """The Unix user whose jobs are those of persons without an account there; empty for our own."""
        return str(self.connection.get("service_user", ""))

    def run(
        self, program: str, *arguments: str, user: str | None = None, text: str | None = None, seconds: int = 60
    ) -> str:
        """Return what a program printed; `text` is what it reads, `user` whom it runs as on this machine.

        Raises `Unavailable` when Slurm is away, slow or not installed, `Refused` with its own word
        when it says no. That nothing was to be changed is no failure.
        """
        given = (text or "").encode("utf-8", "surrogateescape")
        printed, _ = self.answer(program, *arguments, user=user, given=given, seconds=seconds)
        return printed.decode("utf-8", "backslashreplace")

    def answer(
        self, program: str, *arguments: str, user: str | None = None, given: bytes = b"", seconds: int = 60
    ) -> tuple[bytes, bytes]:
        """Return the very bytes that a program printed as its answer and beside it; as `run`."""
        self._check_configuration()
        try:
            done = subprocess.run(
                self._words(program, arguments, user),
                input=given,
                env={"PATH": PATH},
                cwd="/",
                capture_output=True,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as slow:
            raise _slow(self.cluster, program, seconds) from slow
        except OSError as missing:
            raise _missing(program, missing) from missing
        _check(self.cluster, program, done.returncode, done.stdout, done.stderr)
        return done.stdout, done.stderr

    def lines(self, program: str, *arguments: str, seconds: int = 600) -> Iterator[str]:
        """Yield what a program prints line by line, while it prints; a line ends with a newline and nothing else.

        Raises as `run`, in the end also when lines came before: whoever reads keeps none of them
        for whole until the last one was there.
        """
        with tempfile.TemporaryFile() as said, self._started(program, arguments, said) as process:
            overdue = threading.Event()
            timer = threading.Timer(seconds, _end, (process, overdue))
            timer.start()
            try:
                for line in process.stdout or ():
                    yield line.decode("utf-8", "backslashreplace").removesuffix("\n")
                process.wait()
            finally:
                timer.cancel()
            if overdue.is_set():
                raise _slow(self.cluster, program, seconds)
            said.seek(0)
            _check(self.cluster, program, process.returncode, b"", said.read(1 << 16))

    @cached_property
    def version(self) -> str:
        """The version of the programs: “22.05.8”."""
        said = self.run("sinfo", "--version")
        found = re.search(r"\d+\.\d+(\.\d+)?", said)
        if found is None:
            raise _away(self.cluster, "sinfo", said.strip())
        return found[0]

    @contextmanager
    def _started(self, program: str, arguments: Sequence[str], said: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
        self._check_configuration()
        try:
            process = subprocess.Popen(
                self._words(program, arguments, None),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=said,
                env={"PATH": PATH},
                cwd="/",
                # Each look into the pipe gives way to whoever works meanwhile: few of them, and long ones.
                bufsize=_READ_AT_ONCE,
                # A group of its own: what the program starts holds the pipe open, and must end with it.
                start_new_session=True,
            )
        except OSError as missing:
            raise _missing(program, missing) from missing
        try:
            yield process
        finally:
            # Whoever stops reading half-way leaves a program that still writes.
            _kill(process)
            process.wait()
            if process.stdout:
                process.stdout.close()

    def _check_configuration(self) -> None:
        """Say at once that the configuration is not there: Slurm's programs would look for another for a minute."""
        conf = self.connection.get("conf")
        if conf and not os.access(str(conf), os.R_OK):
            raise Unavailable(
                "sites.slurm.no_configuration",
                message(
                    gettext_noop(
                        "The cluster {cluster} cannot be reached: {conf} cannot be read on this machine. "
                        "Correct it with `lionrock site connect`."
                    ),
                    cluster=self.cluster or "–",
                    conf=conf,
                ),
            )

    def _words(self, program: str, arguments: Sequence[str], user: str | None) -> list[str]:
        """Return the whole command. `env` comes after whatever changes the user, as that may clean the environment."""
        return [*self._as(user), "env", *self._environment(program), program, *arguments]

    def _as(self, user: str | None) -> list[str]:
        prefix = self.connection.get("as_user")
        if not user or not isinstance(prefix, list | tuple):
            return []
        return [str(word).replace("{user}", user) for word in prefix]

    def _environment(self, program: str) -> list[str]:
        given = {"PATH": PATH, "LANG": "C.UTF-8", "TZ": "UTC"}
        if conf := self.connection.get("conf"):
            given["SLURM_CONF"] = str(conf)
        if program != "sbatch":
            # sbatch hands its environment on to the job, whose own commands print times as always.
            given["SLURM_TIME_FORMAT"] = "%s"
        extra = self.connection.get("environment")
        if isinstance(extra, Mapping):
            given |= {str(name): str(value) for name, value in extra.items()}
        return [f"{name}={value}" for name, value in given.items()]


def slurm_of(site: Site) -> Slurm:
    """Return the programs of a site's cluster; raises `Unavailable` when nobody has said how it is reached."""
    if not site.connection.get("cluster"):
        raise not_connected(site.code)
    return Slurm(site.connection)


def not_connected(site: str) -> Unavailable:
    """Return the error for a cluster of which nobody has said how it is reached."""
    return Unavailable(
        "sites.slurm.not_connected",
        message(
            gettext_noop("Nobody has said how the cluster {site} is reached. See `lionrock site connect --help`."),
            site=site or "–",
        ),
    )


def _end(process: subprocess.Popen[bytes], overdue: threading.Event) -> None:
    overdue.set()
    _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a program with all that it started, unless it was waited for: its number may be another's by then."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _check(cluster: str, program: str, code: int, printed: bytes, said: bytes) -> None:
    if code == 0:
        return
    word = said.decode("utf-8", "backslashreplace") or printed.decode("utf-8", "backslashreplace")
    if program == "sacctmgr" and _SUCCESS_THAT_FAILS.search(printed.decode("utf-8", "replace") + word):
        return
    raise refusal(cluster, program, code, word)


def refusal(cluster: str, program: str, code: int, word: str) -> LionrockError:
    """Return the error that a program's last words mean: away for now, or a no that stays."""
    lines = [_PREFIX.sub("", line).strip() for line in word.splitlines()]
    said = " ".join(dict.fromkeys(line for line in lines if line))[:500] or f"exit status {code}"
    if code == 127 or re.search(r"^env: .*No such file", word, re.MULTILINE):
        return _missing(program, said)
    if _AWAY.search(said):
        return _away(cluster, program, said)
    return Refused(
        "sites.slurm.refused",
        message(
            gettext_noop("The cluster {cluster} says no to {program}: {said}."),
            cluster=cluster or "–",
            program=program,
            said=said.rstrip("."),
        ),
    )


def _away(cluster: str, program: str, said: str) -> Unavailable:
    return Unavailable(
        "sites.slurm.away",
        message(
            gettext_noop("The cluster {cluster} does not answer now ({program}: {said}). Try again later."),
            cluster=cluster or "–",
            program=program,
            said=said.rstrip("."),
        ),
    )


def _slow(cluster: str, program: str, seconds: int) -> Unavailable:
    return Unavailable(
        "sites.slurm.slow",
        message(
            gettext_noop("The cluster {cluster} did not answer {program} within {seconds} s. Try again later."),
            cluster=cluster or "–",
            program=program,
            seconds=seconds,
        ),
    )


def _missing(program: str, why: object) -> Unavailable:
    return Unavailable(
        "sites.slurm.not_installed",
        message(
            gettext_noop(
                "The program {program} could not be started on this machine ({why}). "
                "Install Slurm's client programs here, of the cluster's version."
            ),
            program=program,
            why=why,
        ),
    )
