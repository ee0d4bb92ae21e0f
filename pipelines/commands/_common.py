"""What all subcommands share: the books option, the output format, tables on the terminal, as JSON or CSV.

What is shown is decided in the subcommands.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from pipelines.books import Books
    from pipelines.messages import Language
    from pipelines.session import Session

Command = TypeVar("Command", bound=Callable[..., Any])
NEVER_WRAPPED = ("source", "period", "voucher_date", "item_code", "account_code", "rule")
_IN_USE: list[Language] = []


def books_option(command: Command) -> Command:
    """`--books DIR`: default is here, if `books.yml` is here, else the example."""
    return click.option(
        "--books",
        "folder",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="Books folder · 账套文件夹 [default: here, else data/demo]",
    )(command)


def format_option(command: Command) -> Command:
    """`--format table|json|csv`: figures are exact text in the last two."""
    return click.option(
        "--format",
        "style",
        type=click.Choice(["table", "json", "csv"]),
        default="table",
        show_default=True,
        help="Output · 输出格式",
    )(command)


def period_option(command: Command) -> Command:
    """`--period P`, as people type it."""
    return click.option("--period", metavar="PERIOD", help="Period · 期间, 2026-01")(command)


def open_books(folder: Path | None) -> Books:
    """The validated books; from now on errors are told in their language."""
    from pipelines.books import load_books

    books = load_books(default_folder() if folder is None else folder)
    _IN_USE[:] = [books.language]
    return books


def default_folder() -> Path:
    """Here, if books.yml is here, else the example books."""
    return Path() if Path("books.yml").is_file() else Path("data/demo")


def language_in_use() -> Language | None:
    """Language of the books that this command line opened; None before."""
    return _IN_USE[0] if _IN_USE else None


def forget_language() -> None:
    """Before another command line in the same process."""
    _IN_USE.clear()


def tell_unopened(session: Session) -> None:
    """Say on standard error which periods have data but are not run, and where a person has to look."""
    from pipelines.batch import unopened
    from pipelines.extracts.elsewhere import rows_dated
    from pipelines.messages import render
    from pipelines.period import Period

    behind = unopened(session)
    if not behind:
        return
    places = [f"{file}:{row} ({code})" for file, row, code in rows_dated(session.landing, behind)]
    before = Period(behind[0]).previous
    language = session.books.language
    told = render(
        "periods_unopened", language, periods=", ".join(behind), missing=before, places="; ".join(places)
    )
    click.echo(told, err=True)


def codes(option: str, domain: str, texts: Sequence[str], known: Sequence[str] = ()) -> list[str]:
    """Codes of the catalogue's domain from codes or names in either language; UsageError lists what there
    is.
    """
    from pipelines.messages import CATALOGUE, UsageError

    listed = {key.split(".", 1)[1]: said for key, said in CATALOGUE.items() if key.startswith(f"{domain}.")}
    listed = {code: said for code, said in listed.items() if not known or code in known}
    spelled = {
        word.casefold(): code for code, said in listed.items() for word in (said["en"], said["zh"], code)
    }
    found = []
    for text in texts:
        if text.strip().casefold() not in spelled:
            names = ", ".join(f"{code} {said['zh']}" for code, said in listed.items())
            raise UsageError("code_unknown", option=option, value=text, listed=names)
        found.append(spelled[text.strip().casefold()])
    return found


def period_code(text: str | None) -> str | None:
    """The period's code from how a person typed it."""
    from pipelines.period import parse_period

    return None if text is None else parse_period(text).code


def show(style: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], language: Language) -> None:
    """Print rows as a table for people (headings and coded values in words), as JSON objects or as CSV."""
    if style == "json":
        click.echo(
            json.dumps(
                [dict(zip(columns, map(_plain, row), strict=True)) for row in rows],
                ensure_ascii=False,
                indent=2,
            )
        )
    elif style == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_text(value) for value in row] for row in rows)
    else:
        _print_table(columns, rows, language)


def _print_table(columns: Sequence[str], rows: Sequence[Sequence[Any]], language: Language) -> None:
    from rich.console import Console

    console = Console(highlight=False, markup=False)
    if not console.is_terminal:
        console = Console(highlight=False, markup=False, width=200)
    console.print(table(columns, rows, language))


def table(columns: Sequence[str], rows: Sequence[Sequence[Any]], language: Language) -> Any:
    """A table for people: headings and coded values in words, figures to the right."""
    from rich.table import Table

    from pipelines.evidence.labels import Labels

    labels = Labels(language)
    made = Table(box=None, header_style="bold", pad_edge=False)
    for index, column in enumerate(columns):
        is_figure = any(isinstance(row[index], (int, Decimal)) for row in rows)
        made.add_column(
            labels.column(column),
            justify="right" if is_figure else "left",
            overflow="fold",
            no_wrap=is_figure or column in NEVER_WRAPPED,
        )
    for row in rows:
        made.add_row(*(_cell(labels, column, value) for column, value in zip(columns, row, strict=True)))
    return made


def console() -> Any:
    """Where running text and blocks go: as wide as the terminal, at most 100 columns."""
    from rich.console import Console

    found = Console(highlight=False, markup=False)
    return Console(highlight=False, markup=False, width=min(found.width, 100) if found.is_terminal else 100)


def _cell(labels: Any, column: str, value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:,f}"
    if isinstance(value, str):
        return str(labels.code(column, value))
    return _text(value)


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (bool, int)) else _text(value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
