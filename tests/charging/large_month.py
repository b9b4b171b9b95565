"""A month that is taken for large: some runs in three parts."""

from __future__ import annotations

from tests.charging.books import Books, used

from lionrock.kernel.periods import Month

MARCH = Month(2026, 3)
RUNS, PART, MANY = 25, 9, 10


class Interrupted(BaseException):
    """Somebody pulled the plug."""


def take_use(books: Books, month: str = "2026-03", first: int = 0) -> None:
    """Take in a month of so much use."""
    books.take(
        *(
            used(
                str(first + number),
                f"{month}-{1 + number % 28:02d}T00:00:00",
                f"{month}-{1 + number % 28:02d}T{1 + number % 23:02d}:00:00",
                account=("u1", "u2")[number % 2],
                site=("north", "south")[number % 3 % 2],
                devices={"gpu": 1 + number % 3} | ({"fpga": 1} if number % 9 == 0 else {}),
            )
            for number in range(RUNS)
        )
    )
