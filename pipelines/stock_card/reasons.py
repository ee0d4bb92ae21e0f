"""Why a movement is worth what it is, by the basis that the ledger names: its own document, a later cost, the
standard; what goes by the pool is in `issues`. A reason that does not arrive at the published amount is not
told."""

from __future__ import annotations

from decimal import Decimal

from pipelines.stock_card.arithmetic import Equation, less, money, share, times
from pipelines.stock_card.case import ZERO, Case, Told
from pipelines.stock_card.issues import at_original, comes_back, given, issue
from pipelines.stock_card.orders import from_order
from pipelines.stock_card.pool import is_past

MADE = ("production_receipt", "subcontract_receipt", "conversion_in", "repack_in")


def why(case: Case) -> str:
    """The sentences for one row."""
    told = _told(case)
    if told is None or told.value != case.row["amount"]:
        return case.say("unexplained", amount=money(case.row["amount"]))
    return case.say("stop").join([*told.sentences, *case.not_in_stock()])


def _told(case: Case) -> Told | None:
    basis, kind = case.row["cost_basis"], case.row["event_type"]
    if basis == "true_up":
        return _true_up(case)
    if basis == "inside_pool":
        return _inside(case)
    if case.row["costing_method"] == "standard":
        return _standard(case)
    if basis == "late_cost":
        return _late(case)
    made = from_order(case) if kind in MADE else None
    if made is not None and made.value == case.row["amount"]:
        return made
    if kind == "transfer_in" and case.original is not None:
        return case.original_value(case.original)
    return _moved(case)


def _moved(case: Case) -> Told | None:
    """What is not made, moved or corrected: bought or given, by its original, or by the pool."""
    basis, original = case.row["cost_basis"], case.original
    if basis in ("given_amount", "from_order"):
        return given(case)
    is_periodic = case.row["costing_method"] == "periodic_average"
    if (
        basis == "original_cost"
        and original is not None
        and (not is_periodic or is_past(case.facts, case.row))
    ):
        return at_original(case, original)
    return comes_back(case) if case.row["quantity"] > 0 else issue(case)


def _inside(case: Case) -> Told | None:
    """From warehouse to warehouse in one pool: worth its share, and the pool stays as it was."""
    if case.row["quantity"] > 0 and case.original is not None:
        told = case.original_value(case.original)
        return Told([*told.sentences, case.say("inside")], told.value)
    found = _standard_value(case) if case.row["costing_method"] == "standard" else comes_back(case)
    if found is None:
        return None
    sign = 1 if case.row["quantity"] > 0 else -1
    return Told([*found.sentences, case.say("inside")], sign * found.value)


def _standard_value(case: Case) -> Told | None:
    if case.pool.standard is None:
        return None
    value = times(case.moved, case.pool.standard)
    return Told([case.say("standard", equation=value.text)], value.value)


def _standard(case: Case) -> Told | None:
    """The balance is quantity × standard; a movement is the difference of two balances."""
    standard = case.pool.standard
    if case.row["cost_basis"] == "new_standard":
        closed = case.facts.closed.get((case.row["period"], case.row["pool_code"]), {}).get("unit_cost")
        standard = None if closed is None else Decimal(closed).scaleb(-6)
    elif case.row["cost_basis"] == "late_cost":
        return Told([case.say("late_standard", amount=money(case.own))], ZERO)
    if standard is None:
        return None
    after = times(case.pool.quantity + case.row["quantity"], standard)
    change = less(after.value, case.pool.amount)
    key = "new_standard" if case.row["cost_basis"] == "new_standard" else "balance_standard"
    return Told([case.say(key, equation=after.text), case.say("change", equation=change.text)], change.value)


def _late(case: Case) -> Told:
    """A cost that comes after its receipt: into stock, by what is on hand, or to expense."""
    original, pool, method = case.original, case.pool, case.row["costing_method"]
    cause = case.say(f"late.{case.row['event_type']}", document=case.source(), amount=f"{case.own:,.2f}")
    if case.policy.late_cost == "expense":
        return Told([cause, case.say("late_expense")], ZERO)
    layer = pool.layers.get(case.row["original_event_id"] or "") if method == "fifo" else None
    there, whole = pool.quantity, abs(original["quantity"]) if original else ZERO
    if layer is not None:
        there, whole = layer.quantity, layer.original
    elif method == "periodic_average":
        there = pool.opening[0] if is_past(case.facts, case.row) else whole
    has_stock = pool.total[0] > 0 if method == "periodic_average" else pool.quantity > 0
    if not has_stock or (method == "fifo" and layer is None):
        return Told([cause, case.say("late_gone")], ZERO)
    part: Equation | None = None
    if case.policy.late_cost == "on_hand_share" and whole > 0:
        part = share(case.own, min(max(there, ZERO), whole), whole)
    most = layer.amount if layer is not None else pool.amount
    value = (
        max(part.value if part else case.own, -most)
        if method != "periodic_average"
        else (part.value if part else case.own)
    )
    text = case.say("late_share", equation=part.text) if part else case.say("late_stock")
    return Told([cause, text], value)


def _true_up(case: Case) -> Told | None:
    """A receipt fills an issue below zero: what was estimated less what it turned out to be worth."""
    fill = case.pool.fills.get((case.row["original_event_id"], case.row["sequence_no"]))
    if fill is None:
        return None
    receipt = case.facts.events.get(fill.receipt)
    worth = money(fill.worth)
    if receipt is not None and receipt["quantity"] > 0:
        by_share = share(receipt["amount"], fill.quantity, receipt["quantity"])
        worth = by_share.text if by_share.value == fill.worth else worth
    change = less(fill.estimate, fill.worth)
    sentence = case.say(
        "true_up", issue=case.document(case.original), receipt=case.document(receipt),
        quantity=case.units(fill.quantity),
        estimate=money(fill.estimate), worth=worth, equation=change.text,
    )  # fmt: skip
    return Told([sentence], change.value)
