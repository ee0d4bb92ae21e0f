"""`tieout init`: writes a new books folder with settings, account map and Excel templates.

What the files hold is in `pipelines/starter`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pipelines.messages import Language


@click.command("init", help="Write a new books folder with templates · 新建账套与模板")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--name", default=None, metavar="TEXT", help="Company · 公司名称 [default: the folder's name]")
@click.option(
    "--standard", type=click.Choice(["cas", "small_business", "anglo_saxon"]), default="cas",
    show_default=True, help="Accounting standard · 会计准则",
)  # fmt: skip
@click.option(
    "--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Language · 语言"
)
@click.option(
    "--first-period", default=None, metavar="PERIOD", help="First month · 首个期间 [default: last month]"
)
def command(
    folder: Path, name: str | None, standard: str, language: Language, first_period: str | None
) -> int:
    """Returns 0; UsageError, and nothing written, when there is anything in the folder."""
    from pipelines.messages import render
    from pipelines.period import parse_period, period_of
    from pipelines.starter import Choice, write_books

    last_month = period_of(datetime.now(UTC).date()).previous
    choice = Choice(
        name or folder.resolve().name, standard, language, parse_period(first_period or last_month)
    )
    templates = write_books(folder, choice)
    click.echo(render("init_written", language, folder=folder, templates=len(templates)))
    return 0
