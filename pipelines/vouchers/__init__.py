"""Vouchers for ledger systems: one module per system, found by its name; lines.py and query.py are shared.

A new format is one new module here with `write` and `read` (see `Writer` in lines.py); nothing else changes.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import TYPE_CHECKING, cast

from pyarrow.parquet import read_metadata

from pipelines.messages import LANGUAGES, UsageError, render
from pipelines.vouchers.lines import PostedLine, VoucherLine, VoucherOptions, Writer, voucher_lines

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


__all__ = [
    "PostedLine",
    "VoucherLine",
    "VoucherOptions",
    "Writer",
    "formats",
    "voucher_lines",
    "write_run_vouchers",
    "write_vouchers",
    "writer",
]

RUN_LINES = 100_000
"""Lines up to which a run writes voucher files by itself; the workbook takes 0.1 ms a line."""
NOTE = "not-written.txt"

_SHARED = {"lines", "query"}


def formats() -> list[str]:
    """Names of the formats that can be written, sorted."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__) if module.name not in _SHARED)


def writer(name: str) -> Writer:
    """The module that writes and reads a format; UsageError when there is none of that name."""
    if name not in formats():
        raise UsageError("voucher_format_unknown", format=name, known=", ".join(formats()))
    return cast("Writer", import_module(f"{__name__}.{name}"))


def write_vouchers(
    run_folder: Path,
    out: Path,
    formats: Sequence[str] = ("canonical", "kingdee"),
    options: VoucherOptions | None = None,
) -> list[Path]:
    """Write the expected vouchers of a run in each format to the folder `out`; returns the files.

    `run_folder` holds voucher_line.parquet (a sealed run, or an export before it is sealed), and may hold
    party, item and department names in state/. The same run and options give the same bytes.
    """
    chosen = options or VoucherOptions()
    writers = [writer(name) for name in formats]
    out.mkdir(parents=True, exist_ok=True)
    return [
        path for module in writers for path in module.write(voucher_lines(run_folder, chosen), out, chosen)
    ]


def write_run_vouchers(run_folder: Path, out: Path, options: VoucherOptions) -> list[Path]:
    """What a run writes by itself: the default formats for a period of up to `RUN_LINES` lines.

    Above that a note stands in their place that says how to have them written; voucher_line.parquet holds
    every line in any case.
    """
    lines = read_metadata(run_folder / "voucher_line.parquet").num_rows
    if lines <= RUN_LINES:
        return write_vouchers(run_folder, out, options=options)
    out.mkdir(parents=True, exist_ok=True)
    facts = {"lines": lines, "limit": RUN_LINES}
    texts = [render("vouchers_left_out", language, **facts) for language in LANGUAGES]
    (out / NOTE).write_text("\n".join([*texts, ""]), encoding="utf-8", newline="\n")
    return [out / NOTE]
