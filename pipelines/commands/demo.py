"""`tieout demo`: writes the example company's books.

What the company does, and its own accounting, are in `pipelines/demo`.
"""

from __future__ import annotations

from pathlib import Path

import click


@click.command("demo", help="Write example books · 生成示例账套")
@click.argument("folder", type=click.Path(path_type=Path), metavar="[DIR]", default=Path("data/demo"))
@click.option("--periods", default=3, show_default=True, metavar="N", help="Months · 期间数")
@click.option(
    "--documents", default=400, show_default=True, metavar="N", help="Documents a month · 每月单据数"
)
@click.option("--seed", default=1, show_default=True, metavar="S", help="Another company · 另一家公司")
@click.option(
    "--first-period", default="2026-01", show_default=True, metavar="PERIOD", help="First month · 首个期间"
)
@click.option(
    "--faults", default=None, metavar="SET", help="Seed faults: standard · 植入带答案的差错：standard"
)
def command(
    folder: Path, periods: int, documents: int, seed: int, first_period: str, faults: str | None
) -> int:
    """Returns 0; the same arguments give the same bytes."""
    from pipelines.commands._common import period_code
    from pipelines.demo import generate
    from pipelines.messages import LANGUAGES, render

    written = generate(folder, periods, documents, seed, period_code(first_period) or first_period, faults)
    for language in LANGUAGES:
        click.echo(
            render(
                "demo_written",
                language,
                folder=folder,
                periods=", ".join(written.periods),
                documents=written.documents,
                lines=written.document_lines,
                vouchers=written.vouchers,
            )
        )
    return 0
