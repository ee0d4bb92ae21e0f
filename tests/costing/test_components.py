"""Items linked by documents walk together; production puts materials before products."""

from __future__ import annotations

from pipelines.costing.components import components

PRODUCTION, CONVERSION = True, False


def found(items: int, *links: tuple[int, int, bool, bool]) -> tuple[list[int], list[int]]:
    """Links as (item, order, leaves, has levels)."""
    columns = list(zip(*links, strict=True)) or [(), (), (), ()]
    component, level, _ = components(items, *columns)
    return component.tolist(), level.tolist()


def in_circle(items: int, *links: tuple[int, int, bool, bool]) -> list[bool]:
    return list(components(items, *zip(*links, strict=True))[2])


def test_without_links_every_item_is_alone() -> None:
    component, level = found(3)
    assert sorted(component) == [0, 1, 2]
    assert level == [0, 0, 0]


def test_materials_stand_before_products_through_all_stages() -> None:
    """0 and 1 make 2, 2 makes 3; 4 has nothing to do with it."""
    component, level = found(
        5,
        (0, 0, True, PRODUCTION), (1, 0, True, PRODUCTION), (2, 0, False, PRODUCTION),
        (3, 1, False, PRODUCTION), (2, 1, True, PRODUCTION),
    )  # fmt: skip
    assert len({component[item] for item in range(4)}) == 1
    assert component[4] != component[0]
    assert max(level[0], level[1]) < level[2] < level[3]


def test_converted_items_share_a_level() -> None:
    """0 makes 1, 1 becomes 2 by conversion, 2 makes 3."""
    component, level = found(
        4,
        (0, 0, True, PRODUCTION), (1, 0, False, PRODUCTION),
        (1, 1, True, CONVERSION), (2, 1, False, CONVERSION),
        (2, 2, True, PRODUCTION), (3, 2, False, PRODUCTION),
    )  # fmt: skip
    assert len(set(component)) == 1
    assert level[0] < level[1] == level[2] < level[3]


def test_items_made_of_each_other_share_a_level() -> None:
    _, level = found(
        2,
        (0, 0, True, PRODUCTION), (1, 0, False, PRODUCTION), (1, 1, True, PRODUCTION), (0, 1, False, PRODUCTION),
    )  # fmt: skip
    assert level[0] == level[1]


def test_an_item_that_is_made_of_itself_is_in_a_circle() -> None:
    """0 goes into 1 and comes out of it; 2 is reworked into itself; 3 makes 0 and is in no circle."""
    links = (
        (0, 0, True, PRODUCTION), (1, 0, False, PRODUCTION), (1, 1, True, PRODUCTION), (0, 1, False, PRODUCTION),
        (2, 2, True, PRODUCTION), (2, 2, False, PRODUCTION),
        (3, 3, True, PRODUCTION), (0, 3, False, PRODUCTION),
    )  # fmt: skip
    assert in_circle(4, *links) == [True, True, True, False]


def test_a_conversion_there_and_back_is_no_circle_of_production() -> None:
    links = (
        (0, 0, True, CONVERSION),
        (1, 0, False, CONVERSION),
        (1, 1, True, CONVERSION),
        (0, 1, False, CONVERSION),
    )
    assert in_circle(2, *links) == [False, False]
