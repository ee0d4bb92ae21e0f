"""A small run folder with expected vouchers for the tests of voucher writers; no test lives here."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from pathlib import Path

_TYPES = {
    "line_no": "integer",
    "voucher_date": "date",
    "debit_amount": "decimal(18,2)",
    "credit_amount": "decimal(18,2)",
    "quantity": "decimal(18,4)",
    "document_line_no": "integer",
}

_LINES = """\
voucher_id|line_no|voucher_date|summary_zh|account_role|account_code|account_name|debit_amount|credit_amount|\
quantity|document_type|document_no|document_line_no|item_code|party_code|department_code
v-inv|1|2026-01-08|发票 FP-001, 甲"乙"|inventory|1405|库存商品|100.00|0|10|purchase_invoice|FP-001|1|A|V001|
v-inv|2|2026-01-08|采购发票 FP-001|inventory|1405|库存商品|200.10|0|2.5|purchase_invoice|FP-001|2|B|V001|
v-inv|3|2026-01-08|进项税|input_vat|2221.01.01|进项税额|13.00|0|10|purchase_invoice|FP-001|1|||
v-inv|4|2026-01-08|进项税|input_vat|2221.01.01|进项税额|26.01|0|2.5|purchase_invoice|FP-001b|2|||
v-inv|5|2026-01-08|应付|ap|2202|应付账款|0|113.00|10|purchase_invoice|FP-001|1|A|V001|
v-inv|6|2026-01-08|应付|ap|2202|应付账款|0|226.11|2.5|purchase_invoice|FP-001b|2|B|V001|
a-red|1|2026-01-01|红冲 RK-000|inventory|1405|库存商品|-5000.00|0|10|goods_receipt|RK-000|1|A|V002|
a-red|2|2026-01-01|红冲 RK-000|ap_estimated|2202.02|暂估|0|-5000.00||goods_receipt|RK-000|1||V002|
v-rk2|1|2026-01-08|暂估 RK-002|inventory|1405|库存商品|9999999999999.99|0|3|goods_receipt|RK-002|1|A|V001|
v-rk2|2|2026-01-08|暂估 RK-002|ap_estimated|2202.02|暂估|0|9999999999999.99||goods_receipt|RK-002|1||V001|
v-ck1|1|2026-01-31|结转成本|cost_of_sales|6401|主营业务成本|33.33|0|-4|delivery|CK-001|1|A|C001|
v-ck1|2|2026-01-31|结转成本|inventory|1405|库存商品|0|33.33|-4|delivery|CK-001|1|A|C001|
v-ck1|3|2026-01-31|赠品|inventory|1405|库存商品|0|0|-1|delivery|CK-001|2|A|C001|
v-ck2|1|2026-01-31|领用|admin_expense|6602|管理费用|0.07|0||delivery|CK-002|1|||D01
v-ck2|2|2026-01-31|领用|inventory|1405|库存商品|0|0.07|-0.0001|delivery|CK-002|1|0012||
v-map|1|2026-01-31|领用|?rd_expense|?rd_expense||1.00|0||delivery|CK-003|1|A||
v-map|2|2026-01-31|领用|inventory|1405|库存商品|0|1.00|-1|delivery|CK-003|1|A||
GIFT|1|2026-01-05|赠品|inventory|1405|库存商品|0|0|5|goods_receipt|RK-001|1|A|V001|
"""


def make_voucher_run(folder: Path, *, unmapped: bool = False) -> Path:
    """voucher_line.parquet with ordinary, red, very large and empty lines, on request one without an account;
    a ledger that has one of its vouchers, and another as a draft; names in state/.
    """
    (folder / "state").mkdir(parents=True)
    rows = list(csv.DictReader(io.StringIO(_LINES), delimiter="|", quoting=csv.QUOTE_NONE))
    marks = ", ".join(f"?::{_TYPES.get(name, 'varchar')} as {name}" for name in rows[0])
    with duckdb.connect() as connection:
        for position, row in enumerate(row for row in rows if unmapped or row["voucher_id"] != "v-map"):
            verb = "insert into voucher_line by name" if position else "create table voucher_line as"
            connection.execute(
                f"{verb} select '2026-01' as period, {marks}, 'text' as summary_en, 'e' as event_type,"
                " 'r1' as rule_id, 1 as rule_version, 'm-' || voucher_id as match_id",
                [value or None for value in row.values()],
            )
        connection.execute(f"""
            create table ledger_line as select * from (values
                ('记', '7', true, 'm-a-red'), ('记', '12', true, 'other'), ('收', '3', false, 'm-v-ck1'))
                as t(voucher_word, voucher_no, is_live, match_id);
            copy ledger_line to '{folder}/ledger_line.parquet' (format parquet);
            copy voucher_line to '{folder}/voucher_line.parquet' (format parquet);
            copy (select * from (values ('V001', '甲公司'), ('V002', '乙公司')) as t(party_code, name))
                to '{folder}/state/party.parquet' (format parquet);
            copy (select * from (values ('A', '螺丝', '件')) as t(item_code, name, stock_unit))
                to '{folder}/state/item.parquet' (format parquet);
            copy (select * from (values ('D01', '行政部')) as t(department_code, name))
                to '{folder}/state/department.parquet' (format parquet)""")
    return folder
