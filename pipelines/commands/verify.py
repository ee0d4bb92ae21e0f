"""`tieout verify`: is everything published still what was sealed?

What is compared is decided in `pipelines/publication/proof.py`.
"""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.commands import _common as common


@click.command("verify", help="Prove that nothing published was changed · 验证已公布的结果未被改动")
@common.books_option
@common.format_option
def command(folder: Path | None, style: str) -> int:
    """Returns 0 when nothing differs, else 1."""
    from pipelines.messages import render
    from pipelines.publication import current, verify

    books = common.open_books(folder)
    findings = verify(books.root)
    if style == "table" and not findings:
        click.echo(render("verify_intact", books.language, periods=len(current(books.root))))
    else:
        rows = [
            (
                found.period,
                found.run_id,
                found.kind,
                found.path,
                found.expected,
                found.actual,
                found.text(books.language),
            )
            for found in findings
        ]
        common.show(
            style,
            ["period", "run_id", "finding", "path", "expected", "actual", "message"],
            rows,
            books.language,
        )
    return 1 if findings else 0
