"""What Dagster keeps of failures and checks: its log outlives the run, so no delivered text enters it.

Names, tax numbers and amounts stay in what the command prints and in the run's folder.
"""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import dagster

from pipelines.books import Books
from pipelines.gate_result import ExpectationResult
from pipelines.messages import TieoutError
from pipelines.session import Session


def build(_books: Books) -> dagster.Definitions:
    """Nothing of its own on the screen."""
    return dagster.Definitions()


@contextmanager
def discreetly(session: Session) -> Iterator[None]:
    """Turn what stops a step into a failure without delivered text; the session keeps the error itself."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - raised again by whoever holds the session
        session.stop(error)
        told = error.discreet() if isinstance(error, TieoutError) else _frames(error)
        raise dagster.Failure(description=told, allow_retries=False) from None


def places(found: ExpectationResult) -> str:
    """How many rows are not as agreed, and the file and row of the first of them."""
    return "; ".join([str(found.unexpected_count), *found.places()])


def _frames(error: Exception) -> str:
    """Where in the code, and what kind: the text of an error may quote a row."""
    return "".join([*traceback.format_tb(error.__traceback__), type(error).__name__])
