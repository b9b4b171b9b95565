"""Rating a part of a month by the columnar path: out of the books as a stream, into a file, and added up there."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

import duckdb

from lionrock.charging.basis import Basis
from lionrock.charging.columnar.axis import RateCard
from lionrock.charging.columnar.rating import rate_part
from lionrock.charging.domain.tariff import Gathered, LineKey
from lionrock.charging.frozen import COLUMNS, Part, copy_part
from lionrock.charging.rated import NAMED, Lacking, RatedMonth
from lionrock.kernel.periods import Month


def rate_in_bulk(programme: str, month: Month, basis: Basis, bound: int, part: Part) -> RatedMonth:
    """Return what a part of a month's runs comes to, as they stood at a bound; nothing is written to the books."""
    card = RateCard(basis.zone, basis.prices, basis.awards, basis.programme.at(month.first_day).proration())
    with tempfile.TemporaryDirectory(prefix="lionrock-rating-") as folder:
        rows, file = Path(folder) / "runs.csv", Path(folder) / "runs.parquet"
        with rows.open("wb") as to:
            copy_part(programme, month.interval(basis.zone), bound, part, to)
        _to_parquet(rows, file)
        rows.unlink()
        found = rate_part(file, card, month, named=NAMED)
    gathered = {(key := LineKey(*line)): Gathered(key, one.seconds, one.first_use) for line, one in found.lines.items()}
    names = tuple(found.unpriced_names)
    return RatedMonth(gathered, Lacking(found.unpriced_seconds, found.unpriced_runs, names))


def _to_parquet(rows: Path, file: Path) -> None:
    """Turn the CSV into a file of usage records. One thread reads it: a name may run over several lines."""
    with duckdb.connect(":memory:", config={"threads": 1, "preserve_insertion_order": False}) as database:
        database.execute(_TO_PARQUET, {"rows": str(rows), "columns": COLUMNS, "file": str(file)})


_TO_PARQUET: Final = """
COPY (
    SELECT *, 1 AS revision, false AS interim
    FROM read_csv($rows, columns = $columns, header = false, auto_detect = false, parallel = false,
        new_line = '\\n', delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false)
) TO $file (FORMAT parquet)
"""
