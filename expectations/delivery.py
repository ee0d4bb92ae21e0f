"""Facts about the delivery as a whole: tables needed to run, files delivered twice, control totals, limits.

What a single table's rows must look like goes to `columns.py`, `keys.py` and the module of the table's name.
"""

from collections.abc import Iterator
from dataclasses import replace

from expectations.checks import BLOCK, WARN, Check, Delivery, literal, typed
from pipelines.contract import Table, load_contract
from pipelines.messages import Words

NEEDED = {"item": "inventory", "account": "ledger", "gl_entry_line": "ledger"}
STOCK_DOCUMENTS = ("goods_receipt_line", "delivery_line", "stock_movement_line")
TOTALLED_TYPES = frozenset({"amount", "quantity"})


def needed_checks(delivery: Delivery) -> Iterator[tuple[str, Check]]:
    """Checks that the tables needed to run have rows, each with the table it is about; a side that the books
    say is absent needs none."""
    for name, side in NEEDED.items():
        if delivery.sides in ("both", side):
            yield name, Check(name="table_has_rows", severity=BLOCK, text="table_given", fact="count(*) = 0")
    if delivery.sides == "ledger":
        return
    total = " + ".join(f"(select count(*) from raw.{name})" for name in STOCK_DOCUMENTS)
    labels = [load_contract().tables[name] for name in STOCK_DOCUMENTS]
    fields = {"listed": Words("、".join(t.label_zh for t in labels), ", ".join(t.label_en for t in labels))}
    check = Check(
        name="stock_documents_have_rows", severity=BLOCK, text="stock_documents_given", fact=f"{total} = 0"
    )
    yield STOCK_DOCUMENTS[0], replace(check, fields=fields)
    if "settings.period" in delivery.relations:
        yield "opening_item_line", _opening_given()


def _opening_given() -> Check:
    movement = load_contract().tables["stock_movement_line"].columns["movement_type"]
    spellings = ["opening", *(text for text, value in movement.synonyms.items() if value == "opening")]
    listed = ", ".join(literal(text) for text in spellings)
    movements = (
        f"select count(*) from raw.stock_movement_line where normalise_code(movement_type) in ({listed})"
    )
    return Check(
        name="opening_items_are_given",
        severity=WARN,
        text="opening_given",
        fact=f"count(*) = 0 and (select is_first_period from settings.period) and ({movements}) = 0",
    )


def delivery_checks(table: Table, delivery: Delivery) -> Iterator[Check]:
    """Checks of one table's delivery against what was read from its files."""
    if "raw.landed_file" in delivery.relations:
        yield _file_once(table)
        yield _extract_rows(table)
    if "raw.delivered_header" in delivery.relations:
        yield _headers_clean(table)
    if "raw.other_period" in delivery.relations and table.date_columns:
        yield from _other_periods(table)
    if "raw.correction" in delivery.relations:
        yield _corrections(table)
    if "raw.control_total" in delivery.relations:
        yield _row_count(table)
        for declared in table.columns.values():
            if declared.data_type in TOTALLED_TYPES:
                yield _control_total(table, declared.name, declared.label)


def _file_once(table: Table) -> Check:
    """Sheets of a workbook and members of an archive share one hash: containers are compared."""
    container = r"regexp_replace(regexp_replace(file, '\[[^\]]*\]$', ''), '(?i)^(.*\.(?:zip|gz))/.*$', '\1')"
    landed = (
        f"select distinct {container} as container, sha256 from raw.landed_file "
        f"where table_name = '{table.name}' and rows > 0"
    )
    return Check(
        name="file_is_delivered_once",
        severity=BLOCK,
        text="file_once",
        rows=f"with landed as ({landed}) select again.container as _file, null as _row, "
        "' = ' || min(earlier.container) as value from landed as again join landed as earlier "
        "on earlier.sha256 = again.sha256 and earlier.container < again.container group by again.container",
    )


def _headers_clean(table: Table) -> Check:
    return Check(
        name="headers_have_no_stray_blank",
        severity=WARN,
        text="header_blank",
        rows="select file as _file, header_row as _row, header as value from raw.delivered_header "
        "where regexp_matches(header, '_ | _') group by all "
        f"having min(table_name) = '{table.name}'",  # told once, though several extracts may read the file
    )


def _extract_rows(table: Table) -> Check:
    return Check(
        name="file_has_rows_of_the_period",
        severity=WARN,
        text="file_rows",
        rows="select file as _file, null as _row, null as value from raw.landed_file "
        f"where table_name = '{table.name}' and period_rows + undated_rows = 0 "
        # a file that holds many periods may have nothing of this one
        "and (rows = 0 or contains(extract, '{period}'))",
    )


def _other_periods(table: Table) -> Iterator[Check]:
    """Rows that no period will ever read: before the first, or in a file that is read for another month."""
    of_table = f"from raw.other_period where table_name = '{table.name}'"
    place = "select file as _file, first_row as _row, period || ' × ' || rows as value"
    yield Check(
        name="no_row_before_the_first_period",
        severity=WARN,
        text="before_first_period",
        rows=f"{place} {of_table} and period < (select period from settings.period where is_first_period)",
    )
    yield Check(
        name="file_holds_its_own_period",
        severity=WARN,
        text="file_other_period",
        rows=f"{place} {of_table} and contains(extract, '{{period}}')",
    )


def _corrections(table: Table) -> Check:
    return Check(
        name="corrections_find_their_rows",
        severity=WARN,
        text="correction_stale",
        rows="select file as _file, row as _row, '→ ' || of_file || ':' || of_row as value "
        f"from raw.correction where table_name = '{table.name}' and status = 'stale'",
    )


def _row_count(table: Table) -> Check:
    landed = (
        f"(select sum(period_rows + undated_rows) from raw.landed_file where table_name = '{table.name}')"
    )
    return Check(
        name="row_count_agrees",
        severity=BLOCK,
        text="row_count",
        fact=f"count(*) <> {landed}",
        value=f"{landed} || ' <> ' || count(*)",
    )


def _control_total(table: Table, name: str, label: Words) -> Check:
    of_column = f"table_name = '{table.name}' and column_name = '{name}'"
    landed = f"coalesce((select sum(total) from raw.control_total where {of_column}), 0)"
    held = f"coalesce(cast(sum({typed(name)}) as decimal(38, 6)), 0)"
    return Check(
        name=f"{name}_total_agrees",
        severity=BLOCK,
        text="control_total",
        fact=f"{held} <> {landed}",
        value=f"{landed} || ' <> ' || {held}",
        fields={"column": label},
    )


def rejected_check(table: Table, checks: list[Check], delivery: Delivery) -> Iterator[Check]:
    """Check that staging will not set aside more rows than the extract's `max_rejected` allows."""
    if table.name not in delivery.max_rejected:
        return
    predicates = [
        f"coalesce({check.predicate}, false)" for check in checks if check.rejects and check.predicate
    ]
    allowed = delivery.max_rejected[table.name]
    yield Check(
        name="rejected_rows_within_limit",
        severity=BLOCK,
        text="rejected_limit",
        predicate=" or ".join(predicates) or "false",
        allowed=allowed,
        fields={"allowed": str(allowed)},
    )
