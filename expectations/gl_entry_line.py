"""What a delivery of voucher lines is expected to be beyond the contract: balanced, numbered, one-sided.

Rules for the chart they post to go to `account.py`; what vouchers should have been posted is reconciliation.
"""

from collections.abc import Iterator

from expectations.checks import BLOCK, ROWS, WARN, Check, Delivery, present, typed
from expectations.sequences import gaps
from pipelines.contract import Table

VOUCHER = "concat(voucher_word__typed || '-', voucher_no__typed)"


def checks(_table: Table, _delivery: Delivery) -> Iterator[Check]:
    """The checks of this table alone."""
    yield Check(name="vouchers_balance", severity=BLOCK, text="vouchers_balance", rows=_unbalanced())
    yield Check(
        name="line_has_one_side",
        severity=WARN,
        text="one_side",
        predicate=f"{typed('debit_amount')} <> 0 and {typed('credit_amount')} <> 0",
        value=f"{VOUCHER} || ' ' || debit_amount || ' / ' || credit_amount",
    )
    yield Check(
        name="voucher_numbers_are_continuous",
        severity=WARN,
        text="voucher_gaps",
        rows=gaps("voucher_word__typed || '-'", "voucher_no__typed", from_one=True),
    )
    yield Check(
        name="period_agrees_with_date",
        severity=WARN,
        text="period_agrees",
        predicate="period__typed <> strftime(voucher_date__typed, '%Y-%m')",
        value=f"{VOUCHER} || ' ' || period || ' / ' || voucher_date",
    )
    yield Check(
        name="voucher_is_audited_by_another",
        severity=WARN,
        text="audited_by_another",
        predicate=f"{present('prepared_by')} and prepared_by = audited_by",
        value=f"{VOUCHER} || ' ' || prepared_by",
    )


def _unbalanced() -> str:
    """One row per voucher whose debits are not its credits, placed at its first line; amounts are exact."""
    sides = ", ".join(
        f"coalesce(sum({typed(f'{side}_amount')}), 0) as {side}" for side in ("debit", "credit")
    )
    vouchers = f"select {VOUCHER} as voucher, {sides}, min(_row_id) as first_id from {ROWS} group by 1"
    return (
        f"with voucher as ({vouchers}) "
        "select line._file, line._row, voucher || ': ' || debit::decimal(38, 2) "
        "|| ' - ' || credit::decimal(38, 2) || ' = ' || (debit - credit)::decimal(38, 2) as value "
        f"from voucher join {ROWS} as line on line._row_id = voucher.first_id where debit <> credit"
    )
