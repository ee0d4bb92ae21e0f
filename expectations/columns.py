"""Checks every contract table has, one column at a time: given, readable, in the listed set, known elsewhere.

They mirror the reasons for which staging sets a row aside; checks over a document's key go to `keys.py`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from expectations.checks import (
    BLOCK,
    WARN,
    Check,
    Delivery,
    absent,
    column,
    is_placeholder,
    literal,
    present,
    typed,
)
from expectations.typed import in_contract_type
from pipelines.contract import Column, Table, load_contract

if TYPE_CHECKING:
    from collections.abc import Iterator

MASTERS = {
    "item_code": ("item", "item_code"),
    "warehouse_code": ("warehouse", "warehouse_code"),
    "counterpart_warehouse_code": ("warehouse", "warehouse_code"),
    "party_code": ("party", "party_code"),
    "department_code": ("department", "department_code"),
    "account_code": ("account", "account_code"),
    "parent_code": ("account", "account_code"),
}
REJECTING_MASTERS = frozenset({"item"})
FREE_TYPES = frozenset({"text", "code"})


def column_checks(table: Table, delivery: Delivery) -> Iterator[Check]:
    """All checks that look at one column; of a column without any value only whether it is needed."""
    given = delivery.given.get(table.name, frozenset())
    for declared in table.columns.values():
        if declared.required:
            yield from _given(declared)
        if declared.name not in given:
            continue
        if declared.accepted:
            yield _listed(declared)
        elif declared.data_type not in FREE_TYPES:
            unreadable = f"{present(declared.name)} and {in_contract_type(declared)} is null"
            yield _check(declared, "is_readable", f"readable_{declared.data_type}", unreadable)
        if declared.data_type == "amount":
            finer = f"{typed(declared.name)} <> round({typed(declared.name)}, 2)"
            yield _check(declared, "has_two_decimals", "two_decimals", finer)
        if declared.data_type == "date":
            yield _dated(declared)
        yield from _referenced(table, declared, delivery)


def _check(declared: Column, name: str, text: str, predicate: str) -> Check:
    return Check(
        name=f"{declared.name}_{name}",
        severity=WARN,
        text=text,
        predicate=predicate,
        value=column(declared.name),
        rejects=True,
        fields={"column": declared.label},
    )


def _given(declared: Column) -> Iterator[Check]:
    delivered = f"{declared.name}_is_delivered"
    empty = _check(declared, "is_given", "value_given", absent(declared.name))
    yield replace(empty, told_by=delivered)
    nothing = f"count(*) > 0 and count({column(declared.name)}) = 0"
    yield Check(name=delivered, severity=BLOCK, text="column_delivered", fact=nothing, fields=empty.fields)


def _dated(declared: Column) -> Check:
    check = _check(declared, "is_no_placeholder", "placeholder_date", is_placeholder(declared.name))
    return replace(check, rejects=False)


def _listed(declared: Column) -> Check:
    spellings = [*declared.accepted, *declared.synonyms]
    listed = ", ".join(f"lower(normalise_code({literal(text)}))" for text in spellings)
    check = _check(declared, "is_in_list", "value_known", f"lower({typed(declared.name)}) not in ({listed})")
    accepted = ", ".join(declared.accepted)
    return replace(check, fields={**check.fields, "listed": accepted})


def _referenced(table: Table, declared: Column, delivery: Delivery) -> Iterator[Check]:
    master, code = MASTERS.get(declared.name, ("", ""))
    if master not in delivery.given or (table.name == master and declared.name == code):
        return
    known = f"normalise_code({column(code)})"
    codes = f"select {known} from raw.{master} where {known} is not null"
    check = _check(declared, "is_known", "code_known", f"{typed(declared.name)} not in ({codes})")
    # a ledger line is never set aside for its item: the ledger is what it is
    rejects = master in REJECTING_MASTERS and not table.name.startswith("gl_")
    fields = {**check.fields, "master": load_contract().tables[master].label}
    yield replace(check, rejects=rejects, fields=fields)
