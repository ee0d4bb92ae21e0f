"""What the kernel makes of the rows of a worked case, by event: how `test_cases` asks for it."""

from __future__ import annotations

from collections import defaultdict

from tests.costing.rows import Row, movements, numbered, of_kind, true_ups, valued


class Figures:
    """By event: `delta` of stock value, what of it went `into` pools, what was `expensed`, what a refill
    `adjusted`, `quantity` and `balance`; by pool what is left in `pools`."""

    def __init__(self, rows: list[Row], late_cost: str) -> None:
        self.all = valued(numbered(rows), negative_stock="estimate_and_true_up", late_cost=late_cost)
        self.records = movements(self.all)
        self.delta: dict[int, int] = defaultdict(int)
        self.into: dict[int, int] = defaultdict(int)
        self.adjusted: dict[int, int] = defaultdict(int)
        self.expensed: dict[int, int] = defaultdict(int)
        self.quantity: dict[int, int] = defaultdict(int)
        self.balance: dict[int, tuple[int, int]] = {}
        for record in self.records:
            seq = int(record["event_id"])
            self.delta[seq] += record["out_amount"]
            self.into[seq] += max(record["out_amount"], 0)
            self.expensed[seq] += record["expensed_amount"]
            self.quantity[seq] = abs(record["quantity"])
            self.balance[seq] = (record["balance_quantity"], record["balance_amount"])
        for record in true_ups(self.all):
            self.adjusted[int(record["event_id"].split("/")[1])] += record["out_amount"]
        states = of_kind(self.all, "state")
        self.pools = {s["pool_key"]: (s["balance_quantity"], s["balance_amount"]) for s in states}
        self.value = sum(amount for _, amount in self.pools.values())
        self.on_hand = sum(quantity for quantity, _ in self.pools.values())
        self.layers = [(r["layer_quantity"], r["layer_amount"]) for r in of_kind(self.all, "layer")]
        self.short = [(r["layer_quantity"], r["layer_amount"]) for r in of_kind(self.all, "negative")]
        self.errors = of_kind(self.all, "error")
