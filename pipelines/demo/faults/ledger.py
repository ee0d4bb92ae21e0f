"""The vouchers of the inbox, open to change: found by query, replaced, added, and numbered anew at the end.

Which voucher is changed, and how, is decided in the modules of the faults; what must follow is in
`following`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    import datetime as dt

    from pipelines.demo.calendar import Calendar
    from pipelines.demo.columns import Array
    from pipelines.demo.frame import Ints
    from pipelines.demo.inbox import Sheet

Line = dict[str, Any]
"""A voucher line by the headers of the extract."""
ZERO = Decimal("0.00")
DEBIT, CREDIT, ACCOUNT, PARTY, STATUS = "借方金额", "贷方金额", "科目编码", "往来单位编码", "凭证状态"
_SHIFT = 2**32
_VOUCHERS = """
    create table voucher as
    select id, any_value(period) as period, any_value(来源单据类型) as type, any_value(来源单据编号) as no,
        any_value(split_part(摘要, ' ', 1)) as purpose, count(*) as lines, sum(借方金额) as total,
        list(distinct 科目编码 order by 科目编码) as accounts, any_value(凭证性质) = '损益结转' as is_closing
    from line group by id
"""


def signed(line: Line) -> Decimal:
    """Debit less credit; nothing when the voucher is not posted."""
    if line[STATUS] != "已记账":
        return ZERO
    return (line[DEBIT] or ZERO) - (line[CREDIT] or ZERO)


@dataclass(eq=False)
class Voucher:
    """One voucher: `id` is unique in the ledger, original ones carry period and number in it."""

    id: int
    period: int
    lines: list[Line]

    @property
    def document(self) -> tuple[str, str]:
        """Type and number of the business document, empty without one."""
        return self.lines[0]["来源单据类型"] or "", self.lines[0]["来源单据编号"] or ""

    @property
    def amounts(self) -> dict[str, Decimal]:
        """What it moves on each account."""
        found: dict[str, Decimal] = defaultdict(lambda: ZERO)
        for line in self.lines:
            found[line[ACCOUNT]] += signed(line)
        return dict(found)

    def copied(self, **values: object) -> Voucher:
        """The same lines under a new id, with these values in every line."""
        return Voucher(0, self.period, [{**line, **values} for line in self.lines])


@dataclass
class Change:
    """What stands in place of an original voucher (none: a new one)."""

    before: Voucher | None
    after: list[Voucher]


@dataclass
class Ledger:
    """All vouchers of a sheet; changes are kept beside it until `finish`."""

    sheet: Sheet
    calendar: Calendar
    changes: dict[int, Change] = field(default_factory=dict)
    numbers: dict[int, str] = field(default_factory=dict)
    _made: int = 0

    def __post_init__(self) -> None:
        """Index the vouchers."""
        self.ids: Ints = self._period * _SHIFT + self.sheet.rows["凭证号"].to_numpy()
        self.connection = duckdb.connect()
        table = self.sheet.rows.append_column("id", pa.array(self.ids))
        self.connection.register("line", table.append_column("period", pa.array(self._period)))
        self.connection.execute(_VOUCHERS)

    @property
    def _period(self) -> Ints:
        assert self.sheet.period is not None
        return self.sheet.period

    def find(self, where: str, salt: str, limit: int) -> list[int]:
        """Ids of vouchers of which `where` holds, in an order that only the salt decides."""
        found = self.connection.execute(
            f"select id from voucher where {where} order by md5(concat('{salt}', no, id)), id limit {limit}"
        )
        return [int(row[0]) for row in found.fetchall()]

    def voucher(self, identity: int) -> Voucher:
        """An original voucher with its lines."""
        rows = np.flatnonzero(self.ids == identity)
        return Voucher(identity, identity // _SHIFT, self.sheet.rows.take(pa.array(rows)).to_pylist())

    def replace(self, before: Voucher | None, after: list[Voucher]) -> list[Voucher]:
        """Put vouchers in the place of one (none: beside all others); new ones get their id and period's
        name.
        """
        for voucher in after:
            if voucher.id == 0:
                self._made += 1
                voucher.id = -self._made
            for line in voucher.lines:
                line["会计期间"] = self.calendar.labels[voucher.period]
        self.changes[before.id if before else after[0].id] = Change(before, after)
        return after

    def finish(self) -> None:
        """Write the changes into the sheet: vouchers by day, the closing ones last, numbered anew."""
        kept = np.flatnonzero(~np.isin(self.ids, list(self.changes))).astype(np.int64)
        new = [voucher for change in self.changes.values() for voucher in change.after]
        lines = [line for voucher in new for line in voucher.lines]
        rows = self.sheet.rows.take(pa.array(kept))
        rows = pa.concat_tables([rows, pa.Table.from_pylist(lines, schema=rows.schema)])
        ids = np.concatenate([self.ids[kept], _repeated(new, [voucher.id for voucher in new])])
        period = np.concatenate([self._period[kept], _repeated(new, [voucher.period for voucher in new])])
        order = _in_order(rows, ids, period)
        rows, ids, period = rows.take(pa.array(order)), ids[order], period[order]
        number, line = _numbered(ids, period)
        for name, values in (("凭证号", number), ("分录号", line)):
            place = rows.column_names.index(name)
            rows = rows.set_column(place, rows.schema.field(name), pa.array(values))
        first = np.flatnonzero(line == 1)
        self.numbers = {int(i): f"记-{int(n)}" for i, n in zip(ids[first], number[first], strict=True)}
        self.sheet.rows, self.sheet.period = rows, period

    def day(self, period: int, offset: int) -> dt.date:
        """A day of a period, counted from its first; negative from its end."""
        start = self.calendar.starts[period + (offset < 0)]
        return (start + offset).astype("datetime64[D]").item()  # type: ignore[no-any-return]


def _repeated(vouchers: list[Voucher], values: list[int]) -> Ints:
    return np.repeat(np.array(values, dtype=np.int64), [len(voucher.lines) for voucher in vouchers])


def _in_order(rows: Array, ids: Ints, period: Ints) -> Ints:
    day = rows["凭证日期"].to_numpy().astype("datetime64[D]").astype(np.int64)
    closing = (rows["凭证性质"].to_numpy() == "损益结转").astype(np.int64)
    running = np.where(ids < 0, _SHIFT - ids, ids % _SHIFT)
    keys = [np.arange(len(ids)), ids, running, day, closing, period]
    return np.lexsort(keys).astype(np.int64)


def _numbered(ids: Ints, period: Ints) -> tuple[Ints, Ints]:
    """Number of each row's voucher inside its period, and of each row inside its voucher."""
    new_voucher = np.append(True, ids[1:] != ids[:-1])
    new_period = np.append(True, period[1:] != period[:-1])
    voucher = np.cumsum(new_voucher)
    before = voucher[new_period] - 1
    number = voucher - np.repeat(before, np.diff(np.append(np.flatnonzero(new_period), len(ids))))
    starts = np.flatnonzero(new_voucher)
    line = np.arange(len(ids)) - np.repeat(starts, np.diff(np.append(starts, len(ids)))) + 1
    return number.astype(np.int64), line.astype(np.int64)
