"""Orders against what was received, delivered and billed on them: used by the modules named after the tables.

What earlier periods hold of both is noted at landing (`pipelines/extracts/orders.py`); what stock documents
and invoices have in common otherwise is in `documents.py`.
"""

from collections.abc import Iterator

from expectations.checks import ROWS, WARN, Check, Delivery, absent, document_line, literal
from pipelines.contract import Table, load_contract
from pipelines.extracts.orders import counts, fulfilment

EARLIER = "raw.earlier_fulfilment"
ORDER_OF = {
    "goods_receipt_line": "purchase_order_line",
    "purchase_invoice_line": "purchase_order_line",
    "delivery_line": "sales_order_line",
    "sales_invoice_line": "sales_order_line",
}
STOCK = {"goods_receipt_line": "order_not_received", "delivery_line": "order_not_delivered"}
"""Tables that fulfil an order, and the text for an order line on which nothing has moved."""


def fulfilling_checks(table: Table, delivery: Delivery) -> Iterator[Check]:
    """Checks of a receipt, delivery or invoice line against its order; none where no orders are delivered."""
    orders = ORDER_OF[table.name]
    if not _has_orders(delivery, orders) or "order_document_no" not in delivery.given.get(table.name, ()):
        return
    known = _orders(load_contract().tables[orders])
    if table.name in STOCK:
        not_returned = "not coalesce(is_return__typed, false) and quantity__typed > 0"
        yield Check(
            name="line_names_an_order",
            severity=WARN,
            text="order_absent",
            predicate=f"{absent('order_document_no')} and {not_returned} and {counts(table)}",
            value=f"{document_line()} || ': ' || item_code || ' ' || quantity",
        )
        yield _check("quantity_is_within_the_order", "order_exceeded", _exceeding(table, known), orders)
    yield _check("order_is_delivered", "order_unknown", _unknown(table, known), orders)
    yield _check("item_is_that_of_the_order", "order_item", _other_item(known), orders)


def order_checks(table: Table, delivery: Delivery) -> Iterator[Check]:
    """Checks of an order placed before the period: received or delivered at all, and billed, by its end.

    Nothing is told where no receipt, delivery or invoice names an order: then they cannot say.
    """
    if EARLIER not in delivery.relations:
        return
    for name, orders in ORDER_OF.items():
        if orders == table.name and name in delivery.landed:
            other = load_contract().tables[name]
            if name in STOCK:
                rows = _unfulfilled(table, other, delivery)
                yield _check("order_line_is_fulfilled", STOCK[name], rows, name)
            else:
                yield _check("order_is_billed", "order_unbilled", _unbilled(table, other, delivery), name)


def _has_orders(delivery: Delivery, orders: str) -> bool:
    return EARLIER in delivery.relations and (orders in delivery.given or orders in delivery.landed)


def _check(name: str, text: str, rows: str, other: str) -> Check:
    table = load_contract().tables[other]
    fields = {"other": table.label}
    return Check(name=name, severity=WARN, text=text, rows=rows, fields=fields)


def _orders(table: Table) -> str:
    """SQL of every order line there is: number, line, item, unit, quantity."""
    return f"""
        select normalise_code(document_no) as order_no,
            try_cast(parse_decimal(line_no) as integer) as line_no,
            normalise_code(item_code) as item_code,
            lower(normalise_code(unit)) as unit,
            parse_decimal(quantity) as quantity
        from raw.{table.name} where {counts(table)}
        union all
        select order_no, line_no, item_code, unit, quantity
        from raw.earlier_order where table_name = {literal(table.name)}"""


def _fulfilments(table: Table) -> str:
    """SQL of what was ever fulfilled, by order, line and unit."""
    return (
        f"select {fulfilment(table)} from raw.{table.name} where {counts(table)} group by 1, 2, 3 "
        f"union all select order_no, line_no, unit, quantity from {EARLIER} "
        f"where table_name = {literal(table.name)}"
    )


def _line() -> str:
    return "try_cast(order_line_no__typed as integer)"


def _exceeding(table: Table, known: str) -> str:
    """The last line of each order line that has more than was ordered, where both are in one unit."""
    return f"""
        with ordered as ({known}), moved as ({_fulfilments(table)}),
        exceeded as (
            select ordered.order_no, ordered.line_no, any_value(ordered.quantity)::decimal(38, 4) as ordered,
                sum(moved.quantity)::decimal(38, 4) as moved
            from ordered
            join moved on moved.order_no = ordered.order_no and moved.line_no = ordered.line_no
            where coalesce(moved.unit, ordered.unit, '') = coalesce(ordered.unit, moved.unit, '')
            group by ordered.order_no, ordered.line_no
            having sum(moved.quantity) > any_value(ordered.quantity)
        )
        select arg_max(line._file, line._row_id) as _file, arg_max(line._row, line._row_id) as _row,
            arg_max(line.document_no, line._row_id) || ': ' || exceeded.order_no || ' / ' || exceeded.line_no
            || ': ' || exceeded.moved || ' > ' || exceeded.ordered as value
        from exceeded
        join {ROWS} as line
            on line.order_document_no__typed = exceeded.order_no and {_line()} = exceeded.line_no
        group by exceeded.order_no, exceeded.line_no, exceeded.moved, exceeded.ordered"""


def _unknown(table: Table, known: str) -> str:
    """Lines of an order that nobody delivered; in the first period it may be older than the books."""
    return f"""
        with ordered as ({known})
        select _file, _row,
            {document_line()} || ' → ' || concat_ws(' / ', order_document_no, order_line_no) as value
        from {ROWS} as line
        where order_document_no__typed is not null and {counts(table)}
            and not exists (select 1 from settings.period where is_first_period) and not exists (
            select 1 from ordered
            where ordered.order_no = line.order_document_no__typed
                and ({_line()} is null or ordered.line_no = {_line()}))"""


def _other_item(known: str) -> str:
    return f"""
        with ordered as ({known})
        select line._file, line._row,
            line.document_no || ': ' || line.item_code || ' <> ' || ordered.item_code as value
        from {ROWS} as line
        join ordered on ordered.order_no = line.order_document_no__typed and ordered.line_no = {_line()}
        where ordered.item_code <> line.item_code__typed"""


def _due(table: Table, delivery: Delivery) -> str:
    """SQL of order lines placed before the period that count: number, line, quantity, text, place."""
    return f"""
        select document_no__typed as order_no, try_cast(line_no__typed as integer) as line_no,
            quantity__typed as quantity,
            {document_line()} || ': ' || item_code || ' ' || quantity as shown,
            _file, _row
        from {ROWS}
        where document_no__typed is not null and {counts(table, "draft")}
            and document_date__typed < date '{delivery.start}'
        union all
        select order_no, line_no, quantity, shown, file, row
        from raw.earlier_order
        where table_name = {literal(table.name)} and is_approved
            and document_date < date '{delivery.start}'"""


def _unfulfilled(table: Table, moving: Table, delivery: Delivery) -> str:
    """Order lines on which nothing has moved; a move that names no line counts for all of its order."""
    return f"""
        with moved as (select * from ({_fulfilments(moving)}) where order_no is not null),
        due as ({_due(table, delivery)})
        select _file, _row, shown as value
        from due
        where quantity > 0 and exists (select 1 from moved) and not exists (
            select 1 from moved
            where moved.order_no = due.order_no and coalesce(moved.line_no = due.line_no, true))"""


def _unbilled(table: Table, billing: Table, delivery: Delivery) -> str:
    """One row per order without any invoice, at its first line."""
    return f"""
        with billed as (select order_no from ({_fulfilments(billing)}) where order_no is not null),
        due as ({_due(table, delivery)})
        select arg_min(_file, (_file, _row)) as _file, arg_min(_row, (_file, _row)) as _row,
            due.order_no as value
        from due
        where due.order_no not in (select order_no from billed) and exists (select 1 from billed)
        group by due.order_no"""
