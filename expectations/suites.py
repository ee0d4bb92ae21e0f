"""Puts the checks of one contract table together: of the contract, then of the table's own module.

A new table-specific check goes to the module of the table's name, which is found by that name.
"""

from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec

from expectations.checks import Check, Delivery
from expectations.columns import column_checks
from expectations.delivery import delivery_checks, needed_checks, rejected_check
from expectations.keys import key_checks
from expectations.units import unit_checks
from pipelines.contract import Table, load_contract

# A row of the ledger that staging would set aside makes every total wrong: nothing of it may be rejected.
NOTHING_REJECTED = frozenset({"gl_entry_line"})

Suites = dict[str, list[Check]]


def suites_of(delivery: Delivery) -> Suites:
    """The checks to run on this delivery, by table; optional tables without a delivery have none."""
    suites: Suites = {}
    for name, check in needed_checks(delivery):
        suites.setdefault(name, []).append(check)
    for name, table in load_contract().tables.items():
        if name in delivery.given:
            suites[name] = [*suites.get(name, []), *suite(table, delivery)]
        elif table.processed and name in delivery.landed:
            suites[name] = [*suites.get(name, []), *delivery_checks(table, delivery)]
    return dict(sorted(suites.items()))


def suite(table: Table, delivery: Delivery) -> list[Check]:
    """All checks of one table, in a fixed order; raises ValueError when two have the same name."""
    checks = [
        *column_checks(table, delivery),
        *unit_checks(table, delivery),
        *key_checks(table, delivery),
        *_own(table)(table, delivery),
    ]
    if table.name in NOTHING_REJECTED:
        checks = [check.blocking() if check.rejects else check for check in checks]
    checks += [*rejected_check(table, checks, delivery), *delivery_checks(table, delivery)]
    names = [check.name for check in checks]
    if len(set(names)) < len(names):
        raise ValueError(f"{table.name}: two checks have the same name")
    return checks


def _own(table: Table) -> Callable[[Table, Delivery], Iterator[Check]]:
    name = f"expectations.{table.name}"
    if find_spec(name) is None:
        return lambda _table, _delivery: iter(())
    own: Callable[[Table, Delivery], Iterator[Check]] = import_module(name).checks
    return own
