"""What a delivery of voucher lines is expected to be beyond the contract: balanced, numbered, one-sided.

Rules for the chart they post to go to `account.py`; what vouchers should have been posted is reconciliation.
"""

from collections.abc import Iterator

from expectations.checks import BLOCK, ROWS, WARN, Check, Delivery, present, typed
from expectations.sequences import gaps
from pipelines.contract import Table

VOUCHER = "concat(voucher_word__typed || '-', voucher_no__typed)"
ELSEWHERE = "raw.voucher_elsewhere"
# The same number next month is another voucher, unless only both together balance or its lines run on.
SPLIT = (
    "voucher.no = other.voucher_no and voucher.word is not distinct from other.voucher_word and ("
    "(voucher.debit <> voucher.credit and voucher.debit - voucher.credit = -other.balance) "
    "or other.first_line = voucher.last_line + 1 or voucher.first_line = other.last_line + 1)"
)


def checks(_table: Table, delivery: Delivery) -> Iterator[Check]:
    """The checks of this table alone."""
    if ELSEWHERE in delivery.relations:
        yield Check(name="voucher_is_in_one_period", severity=BLOCK, text="voucher_split", rows=_split())
    yield Check(
        name="vouchers_balance",
        severity=BLOCK,
        text="vouchers_balance",
        rows=_unbalanced(apart=ELSEWHERE in delivery.relations),
    )
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


def _vouchers() -> str:
    """SQL of one row per voucher: its name, both sides exact, first and last line, the first delivered."""
    sides = ", ".join(
        f"coalesce(sum({typed(f'{side}_amount')}), 0) as {side}" for side in ("debit", "credit")
    )
    return (
        f"select {VOUCHER} as voucher, any_value(voucher_word__typed) as word, "
        f"any_value(voucher_no__typed) as no, {sides}, min(line_no__typed) as first_line, "
        f"max(line_no__typed) as last_line, min(_row_id) as first_id from {ROWS} group by 1"
    )


def _unbalanced(*, apart: bool) -> str:
    """One row per voucher that does not balance; one whose rest is in another period is told as such."""
    split = f"anti join {ELSEWHERE} as other on {SPLIT}" if apart else ""
    return (
        f"with voucher as ({_vouchers()}), "
        f"unbalanced as (select * from voucher {split} where debit <> credit) "
        "select line._file, line._row, voucher || ': ' || debit::decimal(38, 2) "
        "|| ' - ' || credit::decimal(38, 2) || ' = ' || (debit - credit)::decimal(38, 2) as value "
        f"from unbalanced join {ROWS} as line on line._row_id = first_id"
    )


def _split() -> str:
    """One row per voucher that has lines in the month before or after."""
    return (
        f"with voucher as ({_vouchers()}) "
        "select line._file, line._row, voucher || ' = ' || other.file || ':' || other.first_row "
        "|| ' (' || other.period || ')' as value "
        f"from voucher join {ELSEWHERE} as other on {SPLIT} "
        f"join {ROWS} as line on line._row_id = voucher.first_id"
    )
