"""What a delivery of voucher lines is expected to be beyond the contract: balanced, numbered, one-sided.

Rules for the chart they post to go to `account.py`; what vouchers should have been posted is reconciliation.
"""

from collections.abc import Iterator

from expectations.checks import (
    BLOCK,
    ROWS,
    WARN,
    Check,
    Delivery,
    absent,
    is_placeholder,
    literal,
    present,
    typed,
)
from expectations.sequences import gaps
from pipelines.contract import Column, Table, normalise_header

DIMENSIONS = (
    "party_code", "employee_code", "item_code", "warehouse_code", "department_code", "project_code",
)  # fmt: skip
VOUCHER = "concat(voucher_word__typed || '-', voucher_no__typed)"
ELSEWHERE = "raw.voucher_elsewhere"
# The same number next month is another voucher, unless only both together balance or its lines run on.
SPLIT = (
    "voucher.no = other.voucher_no and voucher.word is not distinct from other.voucher_word and ("
    "(voucher.debit <> voucher.credit and voucher.debit - voucher.credit = -other.balance) "
    "or other.first_line = voucher.last_line + 1 or voucher.first_line = other.last_line + 1)"
)


def checks(table: Table, delivery: Delivery) -> Iterator[Check]:
    """The checks of this table alone."""
    if ELSEWHERE in delivery.relations:
        yield Check(name="voucher_is_in_one_period", severity=BLOCK, text="voucher_split", rows=_split())
    # Where nothing is compared, a voucher that does not balance is what the ledger is; else it spoils totals.
    yield Check(
        name="vouchers_balance",
        severity=WARN if delivery.sides == "ledger" else BLOCK,
        text="vouchers_balance",
        rows=_unbalanced(apart=ELSEWHERE in delivery.relations),
    )
    yield Check(
        name="voucher_numbers_are_continuous",
        severity=WARN,
        text="voucher_gaps",
        rows=gaps("voucher_word__typed || '-'", "voucher_no__typed", from_one=True),
    )
    if "dimensions" in delivery.given.get("account", ()):
        yield Check(
            name="line_names_the_dimensions_of_its_account",
            severity=WARN,
            text="dimension_missing",
            rows=_undimensioned(table),
        )
    yield from _line_checks()


def _line_checks() -> Iterator[Check]:
    """Checks that look at one line alone."""
    yield Check(
        name="line_has_one_side",
        severity=WARN,
        text="one_side",
        predicate=f"{typed('debit_amount')} <> 0 and {typed('credit_amount')} <> 0",
        value=f"{VOUCHER} || ' ' || debit_amount || ' / ' || credit_amount",
    )
    yield Check(
        name="period_agrees_with_date",
        severity=WARN,
        text="period_agrees",
        predicate="period__typed <> strftime(voucher_date__typed, '%Y-%m') "
        f"and not {is_placeholder('voucher_date')}",
        value=f"{VOUCHER} || ' ' || period || ' / ' || voucher_date",
    )
    yield Check(
        name="voucher_is_audited_by_another",
        severity=WARN,
        text="audited_by_another",
        predicate=f"{present('prepared_by')} and prepared_by = audited_by",
        value=f"{VOUCHER} || ' ' || prepared_by",
    )


def _undimensioned(table: Table) -> str:
    """Lines that leave empty what their account asks for, in the words of a chart (部门核算, 客户往来)."""
    plain = r"regexp_replace(word, '[\s_.:*#-]|(往来)?核算$|往来$', '', 'g')"
    words = "string_split_regex(lower(normalise_code(dimensions)), '[,，、;；/|]')"
    asked = (
        f"select normalise_code(account_code) as account_code, "
        f"unnest(list_transform({words}, lambda word: {plain})) as word from raw.account"
    )
    lacking = " union all ".join(_without(table.columns[name]) for name in DIMENSIONS)
    return f"with asked as ({asked}) {lacking}"


def _without(dimension: Column) -> str:
    spelled = ", ".join(sorted({literal(normalise_header(header)) for header in dimension.headers}))
    named = literal(f"{dimension.label_zh} {dimension.label_en}")
    return (
        f"select _file, _row, concat_ws(' ', {VOUCHER}, account_code, {named}) as value from {ROWS} "
        f"where {absent(dimension.name)} "
        f"and account_code__typed in (select account_code from asked where word in ({spelled}))"
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
