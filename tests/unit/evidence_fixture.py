"""A small synthetic run folder with the public tables, for tests of the report and the workbook.

Its figures are made here by hand and hold together: ledger − sub-ledger of every account is the sum of its
break lines.
"""

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from pipelines.evidence.context import ReportContext
from pipelines.messages import Language
from tests.unit.evidence_rows import BREAKS, PLAIN_ROWS, TIES
from tests.unit.evidence_schemas import SCHEMAS

PERIOD = "2026-01"
DISPOSITIONS = ("timing", "correct_ledger", "correct_subledger", "accepted", "unidentified")
OPEN = ("correct_ledger", "correct_subledger", "unidentified")


def make_context(language: Language = "zh", **changes: Any) -> ReportContext:
    """Names with characters that HTML and Excel could take for their own."""
    values: dict[str, Any] = {
        "books": "demo",
        "company": "示例制造 <R&D> 有限公司",
        "period": PERIOD,
        "language": language,
        "run_id": "7f3c9a51e2b04d68",
        "currency": "CNY",
        "input_hashes": {"inbox/采购入库.xlsx": "a" * 64, "books.yml": "b" * 64},
        "code_hashes": {"pipelines": "c" * 64},
        "materiality": Decimal("0.00"),
    }
    return ReportContext(**(values | changes))


def make_run(folder: Path, *, extra_breaks: int = 0, period: str = PERIOD, scale: str = "1") -> Path:
    """Write the public tables into the folder; `extra_breaks` adds that many small timing breaks, `scale`
    multiplies differences."""
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(":memory:") as connection:
        for table, columns in SCHEMAS.items():
            connection.execute(f"create table {table} ({columns})")
        lines = _insert_breaks(connection, period, Decimal(scale))
        for table, rows in PLAIN_ROWS.items():
            _insert(connection, table, [(period, *row) for row in rows])
        if extra_breaks:
            _insert_many(connection, period, extra_breaks)
            lines.append(
                (
                    "x",
                    "estimated_receipts",
                    "2202.02",
                    Decimal("-0.01") * extra_breaks,
                    "timing",
                    "invoice_price_difference",
                )
            )
        _insert_ties(connection, period, lines)
        _insert_verdict(connection, period)
        for table in SCHEMAS:
            connection.execute(
                f"copy (from {table} order by all) to '{folder / table}.parquet' (format parquet)"
            )
    return folder


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: list[tuple[Any, ...]]) -> None:
    marks = f"({', '.join('?' * len(rows[0]))})"
    values = [value for row in rows for value in row]
    connection.execute(f"insert into {table} values {', '.join([marks] * len(rows))}", values)


def _insert_breaks(
    connection: duckdb.DuckDBPyConnection, period: str, scale: Decimal
) -> list[tuple[Any, ...]]:
    rows, lines, found = [], [], []
    for values in BREAKS:
        row, parts = values[:-1], values[-1]
        difference = sum((Decimal(amount) for _, amount in parts), Decimal(0)) * scale
        rows.append((period, *row[:14], difference, *row[14:]))
        for account, amount in parts:
            lines.append((period, row[0], row[1], account, Decimal(amount) * scale))
            found.append((row[0], row[1], account, Decimal(amount) * scale, row[4], row[3]))
    _insert(connection, "reconciliation_break", rows)
    _insert(connection, "break_line", lines)
    return found


def _insert_many(connection: duckdb.DuckDBPyConnection, period: str, count: int) -> None:
    connection.execute(
        f"""insert into reconciliation_break
            select '{period}', 'x' || lpad(i::varchar, 15, '0'), 'estimated_receipts', 'amount',
                'invoice_price_difference', 'timing', '',
                   'goods_receipt', 'PR-X' || i, 1, '记-' || i, 'RM' || (i % 500), 'S' || (i % 90), 10.00,
                       9.99, -0.01, 0, '{period}',
                   i % 120, 'open', 0.9900, '发票价差一分', 'one cent of price difference'
            from range({count}) as t(i)"""
    )
    connection.execute(
        f"""insert into break_line select '{period}', 'x' || lpad(i::varchar, 15, '0'),
            'estimated_receipts', '2202.02', -0.01
            from range({count}) as t(i)"""
    )


def _insert_ties(connection: duckdb.DuckDBPyConnection, period: str, lines: list[tuple[Any, ...]]) -> None:
    rows, bridge = [], []
    for tie, account, name, measure, opening, debit, credit in TIES:
        start, plus, minus = Decimal(opening), Decimal(debit), Decimal(credit)
        mine = [line for line in lines if line[1] == tie and line[2] == account]
        parts = [sum((line[3] for line in mine if line[4] == code), Decimal(0)) for code in DISPOSITIONS]
        difference, closing = sum(parts), start + plus - minus
        compared = closing if measure == "closing" else plus - minus
        gross = sum((abs(line[3]) for line in mine if line[4] in OPEN), Decimal(0))
        status = "unidentified" if parts[4] else "to_correct" if gross else "explained" if mine else "tied"
        sides = (start, start, plus, plus + difference, minus, minus, closing, closing + difference)
        # Stock: the inventory system reports 12.00 more than its documents are worth.
        legs = (compared + 12, difference - 12, Decimal(12)) if tie == "stock" else (None, None, None)
        rows.append(
            (
                period,
                tie,
                account,
                name,
                measure,
                *sides,
                compared,
                compared + difference,
                difference,
                *parts,
                gross,
                *legs,
                "balance",
                status,
            )
        )
        bridge += [
            (period, tie, account, "disposition", code, part, len([line for line in mine if line[4] == code]))
            for code, part in zip(DISPOSITIONS, parts, strict=True)
        ]
        causes = sorted({line[5] for line in mine})
        bridge += [
            (period, tie, account, "cause", cause, sum(line[3] for line in mine if line[5] == cause), 1)
            for cause in causes
        ]
        bridge.append((period, tie, account, "total", "total", difference, len(mine)))
    _insert(connection, "tie_out", rows)
    _insert(connection, "bridge", bridge)


def _insert_verdict(connection: duckdb.DuckDBPyConnection, period: str) -> None:
    parts = ", ".join(f"sum({code}_amount)" for code in DISPOSITIONS)
    connection.execute(
        f"""insert into verdict
            select '{period}', 'to_correct', sum(difference_amount), {parts}, sum(gross_open_amount), sum(posting_leg_amount),
                   sum(costing_leg_amount), (select count(*) from reconciliation_break),
                   '合计差异 ' || sum(difference_amount) || '：应改与待查绝对额 ' || sum(gross_open_amount)
                       || '，不可结账',
                   'Total difference ' || sum(difference_amount) || ': gross to correct or unidentified ' ||
                       sum(gross_open_amount)
                   || ', not ready to close'
            from tie_out"""
    )
