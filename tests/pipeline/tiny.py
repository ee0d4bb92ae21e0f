"""The smallest company that buys, sells and closes: one item, three months, every figure worked out by hand.

Generated companies of any size are in `pipelines/demo`; here each amount can be checked with pencil and
paper.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

BOOKS = """\
books: tiny
name: 一人公司
standard: cas
language: en
first_period: 2026-01
costing: {method: moving_average, pool: company}
extracts:
  - {table: item, path: inbox/item.csv}
  - {table: warehouse, path: inbox/warehouse.csv}
  - {table: party, path: inbox/party.csv}
  - {table: account, path: inbox/account.csv}
  - {table: goods_receipt_line, path: "inbox/{period}/goods_receipt_line.csv"}
  - {table: purchase_invoice_line, path: "inbox/{period}/purchase_invoice_line.csv"}
  - {table: delivery_line, path: "inbox/{period}/delivery_line.csv"}
  - {table: gl_entry_line, path: "inbox/{period}/gl_entry_line.csv"}
"""

ACCOUNTS = [
    ("1122", "应收账款", "ar"),
    ("1405", "库存商品", "inventory"),
    ("2202", "应付账款", "ap"),
    ("220202", "暂估应付账款", "ap_estimated"),
    ("22210101", "进项税额", "input_vat"),
    ("22210106", "销项税额", "output_vat"),
    ("6001", "主营业务收入", "revenue"),
    ("6401", "主营业务成本", "cost_of_sales"),
]

RECEIPT = [
    "document_no",
    "line_no",
    "document_date",
    "party_code",
    "item_code",
    "warehouse_code",
    "quantity",
    "unit_price",
    "amount",
    "tax_rate",
]
INVOICE = [
    "document_no",
    "line_no",
    "invoice_date",
    "posting_date",
    "party_code",
    "item_code",
    "quantity",
    "net_amount",
    "tax_amount",
    "gross_amount",
    "stock_document_no",
    "stock_line_no",
]
DELIVERY = RECEIPT
ENTRY = [
    "period",
    "voucher_word",
    "voucher_no",
    "line_no",
    "voucher_date",
    "summary",
    "account_code",
    "debit_amount",
    "credit_amount",
    "party_code",
    "source_document_type",
    "source_document_no",
]

Row = Sequence[object]


def entries(period: str, day: str, *vouchers: tuple[str, str, Sequence[tuple[str, str, str]]]) -> list[Row]:
    """Ledger lines from vouchers: (document type, document number, lines of account, debit, credit)."""
    return [
        (
            period,
            "记",
            number,
            line,
            day,
            "凭证",
            account,
            debit,
            credit,
            {"1122": "C1", "2202": "S1", "220202": "S1"}.get(account, ""),
            kind,
            document,
        )
        for number, (kind, document, lines) in enumerate(vouchers, 1)
        for line, (account, debit, credit) in enumerate(lines, 1)
    ]


def sale(
    document: str, gross: str, net: str, tax: str, cost: str
) -> tuple[str, str, list[tuple[str, str, str]]]:
    """The voucher of a delivery: revenue, tax and cost."""
    return (
        "delivery",
        document,
        [
            ("1122", gross, ""),
            ("6001", "", net),
            ("22210106", "", tax),
            ("6401", cost, ""),
            ("1405", "", cost),
        ],
    )


# January: 10 bought at 5.00 and billed; 4 sold at 10.00, cost 4 × 5.00 = 20.00; 6 left, worth 30.00.
# February: 5 received at 5.20, not billed; 11 in stock, worth 56.00; 2 sold: 56.00 × 2 / 11 = 10.18; 9
# left, 45.82.
# March: February's estimate reversed and posted again, still not billed; 3 sold: 45.82 × 3 / 9 = 15.27; 6
# left, 30.55.
MONTHS: dict[str, dict[str, tuple[list[str], list[Row]]]] = {
    "2026-01": {
        "goods_receipt_line": (
            RECEIPT,
            [("R1", 1, "2026-01-05", "S1", "A", "W", "10", "5.00", "50.00", "0.13")],
        ),
        "purchase_invoice_line": (
            INVOICE,
            [("P1", 1, "2026-01-08", "2026-01-08", "S1", "A", "10", "50.00", "6.50", "56.50", "R1", 1)],
        ),
        "delivery_line": (DELIVERY, [("D1", 1, "2026-01-20", "C1", "A", "W", "4", "10.00", "40.00", "0.13")]),
        "gl_entry_line": (
            ENTRY,
            entries(
                "2026-01",
                "2026-01-31",
                (
                    "purchase_invoice",
                    "P1",
                    [("1405", "50.00", ""), ("22210101", "6.50", ""), ("2202", "", "56.50")],
                ),
                sale("D1", "45.20", "40.00", "5.20", "20.00"),
            ),
        ),
    },
    "2026-02": {
        "goods_receipt_line": (
            RECEIPT,
            [("R2", 1, "2026-02-10", "S1", "A", "W", "5", "5.20", "26.00", "0.13")],
        ),
        "purchase_invoice_line": (INVOICE, []),
        "delivery_line": (DELIVERY, [("D2", 1, "2026-02-20", "C1", "A", "W", "2", "10.00", "20.00", "0.13")]),
        "gl_entry_line": (
            ENTRY,
            entries(
                "2026-02",
                "2026-02-28",
                ("goods_receipt", "R2", [("1405", "26.00", ""), ("220202", "", "26.00")]),
                sale("D2", "22.60", "20.00", "2.60", "10.18"),
            ),
        ),
    },
    "2026-03": {
        "goods_receipt_line": (RECEIPT, []),
        "purchase_invoice_line": (INVOICE, []),
        "delivery_line": (DELIVERY, [("D3", 1, "2026-03-20", "C1", "A", "W", "3", "10.00", "30.00", "0.13")]),
        "gl_entry_line": (
            ENTRY,
            entries(
                "2026-03",
                "2026-03-31",
                ("goods_receipt", "R2", [("1405", "-26.00", ""), ("220202", "", "-26.00")]),
                ("goods_receipt", "R2", [("1405", "26.00", ""), ("220202", "", "26.00")]),
                sale("D3", "33.90", "30.00", "3.90", "15.27"),
            ),
        ),
    },
}


def write_books(root: Path, months: Sequence[str] = tuple(MONTHS)) -> Path:
    """Write the books with the deliveries of these months into the new folder `root`; returns it."""
    inbox = root / "inbox"
    inbox.mkdir(parents=True)
    (root / "books.yml").write_text(BOOKS, "utf-8")
    write(
        root / "account_map.csv",
        ["account_role", "account_code"],
        [(role, code) for code, _, role in ACCOUNTS],
    )
    write(inbox / "item.csv", ["item_code", "name", "category", "is_stocked"], [("A", "螺丝", "goods", "是")])
    write(inbox / "warehouse.csv", ["warehouse_code", "name"], [("W", "主仓")])
    write(inbox / "party.csv", ["party_code", "name"], [("S1", "供应商"), ("C1", "客户")])
    write(inbox / "account.csv", ["account_code", "name"], [(code, name) for code, name, _ in ACCOUNTS])
    for month in months:
        deliver(root, month)
    return root


def deliver(root: Path, month: str) -> None:
    """Put one month's files into the inbox."""
    for table, (header, rows) in MONTHS[month].items():
        write(root / "inbox" / month / f"{table}.csv", header, rows)


def edit(path: Path, old: str, new: str) -> None:
    """Change a text where it stands first; it must stand there."""
    text = path.read_text("utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), "utf-8")


def write(path: Path, header: Sequence[str], rows: Sequence[Row]) -> None:
    """A CSV file as a system would deliver it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([header, *rows])
