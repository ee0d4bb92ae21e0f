"""What a movement takes out of a pool, or brings back, at the cost that stands there: one function per
method, as an accountant works it out."""

from __future__ import annotations

from pipelines.stock_card.arithmetic import less, money, share, sum_of
from pipelines.stock_card.case import ZERO, Case, Told
from pipelines.stock_card.pool import taken_from


def given(case: Case) -> Told:
    """The document's own amount; a red one may find less in stock than it says."""
    key = "given" if case.row["quantity"] > 0 else "given_red"
    key = "opening" if case.row["event_type"] == "opening" else key
    return Told([case.say(key, amount=money(case.own))], case.row["amount"])


def at_original(case: Case, original: dict[str, object]) -> Told:
    """At the cost of the movement it goes by; never more than there is, all of it with the last unit."""
    told = case.original_value(original)
    if case.row["quantity"] > 0:
        return told
    if case.row["costing_method"] == "fifo":
        issued = _layers(case)
        return Told(
            [case.say("own_layer", document=case.document(original)), *issued.sentences], issued.value
        )
    there = min(case.moved, max(case.pool.quantity, ZERO))
    short = case.moved - there
    if not there or (not short and there < case.pool.quantity):
        value = min(told.value, case.pool.amount) if there else told.value
        return Told(told.sentences, -value)
    everything = case.say("all", quantity=case.units(there), amount=money(case.pool.amount))
    if not short:
        return Told([everything], -case.pool.amount)
    rest = share(told.value, short, case.moved)
    both = sum_of([case.pool.amount, rest.value])
    return Told([everything, *told.sentences, rest.text, both.text], -both.value)


def issue(case: Case) -> Told | None:
    """What leaves at what the pool says."""
    method = case.row["costing_method"]
    if method == "fifo":
        return _layers(case)
    return _average(case) if method == "moving_average" else _periodic(case)


def _average(case: Case) -> Told:
    """Moving average: what stays is rounded, what leaves is the difference; the last unit takes all."""
    quantity, amount = case.pool.quantity, case.pool.amount
    there = min(case.moved, max(quantity, ZERO))
    sentences, value = [], ZERO
    if there and there == quantity:
        sentences, value = [case.say("all", quantity=case.units(there), amount=money(amount))], amount
    elif there and case.policy.unit_cost_decimals == "exact":
        stays = share(amount, quantity - there, quantity)
        leaves = less(amount, stays.value)
        sentences, value = (
            [case.say("stays", quantity=case.units(quantity - there), equation=stays.text)],
            leaves.value,
        )
        sentences.append(case.say("leaves", equation=leaves.text))
    elif there:
        at_unit = case.at_unit_cost(amount, there, quantity)
        sentences, value = [case.say("balance_unit", equation=at_unit.text)], min(at_unit.value, amount)
    return case.with_estimate(sentences, value, case.moved - there)


def _layers(case: Case) -> Told:
    """First in, first out: every receipt it took from."""
    parts, sentences, amounts = taken_from(case.facts, case.pool, case.row), [], []
    for part in parts:
        layer = case.pool.layers[part["source_event_id"]]
        fields: dict[str, object] = {
            "document": case.document(case.facts.events.get(part["source_event_id"])),
            "quantity": case.units(part["quantity"]),
        }
        if part["quantity"] == layer.quantity:
            sentences.append(case.say("layer_all", amount=money(layer.amount), **fields))
            amounts.append(layer.amount)
        else:
            value = case.at_unit_cost(layer.amount, part["quantity"], layer.quantity)
            sentences.append(case.say("layer_part", equation=value.text, **fields))
            amounts.append(min(value.value, layer.amount))
    if len(amounts) > 1:
        sentences.append(case.say("together", equation=sum_of(amounts).text))
    short = case.moved - sum((part["quantity"] for part in parts), ZERO)
    return case.with_estimate(sentences, sum(amounts, ZERO), short)


def _periodic(case: Case) -> Told | None:
    """The period's average; the last unit takes the rest, what goes beyond is at the average again."""
    unissued = case.pool.total[0] - case.pool.issued[0]
    rest = less(case.pool.total[1], case.pool.issued[1])
    rate = case.rate()
    if 0 < unissued == case.moved:
        return Told([case.say("rest", quantity=case.units(case.moved), equation=rest.text)], -rest.value)
    if rate is None:
        return case.with_estimate([], ZERO, case.moved)
    sentence, value = rate
    if not 0 < unissued < case.moved:
        capped = min(value.value, rest.value) if unissued > 0 and rest.value >= 0 else value.value
        return Told([sentence, value.text], -capped)
    beyond = case.at_unit_cost(case.pool.total[1], case.moved - unissued, case.pool.total[0])
    both = sum_of([rest.value, beyond.value])
    return Told(
        [
            sentence,
            case.say("rest", quantity=case.units(unissued), equation=rest.text),
            beyond.text,
            both.text,
        ],
        -both.value,
    )


def comes_back(case: Case) -> Told | None:
    """Goods that come in without a cost of their own: at the unit cost of what is there."""
    method, pool = case.row["costing_method"], case.pool
    if method == "periodic_average":
        rate = case.rate()
        return None if rate is None else Told([rate[0], rate[1].text], rate[1].value)
    if pool.quantity > 0:
        value = case.at_unit_cost(pool.amount, case.moved, pool.quantity)
        return Told([case.say("balance_unit", equation=value.text)], value.value)
    if pool.last[0] > 0:
        value = case.at_unit_cost(pool.last[1], case.moved, pool.last[0])
        return Told([case.say("last_unit", equation=value.text)], value.value)
    return given(case)
