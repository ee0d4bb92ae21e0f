"""Moving average and FIFO of the example company: the lines one by one, in order, compiled.

Its own few rules, not the pipeline's kernel: an issue is the difference of two rounded balances, a FIFO
layer gives
round_half_up(part × value / quantity), a return goes at its original's value (FIFO: by what its layer has
left), quantity 0 leaves value 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipelines.demo.arithmetic import compiled, share
from pipelines.demo.documents import CUSTOMER_RETURN, GAIN, SUPPLIER_RETURN, TRANSFER

if TYPE_CHECKING:
    from pipelines.demo.frame import Flags, Grid, Ints

VALUE_ONLY = 31
"""Event of a price difference: an invoice of a later period than its receipt."""


class Moves(NamedTuple):
    """Columns of the lines to value; `amount` of what comes in, `origin` the row that is returned or billed
    late.
    """

    event: Ints
    direction: Ints
    pool: Ints
    to_pool: Ints
    quantity: Ints
    amount: Ints
    origin: Ints
    is_fifo: Flags


class Walked(NamedTuple):
    """Per line: cents that went into or out of stock, and what of a price difference was expensed.

    `taken`: a row per take from a FIFO layer: the layer's line, the line that took, the quantity.
    """

    value: Ints
    expensed: Ints
    taken: Grid


class State(NamedTuple):
    """Per pool quantity, value, first and last layer; per line the layer it made: next one, quantity, value
    left.
    """

    held: Ints
    worth: Ints
    head: Ints
    tail: Ints
    after: Ints
    left: Ints
    left_value: Ints


def walk(moves: Moves, rows: Ints, pools: int) -> Walked:
    """Value these rows of the lines, in order."""
    lines = len(moves.event)
    state = State(
        np.zeros(pools, np.int64), np.zeros(pools, np.int64), np.full(pools, -1), np.full(pools, -1),
        np.full(lines, -1), np.zeros(lines, np.int64), np.zeros(lines, np.int64),
    )  # fmt: skip
    taken = np.zeros((2 * int(moves.is_fifo.sum()) + 1, 3), np.int64)
    walked = Walked(np.zeros(lines, np.int64), np.zeros(lines, np.int64), taken)
    _walk(moves, rows, state, walked)
    return walked._replace(taken=taken[: taken[-1, 0]])


@compiled
def _walk(moves: Moves, rows: Ints, state: State, walked: Walked) -> None:
    for row in rows:
        event, place, quantity = moves.event[row], moves.pool[row], moves.quantity[row]
        if event == VALUE_ONLY:
            _late(moves, row, state, walked)
        elif quantity > 0 and moves.direction[row] > 0:
            walked.value[row] = _value_in(moves, row, state, walked.value)
            _put(moves, row, place, state, walked.value[row])
        elif quantity > 0:
            walked.value[row] = _value_out(moves, row, state, walked)
            state.held[place] -= quantity
            state.worth[place] -= walked.value[row]
            if event == TRANSFER:
                _put(moves, row, moves.to_pool[row], state, walked.value[row])


@compiled
def _late(moves: Moves, row: int, state: State, walked: Walked) -> None:
    """A price difference goes to the pool, under FIFO to the receipt's own layer; nothing left: expensed."""
    place, layer, amount = moves.pool[row], moves.origin[row], moves.amount[row]
    if state.held[place] == 0 or (moves.is_fifo[row] and (layer < 0 or state.left[layer] == 0)):
        walked.expensed[row] = amount
        return
    walked.value[row] = amount
    state.worth[place] += amount
    if moves.is_fifo[row]:
        state.left_value[layer] += amount


@compiled
def _value_in(moves: Moves, row: int, state: State, value: Ints) -> int:
    """Customer returns at their delivery's cost, count gains at the pool's, everything else at the given
    amount.
    """
    place, origin, quantity = moves.pool[row], moves.origin[row], moves.quantity[row]
    if moves.event[row] == CUSTOMER_RETURN:
        return share(value[origin], quantity, moves.quantity[origin])
    if moves.event[row] == GAIN:
        return share(state.worth[place], quantity, state.held[place])
    return int(moves.amount[row])


@compiled
def _value_out(moves: Moves, row: int, state: State, walked: Walked) -> int:
    """Returns to suppliers at their receipt's cost while the pool can bear it, other issues by the method."""
    place, origin, quantity = moves.pool[row], moves.origin[row], moves.quantity[row]
    rest = state.held[place] - quantity
    if moves.event[row] == SUPPLIER_RETURN:
        if moves.is_fifo[row]:
            return _take_back(moves, row, state, walked.taken)
        taken = min(share(walked.value[origin], quantity, moves.quantity[origin]), state.worth[place])
        return int(state.worth[place] if rest == 0 else taken)
    if moves.is_fifo[row]:
        return _take_layers(place, row, quantity, state, walked.taken)
    if rest == 0:
        return int(state.worth[place])
    return int(state.worth[place] - share(state.worth[place], rest, state.held[place]))


@compiled
def _take_back(moves: Moves, row: int, state: State, record: Grid) -> int:
    """From the receipt's own layer what is left of it, the rest from the oldest."""
    place, origin, quantity = moves.pool[row], moves.origin[row], moves.quantity[row]
    part = min(quantity, state.left[origin])
    taken = 0
    if part > 0:
        taken = share(state.left_value[origin], part, state.left[origin])
        state.left[origin] -= part
        state.left_value[origin] -= taken
    return int(taken + _take_layers(place, row, quantity - part, state, record))


@compiled
def _take_layers(place: int, row: int, quantity: int, state: State, record: Grid) -> int:
    """Oldest layers first; the last take of a layer empties it."""
    taken = 0
    while quantity > 0:
        layer = state.head[place]
        part = min(quantity, state.left[layer])
        part_value = state.left_value[layer]
        if part < state.left[layer]:
            part_value = share(part_value, part, state.left[layer])
        state.left[layer] -= part
        state.left_value[layer] -= part_value
        quantity -= part
        taken += part_value
        record[record[-1, 0]] = (layer, row, part)
        record[-1, 0] += 1
        if state.left[layer] == 0:
            state.head[place] = state.after[layer]
            if state.head[place] < 0:
                state.tail[place] = -1
    return taken


@compiled
def _put(moves: Moves, row: int, place: int, state: State, amount: int) -> None:
    """Into the pool; under FIFO as its newest layer."""
    state.held[place] += moves.quantity[row]
    state.worth[place] += amount
    if moves.is_fifo[row]:
        state.left[row], state.left_value[row] = moves.quantity[row], amount
        if state.tail[place] < 0:
            state.head[place] = row
        else:
            state.after[state.tail[place]] = row
        state.tail[place] = row
