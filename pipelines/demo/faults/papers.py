"""Faults on the inventory's side: documents not approved, void, deleted, unreadable, entered late or twice.

Only documents after which nothing of their items moves are touched, so that no other document's cost changes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.demo.faults import edits
from pipelines.demo.faults.key import Fault, Truth
from pipelines.demo.faults.ledger import Change
from pipelines.demo.faults.onhand import kept_on_hand
from pipelines.demo.faults.scene import difference, total

if TYPE_CHECKING:
    from pipelines.demo.faults.ledger import Voucher
    from pipelines.demo.faults.scene import Scene
    from pipelines.demo.inbox import Sheet


@dataclass(frozen=True)
class Paper:
    """A kind of document in a sheet: how its number is headed, which ones may be touched (SQL giving `no`),
    the type that vouchers name, the column that a typing error makes unreadable.
    """

    sheet: str
    number: str
    fit: str
    type: str
    figure: str


_SERVICE = "select 发票号码 as no from invoice group by 1 having count(入库单号) = 0"
_PAYMENT = "select 单据编号 as no from payment where 单据类型 = '{type}'"
_ISSUED = "select distinct 单据编号 as no from flow where 单据类型 = '{type}'"
_LAST = "select no from last_of_items where type = '{type}'"
SERVICE = Paper("采购发票", "发票号码", _SERVICE, "采购发票", "无税金额")
PREPAYMENT = Paper("收付款单", "单据编号", _PAYMENT.format(type="预付单"), "预付单", "金额")
PAYMENT = Paper("收付款单", "单据编号", _PAYMENT.format(type="付款单"), "付款单", "金额")
COLLECTION = Paper("收付款单", "单据编号", _PAYMENT.format(type="收款单"), "收款单", "金额")
DELIVERY = Paper("出库流水", "单据编号", _LAST.format(type="销售出库"), "销售出库单", "数量")
ISSUE = Paper("出库流水", "单据编号", _LAST.format(type="其他出库"), "其他出库单", "数量")
ANY_DELIVERY = Paper("出库流水", "单据编号", _ISSUED.format(type="销售出库"), "销售出库单", "数量")
ANY_ISSUE = Paper("出库流水", "单据编号", _ISSUED.format(type="其他出库"), "其他出库单", "数量")
UNREADABLE = "1,2O0.5O元整"
"""Letters for digits, as a person may type them."""
Change_ = Callable[["Scene", Paper, str], None]


@dataclass(frozen=True)
class OnPaper:
    """One document of each of these kinds of paper is changed; the ledger keeps its vouchers."""

    name: str
    papers: tuple[Paper, ...]
    change: Change_
    truth: Truth

    def seed(self, scene: Scene) -> None:
        """Change one document per paper, as far as there are any."""
        for paper in self.papers:
            for no in fitting(scene, paper, self.name)[:1]:
                vouchers = scene.of_document(paper.type, no)
                self.change(scene, paper, no)
                latest = vouchers[-1].id
                scene.record(
                    Fault(self.name, self.truth, total(vouchers), (paper.type, no), latest, side="inventory")
                )


@dataclass(frozen=True)
class Imported:
    """A document comes a second time under the next number; the ledger has the first one's voucher only."""

    name: str
    papers: tuple[Paper, ...]
    truth: Truth

    def seed(self, scene: Scene) -> None:
        """Copy one document per paper."""
        for paper in self.papers:
            for no in fitting(scene, paper, self.name)[:1]:
                vouchers = scene.of_document(paper.type, no)
                copy = _copied(scene, paper, no)
                scene.taken.add(no)
                missing = total(vouchers, -1)
                scene.record(Fault(self.name, self.truth, missing, (paper.type, copy), side="inventory"))


@dataclass(frozen=True)
class Backdated:
    """A document of a closed month is entered in the next one, and posted then."""

    name: str
    papers: tuple[Paper, ...]

    def seed(self, scene: Scene) -> None:
        """Move the vouchers of one document per paper, and say when each document was entered."""
        for paper in self.papers:
            every = fitting(scene, paper, self.name)
            found = [(no, scene.of_document(paper.type, no)) for no in every]
            ready = [(no, v) for no, v in found if v and v[-1].period + 1 < scene.periods]
            for no, vouchers in ready[:1]:
                self._enter_late(scene, paper, no, vouchers)

    def _enter_late(self, scene: Scene, paper: Paper, no: str, vouchers: list[Voucher]) -> None:
        period = vouchers[0].period + 1
        _entered(scene, paper, no, f"{scene.ledger.day(period, 2)} 09:40:00")
        late = edits.in_period(1, 4)
        changes = [Change(one, scene.ledger.replace(one, late(scene, one) or [])) for one in vouchers]
        scene.record(
            Fault(
                self.name,
                Truth("missing_in_ledger", "backdated_change", "timing"),
                difference(*changes),
                (paper.type, no),
                changes[-1].after[0].id,
                side="inventory",
                later=Truth("period", "backdated_change", "timing"),
            )
        )


def fitting(scene: Scene, paper: Paper, kind: str) -> list[str]:
    """Numbers of untouched documents with a voucher, in an order that only the seed decides."""
    found = scene.rows(
        f"select no from ({paper.fit}) where no in (select no from voucher where type = '{paper.type}') "
        "order by md5(concat('{salt}', no)), no",
        salt=kind,
    )
    return [no for (no,) in found if no not in scene.taken]


def _rows(scene: Scene, paper: Paper, no: str) -> pa.Array:
    return pc.equal(scene.inbox.sheets[paper.sheet].rows[paper.number], no)


def put(scene: Scene, paper: Paper, no: str, column: str, value: str | None, line: int = 0) -> None:
    """Put a text (none: nothing) into a column of the document's rows; a column of numbers becomes one of
    texts.
    """
    rows = scene.inbox.sheets[paper.sheet].rows
    place = rows.column_names.index(column)
    is_it = _rows(scene, paper, no)
    if line:
        is_it = pc.and_(is_it, pc.equal(rows["行号"], line))
    changed = pc.if_else(is_it, pa.scalar(value, pa.string()), pc.cast(rows[column], pa.string()))
    scene.inbox.sheets[paper.sheet].rows = rows.set_column(place, column, changed)


def with_status(status: str) -> Change_:
    """The document stays, in this status; what it moved is still on hand."""

    def change(scene: Scene, paper: Paper, no: str) -> None:
        put(scene, paper, no, "单据状态", status)
        kept_on_hand(scene.inbox, paper.sheet, paper.number, no)

    return change


def deleted(scene: Scene, paper: Paper, no: str) -> None:
    """The document is gone."""
    kept_on_hand(scene.inbox, paper.sheet, paper.number, no)
    for sheet, column in ((paper.sheet, paper.number), ("核销单", "来源单据编号")):
        _drop(scene.inbox.sheets[sheet], column, no)


def _drop(sheet: Sheet, column: str, no: str) -> None:
    kept = pc.fill_null(pc.not_equal(sheet.rows[column], no), fill_value=True)
    sheet.rows = sheet.rows.filter(kept)
    if sheet.period is not None:
        sheet.period = sheet.period[kept.to_numpy()]


def drop_line(scene: Scene, paper: Paper, no: str, line: int) -> None:
    """One line of the document is gone."""
    sheet = scene.inbox.sheets[paper.sheet]
    kept = pc.invert(pc.and_(_rows(scene, paper, no), pc.equal(sheet.rows["行号"], line)))
    sheet.rows = sheet.rows.filter(kept)
    if sheet.period is not None:
        sheet.period = sheet.period[kept.to_numpy()]


def unreadable(scene: Scene, paper: Paper, no: str) -> None:
    """The figure is typed so that it is no number."""
    kept_on_hand(scene.inbox, paper.sheet, paper.number, no)
    put(scene, paper, no, paper.figure, UNREADABLE)


def _copied(scene: Scene, paper: Paper, no: str) -> str:
    """The document once more under the number after the last of its series; returns that number."""
    sheet = scene.inbox.sheets[paper.sheet]
    series = no[:-4]
    known = {*sheet.rows[paper.number].to_pylist(), *scene.taken}
    numbers = [n for n in known if n.startswith(series) and len(n) == len(no)]
    copy = series + f"{max(int(n[len(series) :]) for n in numbers) + 1:04d}"
    rows = pa.array([row for row, is_it in enumerate(_rows(scene, paper, no).to_pylist()) if is_it])
    again = sheet.rows.take(rows)
    place = sheet.rows.column_names.index(paper.number)
    again = again.set_column(place, paper.number, pa.array([copy] * len(again)))
    sheet.rows = pa.concat_tables([sheet.rows, again])
    if sheet.period is not None:
        sheet.period = np.concatenate([sheet.period, sheet.period[rows.to_numpy()]])
    return copy


def _entered(scene: Scene, paper: Paper, no: str, moment: str) -> None:
    """A column says when each document was entered: at its own day, this one at `moment`."""
    sheet = scene.inbox.sheets[paper.sheet]
    name = "制单时间"
    if name not in sheet.rows.column_names:
        day = pc.cast(sheet.rows["单据日期"], pa.string())
        at_once = pc.binary_join_element_wise(day, pa.scalar("16:20:00"), " ")
        sheet.rows = sheet.rows.append_column(name, at_once)
    put(scene, paper, no, name, moment)


KINDS = (
    OnPaper(
        "document_void",
        (DELIVERY, ISSUE, SERVICE, PREPAYMENT),
        with_status("作废"),
        Truth("status", "deleted_document", "correct_ledger"),
    ),
    OnPaper(
        "document_deleted",
        (DELIVERY, ISSUE, SERVICE, PAYMENT, COLLECTION),
        deleted,
        Truth("missing_in_subledger", "deleted_document", "correct_ledger"),
    ),
    OnPaper(
        "document_unapproved",
        (DELIVERY, SERVICE, PAYMENT),
        with_status("未审核"),
        Truth("status", "unapproved_document", "correct_subledger"),
    ),
    OnPaper(
        "figure_unreadable",
        (DELIVERY, SERVICE, COLLECTION),
        unreadable,
        Truth("status", "rejected_input", "correct_subledger"),
    ),
    Imported(
        "document_imported_twice",
        (SERVICE, PAYMENT),
        Truth("missing_in_ledger", "duplicate_import", "correct_subledger"),
    ),
    Backdated("entered_after_close", (ANY_ISSUE, ANY_DELIVERY)),
)
