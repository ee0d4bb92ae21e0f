"""Kinds of faults in what a voucher says: account, partner, digits, sign, tax.

Kinds with vouchers missing, repeated or in another period are in `vouchers`.
"""

from __future__ import annotations

from pipelines.demo.faults import amounts, edits
from pipelines.demo.faults.key import Truth
from pipelines.demo.faults.postings import (
    ADVANCED,
    APPLIED,
    COLLECTED,
    COST,
    COUNTED,
    ESTIMATED,
    INVOICE,
    ISSUE,
    PAID,
    PREPAID,
    RECEIPT,
    REVENUE,
    Posting,
    ledger,
)

_ENTRY_ERROR = "data_entry_error"
_TWO = "lines = 2 and not is_closing"

KINDS = (
    Posting(
        "stock_account",
        (COST, ISSUE),
        edits.to_account("140501", "140502"),
        ledger("account", "wrong_account"),
        where="list_contains(accounts, '140501') and not list_contains(accounts, '140502')",
    ),
    Posting(
        "cost_account",
        (COST,),
        edits.to_account("640102", "640101"),
        ledger("account", "wrong_account"),
        where="list_contains(accounts, '640102') and not list_contains(accounts, '640101')",
    ),
    Posting(
        "revenue_account",
        (REVENUE,),
        edits.to_account("600102", "6301"),
        ledger("account", "wrong_account"),
        where="list_contains(accounts, '600102') and len(accounts) = 3",
    ),
    Posting(
        "payable_account",
        (INVOICE, PAID),
        edits.to_account("220201", "2241"),
        ledger("account", "wrong_account"),
    ),
    Posting(
        "advance_as_receivable",
        (ADVANCED,),
        edits.to_account("2203", "1122"),
        ledger("account", "wrong_account"),
    ),
    Posting(
        "tax_column",
        (INVOICE,),
        edits.to_account("22210101", "22210109"),
        ledger("account", "wrong_account"),
        where="list_contains(accounts, '22210101')",
    ),
    Posting(
        "expensed_purchase",
        (INVOICE,),
        edits.to_account("140501", "660203"),
        ledger("account", "wrong_account"),
        where="list_contains(accounts, '140501') and len(accounts) = 3",
    ),
    Posting(
        "charge_on_stock",
        (INVOICE,),
        edits.to_account("660103", "140501"),
        Truth("account", "charge_not_allocated", "correct_subledger"),
        where="list_contains(accounts, '660103') and len(accounts) = 3",
    ),
    Posting(
        "group_company_wrong",
        (INVOICE, REVENUE),
        edits.to_group_company,
        ledger("dimension", "intercompany"),
        where="no in (select 来源单据编号 from line where 往来单位编码 in (from group_company))",
        is_partner=True,
    ),
    Posting(
        "partner_wrong",
        (INVOICE, REVENUE, PAID, ADVANCED),
        edits.to_partner,
        ledger("dimension", "wrong_party"),
        is_partner=True,
    ),
    Posting(
        "digits_swapped",
        (COLLECTED, ISSUE, COST, APPLIED),
        amounts.scaled(amounts.swapped),
        ledger("transposition", _ENTRY_ERROR),
        where=_TWO,
    ),
    Posting(
        "point_moved",
        (PREPAID, RECEIPT),
        amounts.scaled(amounts.slid),
        ledger("transposition", _ENTRY_ERROR),
        where=_TWO,
    ),
    Posting(
        "sign_turned",
        (ISSUE, COLLECTED, COUNTED, APPLIED),
        amounts.scaled(amounts.turned),
        ledger("sign", _ENTRY_ERROR),
        where=_TWO,
    ),
    Posting(
        "amount_retyped",
        (PAID, ISSUE, COST, ESTIMATED, APPLIED),
        amounts.scaled(amounts.retyped),
        ledger("amount", _ENTRY_ERROR),
        where=_TWO,
    ),
    Posting(
        "invoice_retyped",
        (INVOICE, REVENUE),
        amounts.partner_retyped,
        ledger("amount", _ENTRY_ERROR),
        where="lines = 3",
    ),
    Posting(
        "line_digits_swapped",
        (COST, COST),
        amounts.scaled_pair(amounts.swapped),
        ledger("transposition", _ENTRY_ERROR),
        where="lines > 3",
    ),
    Posting(
        "tax_on_total",
        (INVOICE, REVENUE),
        amounts.taxed_on_total,
        Truth("rounding", "rounding_point", "accepted"),
        where="(type, no) in (select type, no from tax_on_total)",
    ),
    Posting(
        "tax_rate",
        (INVOICE, REVENUE),
        amounts.taxed_at(9),
        ledger("amount", "tax_difference"),
        where="lines = 3",
    ),
    Posting(
        "gross_for_net",
        (INVOICE, REVENUE),
        amounts.gross,
        ledger("amount", "gross_for_net"),
        where="lines = 3",
        by_account={"222101": ledger("missing_in_ledger", "gross_for_net")},
    ),
)
