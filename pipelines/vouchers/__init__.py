"""Vouchers for ledger systems: one module per system, found by its name; lines.py and query.py are shared.

A new format is one new module here with `write` and `read` (see `Writer` in lines.py); nothing else changes.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import TYPE_CHECKING, cast

from pyarrow.parquet import read_metadata

from pipelines.messages import LANGUAGES, UsageError, render
from pipelines.vouchers.lines import (
    LineRefusedError,
    PostedLine,
    VoucherLine,
    VoucherOptions,
    Writer,
    next_number,
    voucher_lines,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


__all__ = [
    "LineRefusedError",
    "PostedLine",
    "VoucherLine",
    "VoucherOptions",
    "Writer",
    "formats",
    "next_number",
    "voucher_lines",
    "write_run_vouchers",
    "write_vouchers",
    "writer",
]

RUN_FORMATS = ("canonical", "kingdee")
RUN_LINES = 100_000
"""Lines up to which a run writes voucher files by itself; the workbook takes 0.1 ms a line."""
NOTE = "not-written.txt"

_SHARED = {"delimited", "journal", "lines", "query"}


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
    formats: Sequence[str] = RUN_FORMATS,
    options: VoucherOptions | None = None,
) -> list[Path]:
    """Write the expected vouchers of a run in each format to the folder `out`; returns the files.

    `run_folder` holds voucher_line.parquet (a sealed run, or an export before it is sealed), and may hold
    party, item and department names in state/. The same run and options give the same bytes. TieoutError,
    before anything is written, for a line that the ledger system of one of the formats would refuse.
    """
    chosen = options or VoucherOptions()
    writers = {name: writer(name) for name in formats}
    lines = voucher_lines(run_folder, chosen)
    for name, module in writers.items():
        lines.refuse(name, module.REFUSES)
    out.mkdir(parents=True, exist_ok=True)
    return [path for module in writers.values() for path in module.write(lines, out, chosen)]


def write_run_vouchers(run_folder: Path, out: Path, options: VoucherOptions) -> list[Path]:
    """What a run writes by itself: the default formats for a period of up to `RUN_LINES` lines.

    Above that, and where a ledger system would refuse a line, a note stands in their place that says what to
    do; voucher_line.parquet holds every line in any case.
    """
    out.mkdir(parents=True, exist_ok=True)
    lines = read_metadata(run_folder / "voucher_line.parquet").num_rows
    if lines > RUN_LINES:
        facts = {"lines": lines, "limit": RUN_LINES}
        return [_note(out, [render("vouchers_left_out", language, **facts) for language in LANGUAGES])]
    written = []
    for name in RUN_FORMATS:
        try:
            written += write_vouchers(run_folder, out, [name], options)
        except LineRefusedError as error:
            written.append(_note(out, [error.text(language) for language in LANGUAGES]))
    return written


def _note(out: Path, texts: Sequence[str]) -> Path:
    (out / NOTE).write_text("\n".join([*texts, ""]), encoding="utf-8", newline="\n")
    return out / NOTE
