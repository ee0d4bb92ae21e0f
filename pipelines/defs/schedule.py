"""The daily run: at six in the morning the first period that is due, if one is.

Which period is due is decided in `pipelines/batch.py`.
"""

from collections.abc import Iterator

import dagster

from pipelines.batch import next_due
from pipelines.books import Books
from pipelines.defs.job import NAME


def build(books: Books) -> dagster.Definitions:
    """The schedule; it is off until someone switches it on."""

    @dagster.schedule(
        name="daily", job_name=NAME, cron_schedule="0 6 * * *", execution_timezone="Asia/Shanghai"
    )
    def daily() -> Iterator[dagster.RunRequest | dagster.SkipReason]:
        due = next_due(books)
        yield (
            dagster.SkipReason("every period is as delivered")
            if due is None
            else dagster.RunRequest(partition_key=due[0])
        )

    return dagster.Definitions(schedules=[daily])
