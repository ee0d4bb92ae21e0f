"""The one job: every step of one period, in one process; the period is its partition.

The steps are in the other modules of this package.
"""

import dagster

from pipelines.batch import known_periods
from pipelines.books import Books
from pipelines.session import Session

NAME = "period"


def partitions(books: Books) -> dagster.StaticPartitionsDefinition:
    """The periods of the books that can be run."""
    return dagster.StaticPartitionsDefinition([period.code for period in known_periods(books)])


def build(books: Books) -> dagster.Definitions:
    """The job, its executor and the session that all steps of a run share."""
    job = dagster.define_asset_job(
        NAME,
        selection=dagster.AssetSelection.all(),
        description="One period, from extracts to a published run; in process, since DuckDB has one writer.",
    )
    return dagster.Definitions(
        jobs=[job], executor=dagster.in_process_executor, resources={"session": Session(books)}
    )
