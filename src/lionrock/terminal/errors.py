"""How an error ends a command: its sentence, its faults, its exit code. A defect is called a defect."""

from __future__ import annotations

import errno
import os
import traceback
from pathlib import Path
from typing import Any, NoReturn

import click

from lionrock.kernel.errors import Broken, LionrockError, Unavailable
from lionrock.kernel.findings import Finding
from lionrock.kernel.messages import gettext_noop, message

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it: 128 and the number of SIGINT."""
DEBUG_VARIABLE = "LIONROCK_DEBUG"
_REFUSALS_OF_THE_SYSTEM = frozenset(
    {
        errno.EACCES,
        errno.EPERM,
        errno.EROFS,
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EIO,
        errno.EMFILE,
        errno.ENFILE,
        errno.ENOMEM,
        errno.ENAMETOOLONG,
        errno.ELOOP,
        errno.ENOTDIR,
        errno.EEXIST,
        errno.EADDRINUSE,
        errno.EADDRNOTAVAIL,
    }
)


class Group(click.Group):
    """A command group under which every error becomes a sentence and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; print the error and leave with its exit code when it raises one.

        An error that is not of the product goes up to the outermost group, which calls it by its name.
        """
        try:
            return super().invoke(ctx)
        except LionrockError as error:
            _end(ctx, error)
        except (KeyboardInterrupt, click.Abort):
            click.echo("\nInterrupted. What was finished is kept, and the command can be run again.", err=True)
            ctx.exit(INTERRUPTED)
        except (click.ClickException, click.exceptions.Exit, BrokenPipeError):
            raise
        except Exception as error:
            if ctx.parent is not None:
                raise
            if os.environ.get(DEBUG_VARIABLE, "").lower() in {"1", "true", "yes", "on"}:
                click.echo(traceback.format_exc(), err=True)
            _end(ctx, self.explain(error, ctx) or _refused_by_the_system(error) or defect(error))

    def explain(self, error: Exception, ctx: click.Context) -> LionrockError | None:  # noqa: ARG002 - to be overridden
        """Return what an error of another library means for people; None when nobody here knows it."""
        return None


def _end(ctx: click.Context, error: LionrockError) -> NoReturn:
    click.echo(describe(error), err=True)
    ctx.exit(error.exit_code)


def _refused_by_the_system(error: Exception) -> Unavailable | None:
    if not isinstance(error, OSError) or error.errno not in _REFUSALS_OF_THE_SYSTEM:
        return None
    return Unavailable(
        "terminal.system.refused",
        message(
            gettext_noop("The operating system refuses {what}: {reason}. See to that, and run the command again."),
            what=error.filename or "this",
            reason=error.strerror,
        ),
    )


def defect(error: Exception) -> Broken:
    """Return the sentence for an error that nobody foresaw: what it was, where, and how to report it."""
    return Broken(
        "terminal.defect",
        message(
            gettext_noop(
                "This is a defect in Lionrock, not in what you did: {kind} at {place}: {reason}. Please report it "
                "with the command and what {variable}=1 prints when you run it again."
            ),
            kind=type(error).__name__,
            place=_own_place(error),
            reason=" ".join(str(error).split()).rstrip(".") or "–",
            variable=DEBUG_VARIABLE,
        ),
    )


def _own_place(error: Exception) -> str:
    """Return the innermost line of ours on the way to the error, such as "lionrock/awards/actions.py:80"."""
    places = [(Path(frame.filename).as_posix(), frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    ours = [f"lionrock/{name.rpartition('/lionrock/')[2]}:{line}" for name, line in places if "/lionrock/" in name]
    return ours[-1] if ours else "–"


def describe(error: LionrockError) -> str:
    """Return the error for people: each fault on its line, then findings, then the code."""
    lines = [str(fault) for fault in error.faults]
    if str(error.message) not in {str(fault.message) for fault in error.faults}:
        lines.append(str(error.message))
    lines += [_finding(finding) for finding in error.findings]
    lines.append(f"({error.code})")
    return "\n".join(lines)


def _finding(finding: Finding) -> str:
    remedy = f" {finding.remedy}" if finding.remedy else ""
    return f"- [{finding.outcome}] {finding.message}{remedy}"
