"""Why a receipt from production, a subcontractor or a conversion is worth what it is: its share of the
material that went in and of the conversion cost, from the published roll-forward of work in process."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pipelines.stock_card.arithmetic import Equation, less, money, share, sum_of
from pipelines.stock_card.case import ZERO, Case, Told

if TYPE_CHECKING:
    from pipelines.stock_card.reading import Row


def from_order(case: Case) -> Told | None:
    """The sentences; None where the row shares in nothing that is published."""
    event = case.row["event_type"]
    if event in ("conversion_in", "repack_in"):
        return _from_document(case)
    number = case.row["production_order_no"]
    key = f"order:{number}" if number else f"product:{case.row['item_code']}"
    order = case.facts.orders.get((case.row["period"], key))
    if order is None or event == "supplier_receipt":
        return None
    names = case.facts.sharing.get((case.row["period"], number or case.row["item_code"]), [])
    receipts = [
        row for row in names if row["event_type"] == event and row["cost_basis"] == case.row["cost_basis"]
    ]
    done = _done_before(case, receipts)
    material = _part(_material(order), done, case.moved, order["completed_quantity"] + order["wip_quantity"])
    conversion = _part(
        order["opening_conversion_amount"] + order["conversion_amount"], done, case.moved,
        order["completed_quantity"] + order["equivalent_quantity"],
    )  # fmt: skip
    own = case.own - material.value
    if case.row["cost_basis"] != "from_order" and conversion.value != own:
        return None
    shown = conversion.text if conversion.value == own else money(own)
    key = "subcontract_order" if event == "subcontract_receipt" else "order"
    sentences = [case.say(key, order=number or case.facts.item.name)]
    if _material(order):
        sentences.append(case.say("material", equation=material.text))
    if own:
        sentences.append(case.say("conversion", equation=shown))
    if _material(order) and own:
        sentences.append(case.say("together", equation=sum_of([material.value, own]).text))
    return Told(sentences, material.value + own - case.row["expensed_amount"])


def _material(order: Row) -> Decimal:
    """What the receipts share in: opening, issues and their corrections, less what went elsewhere."""
    came = order["opening_material_amount"] + order["material_amount"] + order["true_up_amount"]
    return Decimal(came - order["return_amount"] - order["byproduct_amount"] - order["loss_amount"])


def _done_before(case: Case, receipts: list[Row]) -> Decimal:
    """The quantity that earlier receipts of the order took; its place among them is by date and number."""
    done = ZERO
    for row in receipts:
        if row["event_id"] == case.row["event_id"]:
            return done
        done += row["quantity"]
    return done


def _part(amount: Decimal, done: Decimal, quantity: Decimal, whole: Decimal) -> Equation:
    """The difference of two rounded shares, so that all receipts together take exactly what is done."""
    if not whole or not amount:
        return Equation(money(ZERO), ZERO)
    after = share(amount, done + quantity, whole)
    if not done:
        return after
    before = share(amount, done, whole)
    part = less(after.value, before.value)
    return Equation(f"{after.text}, {before.text}, {part.text}", part.value)


def _from_document(case: Case) -> Told | None:
    """A conversion or repack: what left with the document, by quantity, else by its keys."""
    lines = case.facts.sharing.get((case.row["period"], case.row["document_no"]), [])
    arrived = [row for row in lines if row["event_type"] == case.row["event_type"]]
    left = -sum((row["amount"] for row in lines if row["event_type"].endswith("_out")), ZERO)
    sentence = case.say("turned", document=case.document(case.row), amount=money(left))
    part = _part(
        left, _done_before(case, arrived), case.moved, sum((row["quantity"] for row in arrived), ZERO)
    )
    if part.value == case.own:
        return Told([sentence, case.say("by_quantity", equation=part.text)], part.value)
    together = sum_of([row["amount"] for row in arrived])
    if together.value != left:
        return None
    return Told(
        [sentence, case.say("by_key", quantity=case.units(case.moved), equation=together.text)],
        case.row["amount"],
    )
