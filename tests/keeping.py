"""A scene that is put on file once for all tests of a module, instead of once for each.

The module's tests happen within one transaction: each leaves nothing of its own behind, as ever, and the
scene goes with the last of them. For tests that try, not for those that commit.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pytest_django.plugin import DjangoDbBlocker


@contextmanager
def kept(blocker: DjangoDbBlocker, **said: object) -> Iterator[None]:
    """Keep what is put on file inside until the block ends; `said` are settings for as long.

    Django's models and settings are imported late: a conftest is read before it is set up.
    """
    from django.db import transaction  # noqa: PLC0415
    from django.test import override_settings  # noqa: PLC0415

    with blocker.unblock():
        around = transaction.atomic()
        # What insists on being the outermost block is content with one that a test has around it.
        around._from_testcase = True
        around.__enter__()
    try:
        with override_settings(**said):
            yield
    finally:
        with blocker.unblock():
            transaction.set_rollback(True)
            around.__exit__(None, None, None)
