"""What one would use instead to value the same movements: a plain pandas groupby-apply, beancount booking
first in, first out, and hledger adding up costs that it is told (it books none itself).

beancount has no average booking. A peer that is not installed is reported as absent.
"""

from __future__ import annotations

import importlib
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import duckdb

from benchmarks.costing_models import STEP, Models, profile
from benchmarks.movements import Company, take_month, write_movements

if TYPE_CHECKING:
    import pandas as pd


class Movement(NamedTuple):
    """One valued movement: units are whole, amounts are cents, red when they leave."""

    item: str
    warehouse: str
    day: str
    document: str
    units: int
    cents: int


def compare(made: Mapping[str, Any], company: Mapping[str, Any]) -> dict[str, Any]:
    """Seconds, rows and closing cents of each peer beside ours by the same method; None when it is absent."""
    peers: dict[str, Any] = {}
    with duckdb.connect(made["database"], config=profile()) as connection:
        average, seconds = _ours(connection, made, company, "moving_average")
        closing = sum(row.cents for row in average)
        peers["ours, moving average"] = _row(seconds, average, closing, closing)
        peers["pandas groupby-apply, moving average"] = _row(*_pandas(connection), closing)
        folder = Path(made["database"]).parent
        peers["hledger, costs given"] = _row(*_hledger(average, folder), closing)
        first_in, seconds = _ours(connection, made, company, "fifo")
        closing = sum(row.cents for row in first_in)
        peers["ours, FIFO"] = _row(seconds, first_in, closing, closing)
        peers["beancount, FIFO"] = _row(*_beancount(first_in), closing)
    return {"peers": peers}


def _row(seconds: float | None, rows: Sequence[Any] | int, closing: int | None, ours: int) -> dict[str, Any]:
    count = rows if isinstance(rows, int) else len(rows)
    if seconds is None:
        return {"rows": count, "seconds": None, "rows_per_second": None, "closing": None, "ours": ours}
    return {
        "rows": count,
        "seconds": seconds,
        "rows_per_second": count / seconds,
        "closing": closing,
        "ours": ours,
    }


def _ours(
    connection: duckdb.DuckDBPyConnection, made: Mapping[str, Any], company: Mapping[str, Any], method: str
) -> tuple[list[Movement], float]:
    """The movements in their order with what they are worth, and the seconds of sorting and valuing them."""
    write_movements(connection, Company(**company), method)
    take_month(connection, None)
    models = Models(made, connection)
    models.make(*made["before"])
    seconds = models.make(*STEP)
    found = connection.execute(
        "select item_code, warehouse_code, effective_date::varchar, document_no, quantity // 10000, "
        "out_amount from costing.costed where record_kind = 'movement' order by effective_date, sequence_no"
    ).fetchall()
    return [Movement(*row) for row in found], seconds


def _pandas(connection: duckdb.DuckDBPyConnection) -> tuple[float, int, int]:
    """Sort, group by pool, walk each group in integers with the same rounding."""
    frame = connection.execute(
        "select item_code, pool_code, order_at, day_class, document_no, line_no, "
        "cast(quantity as bigint) as units, cast(given_amount * 100 as bigint) as cents "
        "from costing.costing_movement"
    ).df()
    began = time.perf_counter()
    ordered = frame.sort_values(["order_at", "day_class", "document_no", "line_no"])
    closing = ordered.groupby(["item_code", "pool_code"])[["units", "cents"]].apply(_walk)
    return time.perf_counter() - began, len(frame), int(closing.sum())


def _walk(pool: pd.DataFrame) -> int:
    units = cents = 0
    for moved, given in zip(pool["units"].tolist(), pool["cents"].tolist(), strict=True):
        if moved > 0:
            cents += int(given)
        else:
            cents = (2 * cents * (units + moved) + units) // (2 * units)
        units += moved
    return cents


def _beancount(movements: Sequence[Movement]) -> tuple[float | None, int, int | None]:
    """A ledger whose issues name no lot: parsing and booking, as loading a file does."""
    try:
        loader, data, inventory = map(
            importlib.import_module, ("beancount.loader", "beancount.core.data", "beancount.core.inventory")
        )
    except ImportError:
        return None, len(movements), None
    pools = sorted({(row.item, row.warehouse) for row in movements})
    lines = ["2026-01-01 open Equity:Other", "2026-01-01 open Expenses:Cost"]
    lines += [f'2026-01-01 open Assets:{item}:{warehouse} {item} "FIFO"' for item, warehouse in pools]
    for row in movements:
        cost = f"{Decimal(row.cents) / 100 / row.units} CNY" if row.units > 0 else ""
        other = "Equity:Other" if row.units > 0 else "Expenses:Cost"
        lines.append(
            f'{row.day} * "{row.document}"\n'
            f"  Assets:{row.item}:{row.warehouse}  {row.units} {row.item} {{{cost}}}\n  {other}"
        )
    text = "\n".join(lines)
    began = time.perf_counter()
    entries, errors, _ = loader.load_string(text)
    seconds = time.perf_counter() - began
    assert not errors, errors[:3]
    held: dict[str, Any] = {}
    for entry in entries:
        if isinstance(entry, data.Transaction):
            for posting in entry.postings:
                if posting.account.startswith("Assets"):
                    held.setdefault(posting.account, inventory.Inventory()).add_position(posting)
    worth = sum(lot.units.number * lot.cost.number for stock in held.values() for lot in stock)
    return seconds, len(movements), int(worth * 100)


def _hledger(movements: Sequence[Movement], folder: Path) -> tuple[float | None, int, int | None]:
    """A journal that states what each movement is worth: reading it and adding up."""
    command = shutil.which("hledger")
    if command is None:
        return None, len(movements), None
    journal = folder / "stock.journal"
    with journal.open("w", encoding="utf-8") as file:
        for row in movements:
            worth = f"{Decimal(abs(row.cents)) / 100:.2f}"
            file.write(
                f"{row.day} {row.document}\n"
                f'    assets:{row.item}:{row.warehouse}  {row.units} "{row.item}" @@ CNY {worth}\n'
                "    other\n\n"
            )
    began = time.perf_counter()
    done = subprocess.run(
        [command, "-f", str(journal), "balance", "assets", "-B", "--depth", "1", "-O", "csv", "--no-total"],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env={"LC_ALL": "C.UTF-8"},
    )
    seconds = time.perf_counter() - began
    number = done.stdout.splitlines()[-1].split(",", 1)[1].strip('"').removeprefix("CNY ").replace(",", "")
    return seconds, len(movements), int(Decimal(number) * 100)
