"""Integer columns as an extract shows them: decimals, dates, texts, document numbers, as Arrow arrays.

Only the conversion lives here; which columns an extract has is in `extracts.py` and `ledger_extracts.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.demo import currency, documents

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.demo.frame import Flags, Ints
    from pipelines.demo.masters import Masters

Array = Any
"""A pyarrow array; the library ships no types."""


def decimal(values: Ints, scale: int) -> Array:
    """DECIMAL(18, scale) out of scaled integers, without a detour through floats."""
    wide = np.empty((len(values), 2), dtype=np.int64)
    wide[:, 0], wide[:, 1] = values, values >> 63
    return pa.Decimal128Array.from_buffers(pa.decimal128(18, scale), len(values), [None, pa.py_buffer(wide)])


def money(cents: Ints) -> Array:
    """Amounts."""
    return decimal(cents, 2)


def quantity(units: Ints) -> Array:
    """Quantities."""
    return decimal(units, 4)


def optional(values: Array, given: Flags) -> Array:
    """The values where they are given, else nothing."""
    return pc.if_else(pa.array(given), values, pa.scalar(None, values.type))


def day(days: Ints) -> Array:
    """Dates."""
    return pa.array(days.astype(np.int32), type=pa.date32())


def day_text(days: Ints, pattern: str = "%Y-%m-%d") -> Array:
    """Dates as a system writes them into text."""
    return pc.strftime(day(days), format=pattern)


def picked(texts: Sequence[str], rows: Ints) -> Array:
    """The text each row number stands for; nothing for −1."""
    return pa.array(texts, type=pa.string()).take(pa.array(rows, mask=rows < 0))


def constant(text: str, count: int) -> Array:
    """The same text in every row."""
    return pa.repeat(pa.scalar(text), count)


def flag(values: Flags) -> Array:
    """是 or 否."""
    return picked(("否", "是"), values.astype(np.int64))


def currency_and_rate(masters: Masters, party: Ints, rate: Ints) -> dict[str, Array]:
    """币种 and 汇率 of documents."""
    return {
        "币种": picked(currency.CODES, currency.is_foreign(masters, party)),
        "汇率": decimal(rate, 4),
    }


def document_no(kind: Ints, no: Ints) -> Array:
    """Numbers as printed: prefix and running number, invoices with twenty digits; nothing for no document."""
    digits = pc.cast(pa.array(no), pa.string())
    is_invoice = pa.array(kind == documents.D_INVOICE)
    digits = pc.if_else(is_invoice, pc.utf8_lpad(digits, 13, "0"), digits)
    text = pc.binary_join_element_wise(picked(documents.PREFIXES, kind), digits, "")
    return optional(text, (kind != documents.D_NONE) & (no >= 0))


def document_type(kind: Ints) -> Array:
    """采购入库单 …; nothing for no document."""
    return optional(picked(documents.TYPE_NAMES, kind), kind != documents.D_NONE)
