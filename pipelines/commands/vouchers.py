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
    help="ads, beancount, canonical, erpnext, fec, gbt24589, hledger, kingdee, odoo, u8 · 格式, "
    "may be given more than once",
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
@click.option(
    "--missing", is_flag=True, help="Only documents that the ledger has no line of · 只导出总账中没有的凭证"
)
@click.option("--word", default="记", show_default=True, help="Voucher word · 凭证字")
@click.option(
    "--first-no",
    type=click.IntRange(min=1),
    help="First number; else 1, and with --missing the one after the ledger's last · 起始凭证号",
)
@click.option("--prepared-by", default="", metavar="NAME", help="Who prepares them · 制单人")
@click.option(
    "--abbreviation", default="", metavar="TEXT", help="The company's, in ERPNext's account names · 公司简称"
)
def command(  # noqa: PLR0913, PLR0917 - one argument per option
    folder: Path | None,
    period: str | None,
    names: tuple[str, ...],
    output: Path,
    merge: bool,  # noqa: FBT001 - click's way
    missing: bool,  # noqa: FBT001
    word: str,
    first_no: int | None,
    prepared_by: str,
    abbreviation: str,
) -> int:
    """Writes `<output>/<period>/` for each published period; returns 0."""
    from pipelines.messages import UsageError, render
    from pipelines.publication import current, run_path
    from pipelines.vouchers import VoucherOptions, next_number, write_vouchers

    books = common.open_books(folder)
    runs = current(books.root)
    chosen = common.period_code(period)
    if not runs or (chosen and chosen not in runs):
        raise UsageError("nothing_published", folder=str(books.root))
    for code in [chosen] if chosen else sorted(runs):
        run = run_path(books.root, code, runs[code])
        options = VoucherOptions(
            word=word,
            first_no=first_no or (next_number(run, word) if missing else 1),
            prepared_by=prepared_by,
            currency=books.currency,
            merge=merge,
            company=books.name,
            abbreviation=abbreviation,
            missing=missing,
        )
        for path in write_vouchers(run, output / code, names, options):
            click.echo(render("vouchers_written", books.language, path=path))
    return 0
