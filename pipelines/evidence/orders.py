"""Work in process by order, and late costs with where they went: what both the report and the workbook ask.

How they are drawn belongs to `sheets_orders` and the templates.
"""

from dataclasses import dataclass

from pipelines.evidence.components import ZERO
from pipelines.evidence.formats import money
from pipelines.evidence.labels import Labels
from pipelines.evidence.listing import Listing, make_listing
from pipelines.evidence.tables import Row, RunTables

REPORT_LIMIT = 40
INTO = (
    "opening_amount",
    "material_amount",
    "assigned_amount",
    "true_up_amount",
    "late_cost_amount",
    "conversion_amount",
)
OUT = (
    "return_amount",
    "completed_amount",
    "byproduct_amount",
    "loss_amount",
    "settled_amount",
    "closing_amount",
)
ALWAYS = ("opening_amount", "material_amount", "conversion_amount", "completed_amount", "closing_amount")
FLOW = (
    *INTO[:2], "return_amount", *INTO[2:], *OUT[1:],
)  # fmt: skip
QUANTITIES = ("completed_quantity", "wip_quantity")
ORDER_TIES = ("work_in_process", "subcontract")
ORDERS = """
    select *, opening_material_amount + opening_conversion_amount as opening_amount,
           completed_material_amount + completed_conversion_amount as completed_amount,
           closing_material_amount + closing_conversion_amount as closing_amount
    from work_in_process
"""
PAPER = r"""
    split_part({0}, ':', 1) as {1}_type, regexp_replace({0}, '^[^:]*:(.*?):[0-9]+(:.*)?$', '\1') as {1}_no
"""
# One row per late cost and issue that it followed; a cost that followed none has one row and is expensed.
LATE = f"""
    select late.event_id, late.cause_code as kind, late.document_type, late.document_no, late.item_code,
           late.warehouse_code, {PAPER.format("late.original_event_id", "receipt")},
           late.recomputed_amount + late.expensed_amount as late_amount,
           late.recomputed_amount as on_hand_amount,
           case when count(share.event_id) over late_rows = 0 then late.expensed_amount else 0 end
               as direct_amount,
           share.event_type, {PAPER.format("share.original_event_id", "issue")}, share.quantity,
           share.amount as share_amount, count(*) over late_rows as places,
           row_number() over (partition by late.event_id order by share.event_id) as place
    from stock_ledger as late
    left join late_cost_share as share on late.event_id = share.late_event_id
    where late.cause_code in ('late_price', 'landed_cost')
        and (late.recomputed_amount <> 0 or late.expensed_amount <> 0)
    window late_rows as (partition by late.event_id)
"""


@dataclass(frozen=True)
class OrderView:
    """Work in process by order with its totals, and what each tie's total agrees with."""

    listing: Listing
    agreed: list[str]


def order_columns(tables: RunTables) -> tuple[list[str], Row]:
    """Amounts of an order that any order has, in their order, and their totals."""
    sums = ", ".join(f"coalesce(sum({name}), 0) as {name}" for name in FLOW)
    used = ", ".join(f"coalesce(bool_or({name} <> 0), false) as {name}" for name in FLOW)
    totals, is_used = (
        tables.one(f"select {sums} from ({ORDERS})"),
        tables.one(f"select {used} from ({ORDERS})"),
    )
    names = [name for name in FLOW if name in ALWAYS or is_used[name]]
    return names, {name: totals[name] for name in names}


def with_order(labels: Labels, row: Row) -> Row:
    """The row with its kind and order in words: number, product made without one, or materials of none."""
    kind, _, number = str(row["order_key"]).partition(":")
    row = row | {"order_kind": "subcontract" if row["is_subcontract"] else "production"}
    if kind == "product":
        return row | {"order_no": labels("ui.order_of_product", item=number)}
    return row | {"order_no": number or labels("ui.order_none")}


def order_balances(tables: RunTables) -> list[Row]:
    """By tie that carries orders: their closing amount, and the sub-ledger's."""
    rows = tables.rows(
        """select tie_code, sum(closing_subledger_amount) as subledger_amount from tie_out
           where tie_code in ('work_in_process', 'subcontract') group by all"""
    )
    closing = {
        row["is_subcontract"]: row["amount"]
        for row in tables.rows(
            f"select is_subcontract, sum(closing_amount) as amount from ({ORDERS}) group by all"
        )
    }
    found = [row | {"amount": closing.get(row["tie_code"] == "subcontract", ZERO)} for row in rows]
    return sorted(found, key=lambda row: ORDER_TIES.index(row["tie_code"]))


def make_orders(tables: RunTables, labels: Labels) -> OrderView | None:
    """The report's table of orders, largest closing amount first; None where the period has none."""
    total = tables.count("work_in_process")
    if not total:
        return None
    names, totals = order_columns(tables)
    rows = tables.rows(f"{ORDERS} order by abs(closing_amount) desc, order_key limit {REPORT_LIMIT}")
    listing = make_listing(
        labels, "order-list", "work_in_process", ("order_no", "order_kind", *names, *QUANTITIES),
        [with_order(labels, row) for row in rows], total=total, totals=totals,
    )  # fmt: skip
    agreed = [
        labels(
            "ui.orders_agree", tie=labels.code("tie_code", row["tie_code"]), orders=money(row["amount"]),
            subledger=money(row["subledger_amount"]), gap=money(row["amount"] - row["subledger_amount"]),
        )
        for row in order_balances(tables)
    ]  # fmt: skip
    return OrderView(listing, agreed)
