"""What a delivery of ledger balances is expected to be beyond the contract: lines roll, the whole balances.

Whether balances agree with the vouchers is a reconciliation result, not a fact about the delivery.
"""

from collections.abc import Iterator

from expectations.checks import ROWS, WARN, Check, Delivery, typed
from pipelines.contract import Table

SIGNED = (
    "coalesce({0}_amount__typed "
    "* case when lower({0}_side__typed) in ('贷', '贷方', 'credit', 'c', 'cr') then -1 else 1 end, "
    "coalesce({0}_debit_amount__typed, 0) - coalesce({0}_credit_amount__typed, 0))"
)


def checks(_table: Table, _delivery: Delivery) -> Iterator[Check]:
    """The checks of this table alone."""
    opening, closing = SIGNED.format("opening"), SIGNED.format("closing")
    moved = f"coalesce({typed('debit_amount')}, 0) - coalesce({typed('credit_amount')}, 0)"
    yield Check(
        name="balance_rolls_forward",
        severity=WARN,
        text="balance_rolls",
        predicate=f"{opening} + {moved} <> {closing}",
        value=f"account_code || ': ' || ({opening})::decimal(38, 2) || ' + ' || ({moved})::decimal(38, 2) "
        f"|| ' <> ' || ({closing})::decimal(38, 2)",
    )
    for name, amount in (("opening", opening), ("closing", closing)):
        yield Check(
            name=f"{name}_balances_net_to_zero",
            severity=WARN,
            text=f"trial_{name}",
            rows=_trial_balance(amount),
        )


def _trial_balance(amount: str) -> str:
    """One row when the leaf accounts do not net to zero; one that is a parent is no leaf."""
    parents = (
        "select normalise_code(parent_code) from raw.account where coalesce(trim(parent_code), '') <> ''"
    )
    leaf = f"account_code__typed not in ({parents})"
    return (
        "select null as _file, null as _row, total::decimal(38, 2)::varchar as value "
        f"from (select sum({amount}) as total from {ROWS} where {leaf}) where total <> 0"
    )
