"""The inbox sensor: when files have arrived, the first period that they change is run, and then the next.

Which period is due is decided in `pipelines/batch.py`; the same inputs are asked for once only.
"""

from collections.abc import Iterator

import dagster

from pipelines.batch import next_due
from pipelines.books import Books
from pipelines.defs.job import NAME
from pipelines.extracts.discovery import inbox_state


def build(books: Books) -> dagster.Definitions:
    """The sensor; it is off until someone switches it on. Files still being copied wait for the next look."""

    @dagster.sensor(name="inbox", job_name=NAME, minimum_interval_seconds=60)
    def inbox(context: dagster.SensorEvaluationContext) -> Iterator[dagster.RunRequest | dagster.SkipReason]:
        state = inbox_state(books)
        is_settled = state == context.cursor
        context.update_cursor(state)
        due = next_due(books) if is_settled else None
        if due is None:
            yield dagster.SkipReason("nothing new" if is_settled else "files are arriving")
        else:
            yield dagster.RunRequest(run_key=":".join(due), partition_key=due[0])

    return dagster.Definitions(sensors=[inbox])
