"""`tieout vouchers`: the expected vouchers of the published periods in the format of a ledger system.

What should be posted is decided in `dbt_project/models/postings`, how a format looks in `pipelines/vouchers`.
"""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.commands import _common as common


@click.command("vouchers", help="Write the expected vouchers for import · 导出应有凭证")
@common.books_option
@common.period_option
@click.option(
    "--format",
    "names",
    multiple=True,
    metavar="FORMAT",
    default=("canonical",),
    show_default=True,
    help="canonical, kingdee, u8 · 格式, may be given more than once",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="DIR",
    default=Path("vouchers"),
    show_default=True,
    help="Folder to write to · 输出文件夹",
)
@click.option("--merge", is_flag=True, help="Add up equal lines of a voucher · 合并同类分录")
def command(
    folder: Path | None,
    period: str | None,
    names: tuple[str, ...],
    output: Path,
    merge: bool,  # noqa: FBT001 - click's way
) -> int:
    """Writes `<output>/<period>/` for each published period; returns 0."""
    from pipelines.messages import UsageError, render
    from pipelines.publication import current, run_path
    from pipelines.vouchers import VoucherOptions, write_vouchers

    books = common.open_books(folder)
    runs = current(books.root)
    chosen = common.period_code(period)
    if not runs or (chosen and chosen not in runs):
        raise UsageError("nothing_published", folder=str(books.root))
    for code in [chosen] if chosen else sorted(runs):
        options = VoucherOptions(currency=books.currency, merge=merge)
        for path in write_vouchers(run_path(books.root, code, runs[code]), output / code, names, options):
            click.echo(render("vouchers_written", books.language, path=path))
    return 0
