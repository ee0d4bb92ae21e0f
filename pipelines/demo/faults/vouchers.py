"""Kinds of faults in whole vouchers: not there, not posted, there twice, in another period, lines left out.

Kinds with a wrong account, partner or amount are in `figures`.
"""

from __future__ import annotations

from pipelines.demo.faults import edits
from pipelines.demo.faults.key import Truth
from pipelines.demo.faults.postings import (
    ADVANCED,
    APPLIED,
    COLLECTED,
    COST,
    COUNTED,
    INVOICE,
    ISSUE,
    LATE_COST,
    PAID,
    PREPAID,
    RECEIPT,
    REVENUE,
    Posting,
    ledger,
)

_DELIVERY = "type = '销售出库单'"
_LATE = Truth("period", "wrong_period", "timing")

KINDS = (
    Posting(
        "voucher_missing",
        (INVOICE, REVENUE, ISSUE, RECEIPT, PAID, COLLECTED, APPLIED),
        edits.missing,
        ledger("missing_in_ledger", "document_not_vouchered"),
    ),
    Posting(
        "cost_missing",
        (COST, COST),
        edits.missing,
        ledger("missing_in_ledger", "revenue_without_cost"),
        where=_DELIVERY,
    ),
    Posting(
        "count_missing", (COUNTED, COUNTED), edits.missing, ledger("missing_in_ledger", "count_not_vouchered")
    ),
    Posting(
        "late_cost_missing",
        (LATE_COST,),
        edits.missing,
        ledger("partial", "invoice_price_difference"),
        by_account={"64": ledger("missing_in_ledger", "invoice_price_difference")},
    ),
    Posting(
        "voucher_unposted",
        (INVOICE, REVENUE, ISSUE, COLLECTED),
        edits.with_status("未记账"),
        ledger("status", "voucher_not_posted"),
    ),
    Posting(
        "voucher_draft", (COST, PREPAID), edits.with_status("草稿"), ledger("status", "voucher_not_posted")
    ),
    Posting(
        "voucher_void", (PAID, RECEIPT), edits.with_status("作废"), ledger("status", "voucher_not_posted")
    ),
    Posting(
        "voucher_reversed",
        (ISSUE, INVOICE),
        edits.reversed_once,
        ledger("status", "document_not_vouchered"),
    ),
    Posting(
        "voucher_twice",
        (INVOICE, REVENUE, COST, PAID, ADVANCED),
        edits.twice,
        ledger("duplicate", "duplicate_posting"),
    ),
    Posting(
        "posted_late",
        (INVOICE, REVENUE, ISSUE, PAID),
        edits.in_period(1, 4),
        ledger("missing_in_ledger", "document_not_vouchered"),
        where="period < {last}",
        later=_LATE,
    ),
    Posting(
        "cost_late",
        (COST,),
        edits.in_period(1, 4),
        ledger("missing_in_ledger", "revenue_without_cost"),
        where=f"period < {{last}} and {_DELIVERY}",
        later=_LATE,
    ),
    Posting(
        "posted_two_late",
        (INVOICE, ISSUE),
        edits.in_period(2, 4),
        ledger("missing_in_ledger", "document_not_vouchered"),
        where="period < {last} - 1",
        later=_LATE,
    ),
    Posting(
        "voucher_again_later",
        (INVOICE, COST, PAID),
        edits.again_later,
        ledger("duplicate", "duplicate_posting"),
        where="period < {last}",
    ),
    Posting(
        "voucher_reversed_later",
        (INVOICE, COLLECTED),
        edits.reversed_later,
        ledger("status", "document_not_vouchered"),
        where="period < {last}",
    ),
    Posting(
        "posted_early",
        (INVOICE,),
        edits.in_period(-1, -3),
        Truth("missing_in_subledger", "wrong_period", "timing"),
        where="period > 0",
        later=_LATE,
    ),
    Posting(
        "posted_early",
        (REVENUE, REVENUE),
        edits.in_period(-1, -3),
        _LATE,
        where="period > 0",
        later=_LATE,
    ),
    Posting(
        "lines_missing",
        (COST, COST, ISSUE),
        edits.shortened,
        ledger("partial", "document_not_vouchered"),
        where="lines >= 4",
    ),
)
