"""The stock card (存货明细账) of one item, from what is published: a card per cost pool, a line per
movement, and why each figure is what it is. Figures are never made here: a reason is checked against the
published figure that it explains."""

from pipelines.stock_card.cards import Card, Line, make_cards
from pipelines.stock_card.reading import find_item

__all__ = ["Card", "Line", "find_item", "make_cards"]
