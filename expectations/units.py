"""The unit of a document line: the item's own stock unit, or one that the delivery says how to convert.

Staging sets lines in any other unit aside; how factors are used is in `dbt_project/models/staging`.
"""

from collections.abc import Iterator

from expectations.checks import WARN, Check, Delivery, column, typed
from pipelines.contract import Table

TABLES = frozenset(
    (
        "goods_receipt_line",
        "delivery_line",
        "purchase_invoice_line",
        "sales_invoice_line",
        "stock_movement_line",
    )
)


def unit_checks(table: Table, delivery: Delivery) -> Iterator[Check]:
    """The check that every unit is known for its item; none where items are delivered without units."""
    given = delivery.given.get(table.name, frozenset())
    if table.name not in TABLES or "unit" not in given:
        return
    if "stock_unit" not in delivery.given.get("item", ()):
        return
    of_line = f"concat({typed('item_code')}, chr(31), lower({typed('unit')}))"
    yield Check(
        name="unit_is_known",
        severity=WARN,
        text="unit_known",
        predicate=f"{typed('unit')} is not null and {typed('item_code')} in "
        f"(select item_code from ({_items()})) and {of_line} not in ({_known()})",
        value=f"{column('item_code')} || ' ' || {column('unit')}",
        rejects=True,
        fields={"column": table.columns["unit"].label},
    )


def _items() -> str:
    unit = "lower(normalise_code(stock_unit))"
    return (
        f"select normalise_code(item_code) as item_code, {unit} as unit from raw.item "
        f"where normalise_code(item_code) is not null and {unit} is not null"
    )


def _known() -> str:
    """Item and unit as one text: the stock unit, and what converts to it for the item or for all items."""
    conversion = (
        "select normalise_code(item_code) as item_code, lower(normalise_code(from_unit)) as unit, "
        "lower(normalise_code(to_unit)) as stock_unit from raw.unit_conversion "
        "where parse_decimal(factor) > 0"
    )
    return (
        f"select concat(item_code, chr(31), unit) from ({_items()}) union all "
        f"select concat(item.item_code, chr(31), conversion.unit) from ({_items()}) as item "
        f"join ({conversion}) as conversion on item.unit = conversion.stock_unit "
        "and coalesce(conversion.item_code, item.item_code) = item.item_code and conversion.unit is not null"
    )
