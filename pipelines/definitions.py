"""What Dagster loads: every module of `defs/` builds its part for the books that TIEOUT_BOOKS names.

Nothing is registered by hand; a new step is a new file in `defs/` with a function `build`.
"""

import os
import pkgutil
from importlib import import_module
from pathlib import Path

import dagster

from pipelines import defs as parts
from pipelines.books import Books, load_books


def build(books: Books) -> dagster.Definitions:
    """All definitions for one set of books."""
    modules = (
        import_module(f"{parts.__name__}.{part.name}") for part in pkgutil.iter_modules(parts.__path__)
    )
    return dagster.Definitions.merge(*(module.build(books) for module in modules))


@dagster.definitions
def tieout() -> dagster.Definitions:
    """The definitions for the screen, the schedule and the sensor."""
    return build(load_books(Path(os.environ.get("TIEOUT_BOOKS", "data/demo"))))
