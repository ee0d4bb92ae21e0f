"""Payments, applications, open items, vouchers and account balances of the example company as extracts.

Stock documents are in `extracts.py`, master data in `master_extracts.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.demo import business, columns, company, currency, documents, posting
from pipelines.demo.arithmetic import sums
from pipelines.demo.extracts import WAREHOUSE_CODES
from pipelines.demo.frame import Frame, Ints, filled, stacked
from pipelines.demo.settling import ITEM_COLUMNS

if TYPE_CHECKING:
    from pipelines.demo.columns import Array
    from pipelines.demo.history import History

ACCOUNT_CODES = tuple(code for code, *_ in company.ACCOUNTS)
ACCOUNT_NAMES = tuple(name for _, name, *_ in company.ACCOUNTS)


def payments(history: History) -> tuple[Array, Ints]:
    """收付款单: payments, prepayments, collections and advances."""
    both = [history.payables.payments, history.receivables.payments]
    lines = stacked(both, ITEM_COLUMNS).ordered("day", "kind", "no")
    table = {
        "单据类型": columns.document_type(lines["kind"]),
        "单据编号": columns.document_no(lines["kind"], lines["no"]),
        "行号": pa.array(filled(len(lines), 1)),
        "单据日期": columns.day(lines["day"]),
        "往来单位编码": columns.picked(history.masters.party_codes, lines["party"]),
        "往来单位名称": columns.picked(history.masters.party_names, lines["party"]),
        "结算方式": columns.picked(("电汇", "网银", "承兑汇票"), lines["no"] % 7 % 3),
        "金额": columns.money(lines["amount"]),
        "制单人": columns.constant(company.MAKERS[0], len(lines)),
        "审核人": columns.constant(company.AUDITOR, len(lines)),
        "单据状态": columns.constant("已审核", len(lines)),
    }
    return pa.table(table), lines["day"]


def applications(history: History) -> tuple[Array, Ints]:
    """核销单: which payment or advance settles which invoice or delivery."""
    lines = history.applications
    names = {
        documents.D_PAYMENT: "付款核销",
        documents.D_PREPAYMENT: "预付冲应付",
        documents.D_COLLECTION: "收款核销",
        documents.D_ADVANCE: "预收冲应收",
    }
    texts = [names.get(kind, "") for kind in range(len(documents.PREFIXES))]
    table = {
        "单据编号": columns.document_no(filled(len(lines), documents.D_APPLICATION), lines["no"]),
        "行号": pa.array(lines["line"]),
        "单据日期": columns.day_text(lines["day"]),
        "核销方式": columns.picked(texts, lines["from_kind"]),
        "往来单位编码": columns.picked(history.masters.party_codes, lines["party"]),
        "来源单据编号": columns.document_no(lines["from_kind"], lines["from_no"]),
        "目标单据类型": columns.document_type(lines["to_kind"]),
        "目标单据编号": columns.document_no(lines["to_kind"], lines["to_no"]),
        "核销金额": columns.money(lines["amount"]),
        "单据状态": columns.constant("已审核", len(lines)),
    }
    return pa.table(table), lines["day"]


def opening_items(history: History) -> Array:
    """期初未结项目: what was open before the first period, item by item."""
    opening, masters = history.opening, history.masters
    kinds = (
        ("应付账款", opening.payables),
        ("应收账款", opening.receivables),
        ("预付账款", opening.prepayments),
        ("预收账款", opening.advances),
        ("暂估应付", opening.receipts),
    )
    names = ("kind", "no", "line", "day", "party", "item", "wh", "quantity", "amount", "label")
    lines = stacked([frame.having(label=number) for number, (_, frame) in enumerate(kinds)], names)
    is_goods = lines["item"] >= 0
    return pa.table(
        {
            "期初类别": columns.picked([label for label, _ in kinds], lines["label"]),
            "单据类型": columns.document_type(lines["kind"]),
            "单据编号": columns.document_no(lines["kind"], lines["no"]),
            "行号": pa.array(np.maximum(lines["line"], 1)),
            "单据日期": columns.day(lines["day"]),
            "到期日": columns.optional(columns.day(lines["day"] + 45), ~is_goods),
            "往来单位编码": columns.picked(masters.party_codes, lines["party"]),
            "存货编码": columns.picked(masters.item_codes, lines["item"]),
            "仓库编码": columns.picked(WAREHOUSE_CODES, lines["wh"]),
            "数量": columns.optional(columns.quantity(lines["quantity"]), is_goods),
            "金额": columns.money(lines["amount"]),
        }
    )


def vouchers(history: History) -> tuple[Array, Ints]:
    """凭证: every ledger line, with the business document behind it."""
    lines, masters = history.lines, history.masters
    automatic = lines["kind"] != documents.D_NONE
    closing = np.isin(lines["cause"], (posting.TAX_TRANSFER, posting.CLOSING, posting.YEAR_END))
    makers = company.MAKERS
    table = {
        "会计期间": columns.picked(history.calendar.labels, lines["period"]),
        "凭证字": columns.constant("记", len(lines)),
        "凭证号": pa.array(lines["voucher"]),
        "分录号": pa.array(lines["line"]),
        "凭证日期": columns.day(lines["day"]),
        "摘要": _summary(history),
        "科目编码": columns.picked(ACCOUNT_CODES, lines["account"]),
        "科目名称": columns.picked(ACCOUNT_NAMES, lines["account"]),
        "借方金额": columns.optional(columns.money(lines["debit"]), lines["debit"] != 0),
        "贷方金额": columns.optional(columns.money(lines["credit"]), lines["credit"] != 0),
        **_in_dollars(history),
        "数量": columns.optional(columns.quantity(lines["units"]), lines["units"] != 0),
        "往来单位编码": columns.picked(masters.party_codes, lines["party"]),
        "来源模块": columns.picked(("总账", "供应链", "应收应付"), _module(lines)),
        "来源单据类型": columns.document_type(lines["kind"]),
        "来源单据编号": _document_no(history),
        "机制凭证": columns.flag(automatic | closing),
        "凭证性质": columns.picked(("正常", "损益结转"), closing.astype(np.int64)),
        "附件数": pa.array(np.where(closing, 0, 1)),
        "凭证状态": columns.constant("已记账", len(lines)),
        "制单人": columns.picked(makers, np.where(automatic, 1 + lines["kind"] % 3, 0)),
        "审核人": columns.constant(company.AUDITOR, len(lines)),
        "记账人": columns.constant(company.POSTER, len(lines)),
    }
    return pa.table(table), lines["day"]


def _in_dollars(history: History) -> dict[str, Array]:
    """币种, 汇率 and original amounts of what is owed for invoices in dollars; other accounts are in yuan."""
    lines, bills = history.lines, history.billing.invoices
    number, first, place = np.unique(bills["no"], return_index=True, return_inverse=True)
    billed = sums(place, bills["original"] + bills["original_tax"], len(number))
    row = np.minimum(np.searchsorted(number, lines["no"]), len(number) - 1)
    is_it = (lines["cause"] == posting.INVOICED) & (lines["account"] == posting.account("220201"))
    is_it &= currency.is_foreign(history.masters, lines["party"]) == 1
    original = billed[row]
    return {
        "币种": columns.picked(currency.CODES, np.where(is_it, 1, -1)),
        "汇率": columns.optional(columns.decimal(bills["rate"][first][row], 4), is_it),
        "原币借方金额": columns.optional(columns.money(original), is_it & (lines["debit"] != 0)),
        "原币贷方金额": columns.optional(columns.money(original), is_it & (lines["credit"] != 0)),
    }


def _module(lines: Frame) -> Ints:
    money = np.isin(lines["kind"], range(documents.D_PAYMENT, documents.D_APPLICATION + 1))
    return np.where(lines["kind"] == documents.D_NONE, 0, np.where(money, 2, 1))


def _document_no(history: History) -> Array:
    """As the document is numbered; what is allocated once a month has the number of its month."""
    lines = history.lines
    month = columns.picked(history.calendar.labels, lines["period"])
    is_month = pa.array(lines["kind"] == documents.D_ALLOCATION)
    return pc.if_else(is_month, month, columns.document_no(lines["kind"], lines["no"]))


def _summary(history: History) -> Array:
    """采购发票 2644…: what happened and the document; manual vouchers say what they are."""
    lines = history.lines
    texts = posting.CAUSE_NAMES + business.LABELS
    label = np.where(
        lines["cause"] == posting.BUSINESS,
        len(posting.CAUSE_NAMES) + lines["no"] % 10**history.width,
        lines["cause"],
    )
    number = pc.fill_null(_document_no(history), "")
    return pc.utf8_rtrim_whitespace(pc.binary_join_element_wise(columns.picked(texts, label), number, " "))


def balances(history: History) -> tuple[Array, Ints]:
    """科目余额表: opening, turnover and closing of every leaf account, each balance on its side."""
    leaves = np.array(
        [n for n, code in enumerate(ACCOUNT_CODES) if code not in company.PARENTS], dtype=np.int64
    )
    grids, periods = history.balances, history.calendar.periods
    period = np.repeat(np.arange(periods, dtype=np.int64), len(leaves))
    account = np.tile(leaves, periods)
    opening, closing = grids.opening[period, account], grids.closing[period, account]
    amounts = {
        "期初借方余额": np.maximum(opening, 0),
        "期初贷方余额": np.maximum(-opening, 0),
        "本期借方发生额": grids.debit[period, account],
        "本期贷方发生额": grids.credit[period, account],
        "期末借方余额": np.maximum(closing, 0),
        "期末贷方余额": np.maximum(-closing, 0),
    }
    table = {
        "会计期间": columns.picked(history.calendar.labels, period),
        "科目编码": columns.picked(ACCOUNT_CODES, account),
        "科目名称": columns.picked(ACCOUNT_NAMES, account),
        **{name: columns.money(values) for name, values in amounts.items()},
    }
    return pa.table(table), history.calendar.starts[period]
