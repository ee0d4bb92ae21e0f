"""Every rule of the gate: a sound delivery meets it, a spoiled one does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from expectations.validation import counts_sql
from pipelines.contract import load_contract
from tests.unit.gate_delivery import add, faults, landed, new_candidate, sound_delivery, suites

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

GL = "update raw.gl_entry_line set {} where voucher_no = '1' and line_no = '1'"
RECEIPT = "update raw.goods_receipt_line set {} where line_no = '1'"
INVOICE = "update raw.purchase_invoice_line set {}"
MOVEMENT = "update raw.stock_movement_line set {}"
COPIED = (
    "insert into raw.landed_file select table_name, extract, 'inbox/copy.csv', sha256, rows, 0, rows, 0, 0 "
    "from raw.landed_file where table_name = 'goods_receipt_line'"
)
INPUT_TAX = (
    "update settings.books set taxpayer = 'small_scale'; "
    "update raw.account set name = '应交增值税-进项税额' where account_code = '1405'"
)
NO_STOCK = "delete from raw.goods_receipt_line; delete from raw.stock_movement_line"

# table, expectation, what is done to the delivery, how many faults it makes
BLOCKING = [
    ("account", "mapped_accounts_are_leaf",
     "update raw.account set is_leaf = '否' where account_code = '1405'", 1),
    ("account", "mapped_accounts_are_active",
     "update raw.account set is_active = '否' where account_code = '1405'", 1),
    ("item", "table_has_rows", "delete from raw.item", 1),
    ("account", "table_has_rows", "delete from raw.account", 1),
    ("gl_entry_line", "table_has_rows", "delete from raw.gl_entry_line", 1),
    ("goods_receipt_line", "stock_documents_have_rows", NO_STOCK, 1),
    ("goods_receipt_line", "item_code_is_delivered", "update raw.goods_receipt_line set item_code = null", 1),
    ("goods_receipt_line", "item_code_is_delivered", "update raw.goods_receipt_line set item_code = '  '", 1),
    ("goods_receipt_line", "key_is_unique", "update raw.goods_receipt_line set line_no = '01.0'", 1),
    ("goods_receipt_line", "file_is_delivered_once",
     COPIED, 1),
    ("goods_receipt_line", "row_count_agrees", "delete from raw.goods_receipt_line where line_no = '2'", 1),
    ("goods_receipt_line", "amount_total_agrees", RECEIPT.format("amount = '100.01'"), 1),
    ("account", "chart_follows_standard", "update settings.books set standard = 'small_business'", 2),
    ("account", "chart_follows_standard",
     "update raw.account set name = '主营业务收入' where account_code = '5001'", 1),
    ("account", "no_input_tax_accounts",
     INPUT_TAX, 1),
    ("account", "mapped_accounts_exist", "insert into settings.account_map values ('ar', '1122')", 1),
    ("gl_entry_line", "vouchers_balance", GL.format("debit_amount = '0.31'"), 1),
    ("gl_entry_line", "debit_amount_is_readable", GL.format("debit_amount = '三角'"), 1),
    ("gl_entry_line", "debit_amount_has_two_decimals", GL.format("debit_amount = '0.305'"), 1),
    ("gl_entry_line", "voucher_date_is_readable", GL.format("voucher_date = '2026-01-32'"), 1),
    ("gl_entry_line", "account_code_is_given", GL.format("account_code = null"), 1),
    ("gl_entry_line", "voucher_no_is_given", GL.format("voucher_no = ''"), 1),
    ("gl_entry_line", "status_is_in_list", GL.format("status = '不知道'"), 1),
    ("gl_entry_line", "row_is_not_a_total", GL.format("account_code = '合计：'"), 1),
    ("gl_entry_line", "row_is_not_a_total", GL.format("voucher_date = '合计'"), 1),
    ("gl_entry_line", "row_is_not_a_total", GL.format("account_code = null, summary = '本页合计'"), 1),
    ("gl_entry_line", "period_is_readable", GL.format("period = '第十三期'"), 1),
]  # fmt: skip
WARNING = [
    ("warehouse", "goods_of_others_have_no_value",
     "update raw.warehouse set ownership = '代管', is_valued = '是' where _row_id = 1", 1),
    ("gl_entry_line", "line_names_the_dimensions_of_its_account",
     "update raw.account set dimensions = '部门核算,客户往来' where account_code = '1405'", 4),
    ("gl_entry_line", "line_names_the_dimensions_of_its_account",
     "update raw.account set dimensions = 'Cost_Center' where account_code = '1405'", 2),
    ("gl_entry_line", "voucher_date_is_no_placeholder",
     "update raw.gl_entry_line set voucher_date = '19000101', period = '2026-01' where line_no = '1'", 2),
    ("goods_receipt_line", "headers_have_no_stray_blank",
     "insert into raw.delivered_header select 'goods_receipt_line', 'R.csv', 1, unnest(['Line_ No', 'Line_No', 'Line No'])",
     1),
    ("goods_receipt_line", "quantity_is_readable", RECEIPT.format("quantity = '十'"), 1),
    ("goods_receipt_line", "document_date_is_readable", RECEIPT.format("document_date = '5号'"), 1),
    ("goods_receipt_line", "document_no_is_given", RECEIPT.format("document_no = null"), 1),
    ("goods_receipt_line", "row_is_not_a_total", RECEIPT.format("document_no = '合 计'"), 1),
    ("goods_receipt_line", "row_is_not_a_total", RECEIPT.format("document_no = null, document_date = '合计'"), 1),
    ("item", "row_is_not_a_total", "update raw.item set item_code = '总计'", 1),
    ("item_cost", "row_is_not_a_total", "update raw.item_cost set item_code = '合计'", 1),
    ("goods_receipt_line", "unit_is_known", RECEIPT.format("unit = '打'"), 1),
    ("goods_receipt_line", "unit_is_known", "update raw.unit_conversion set to_unit = '公斤'", 1),
    ("goods_receipt_line", "unit_is_known", "update raw.unit_conversion set item_code = 'A2'", 1),
    ("goods_receipt_line", "unit_is_known", "update raw.unit_conversion set factor = '0'", 1),
    ("goods_receipt_line", "unit_price_gives_a_value", RECEIPT.format("amount = null, unit_price = '-3'"), 1),
    ("goods_receipt_line", "item_code_is_known", RECEIPT.format("item_code = 'A2'"), 1),
    ("goods_receipt_line", "warehouse_code_is_known", RECEIPT.format("warehouse_code = 'W9'"), 1),
    ("goods_receipt_line", "party_code_is_known", RECEIPT.format("party_code = 'S9'"), 1),
    ("goods_receipt_line", "status_is_in_list", RECEIPT.format("status = '已审了'"), 1),
    ("goods_receipt_line", "quantity_is_not_zero", RECEIPT.format("quantity = '0.00'"), 1),
    ("goods_receipt_line", "unit_price_is_not_negative", RECEIPT.format("unit_price = '(3)'"), 1),
    ("goods_receipt_line", "worth_is_given", RECEIPT.format("amount = null"), 1),
    ("goods_receipt_line", "amount_has_two_decimals", RECEIPT.format("amount = '1.001'"), 1),
    ("goods_receipt_line", "date_is_in_period", RECEIPT.format("posting_date = '2026-02-01'"), 1),
    ("goods_receipt_line", "file_has_rows_of_the_period",
     "update raw.landed_file set period_rows = 0, earlier_rows = rows, extract = 'inbox/{period}/x.csv'", 1),
    ("stock_movement_line", "quantity_is_not_zero", MOVEMENT.format("quantity = '0'"), 1),
    ("stock_movement_line", "transfer_has_two_warehouses",
     MOVEMENT.format("counterpart_warehouse_code = 'W1'"), 1),
    ("stock_movement_line", "transfer_has_two_warehouses",
     MOVEMENT.format("counterpart_warehouse_code = null"), 1),
    ("stock_movement_line", "counterpart_warehouse_code_is_known",
     MOVEMENT.format("counterpart_warehouse_code = 'W9'"), 1),
    ("purchase_invoice_line", "tax_agrees_with_rate", INVOICE.format("tax_amount = '130.07'"), 1),
    ("purchase_invoice_line", "tax_of_invoice_agrees", INVOICE.format("tax_amount = '131.28'"), 1),
    ("purchase_invoice_line", "gross_is_net_plus_tax", INVOICE.format("gross_amount = '1130.01'"), 1),
    ("purchase_invoice_line", "worth_is_given", INVOICE.format("net_amount = null, gross_amount = null"), 1),
    ("purchase_invoice_line", "tax_rate_is_readable", INVOICE.format("tax_rate = '一般'"), 1),
    ("gl_entry_line", "voucher_numbers_are_continuous",
     "update raw.gl_entry_line set voucher_no = '5' where voucher_no = '2'", 1),
    ("gl_entry_line", "voucher_numbers_are_continuous",
     "update raw.gl_entry_line set voucher_no = '3' where voucher_no = '1'", 1),
    ("gl_entry_line", "line_has_one_side", GL.format("credit_amount = '1'"), 1),
    ("gl_entry_line", "period_agrees_with_date", GL.format("period = '2026.02'"), 1),
    ("gl_entry_line", "voucher_is_audited_by_another", GL.format("audited_by = '张'"), 1),
    ("gl_entry_line", "account_code_is_known", GL.format("account_code = '1406'"), 1),
    ("opening_item_line", "opening_items_are_given", "update settings.period set is_first_period = true", 1),
    ("goods_receipt_line", "document_numbers_are_continuous",
     "update raw.goods_receipt_line set document_no = if(line_no = '1', 'R-09', 'R-11')", 1),
    ("gl_balance", "balance_rolls_forward", "update raw.gl_balance set debit_amount = '1'", 2),
    ("gl_balance", "closing_balances_net_to_zero",
     "update raw.gl_balance set closing_amount = '2.31' where account_code = '1405'", 1),
    ("gl_balance", "opening_balances_net_to_zero",
     "update raw.gl_balance set opening_amount = '7.01' where account_code = '1405'", 1),
]  # fmt: skip


@pytest.fixture(scope="module")
def candidate() -> duckdb.DuckDBPyConnection:
    return sound_delivery()


@pytest.fixture
def delivered(candidate: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    candidate.begin()
    yield candidate
    candidate.rollback()


def severity_of(connection: duckdb.DuckDBPyConnection, table: str, expectation: str) -> str:
    (check,) = [check for check in suites(connection)[1][table] if check.name == expectation]
    return check.severity


def test_a_sound_delivery_has_no_fault(candidate: duckdb.DuckDBPyConnection) -> None:
    found = faults(candidate)
    assert [key for key, count in found.items() if count] == []
    never_run = {(table, name) for table, name, _, _ in BLOCKING + WARNING} - set(found)
    assert never_run == {  # on columns that the sound delivery has not, and of another taxpayer
        ("gl_entry_line", "period_is_readable"), ("gl_entry_line", "status_is_in_list"), ("account", "no_input_tax_accounts"),
    } - set(found)  # fmt: skip


@pytest.mark.parametrize(("table", "expectation", "spoil", "count"), BLOCKING)
def test_a_fact_about_the_delivery_blocks(
    delivered: duckdb.DuckDBPyConnection, table: str, expectation: str, spoil: str, count: int
) -> None:
    delivered.execute(spoil)
    assert faults(delivered, table)[table, expectation] == count
    assert severity_of(delivered, table, expectation) == "block"


@pytest.mark.parametrize(("table", "expectation", "spoil", "count"), WARNING)
def test_a_fact_about_a_row_warns(
    delivered: duckdb.DuckDBPyConnection, table: str, expectation: str, spoil: str, count: int
) -> None:
    delivered.execute(spoil)
    assert faults(delivered, table)[table, expectation] == count
    assert severity_of(delivered, table, expectation) == "warn"


def test_amounts_are_compared_exactly(delivered: duckdb.DuckDBPyConnection) -> None:
    delivered.execute("delete from raw.gl_entry_line")
    for line, (debit, credit) in enumerate([("90071992547409.93", ""), ("", "90071992547409.92")], 1):
        add(delivered, "gl_entry_line", voucher_no="1", line_no=str(line), voucher_date="2026-01-31",
            account_code="1405", debit_amount=debit, credit_amount=credit)  # fmt: skip
    assert faults(delivered, "gl_entry_line")["gl_entry_line", "vouchers_balance"] == 1


def test_a_red_entry_balances_on_its_own_side(delivered: duckdb.DuckDBPyConnection) -> None:
    delivered.execute(
        "update raw.gl_entry_line set debit_amount = '(5.00)' where voucher_no = '2' and line_no = '1'"
    )
    assert faults(delivered, "gl_entry_line")["gl_entry_line", "vouchers_balance"] == 0


def test_numbers_that_do_not_run_on_are_no_gaps(delivered: duckdb.DuckDBPyConnection) -> None:
    delivered.execute("update raw.goods_receipt_line set document_no = '20260105' || line_no || '77'")
    assert (
        faults(delivered, "goods_receipt_line")["goods_receipt_line", "document_numbers_are_continuous"] == 0
    )


def test_the_same_voucher_number_in_two_series_is_two_vouchers(delivered: duckdb.DuckDBPyConnection) -> None:
    delivered.execute(
        "update raw.gl_entry_line set voucher_word = '收', voucher_no = '1' where voucher_no = '2'"
    )
    found = faults(delivered)
    assert found["gl_entry_line", "key_is_unique"] == 0
    assert found["gl_entry_line", "vouchers_balance"] == 0
    assert found["gl_entry_line", "voucher_numbers_are_continuous"] == 0


def test_an_account_nobody_mapped_is_not_a_fault(delivered: duckdb.DuckDBPyConnection) -> None:
    delivered.execute("delete from settings.account_map")
    assert [key for key, count in faults(delivered).items() if count] == []


def test_a_parent_account_is_not_counted_twice(
    delivered: duckdb.DuckDBPyConnection,
) -> None:
    add(delivered, "account", account_code="14", name="存货", is_leaf="否")
    delivered.execute("update raw.account set parent_code = '14' where account_code = '1405'")
    add(delivered, "gl_balance", period="2026-01", account_code="14", opening_amount="7.00",
        debit_amount="-4.70", closing_amount="2.30")  # fmt: skip
    landed(delivered)
    assert [key for key, count in faults(delivered).items() if count] == []


def test_tax_may_be_off_by_the_rounding_of_a_line(delivered: duckdb.DuckDBPyConnection) -> None:
    delivered.execute(INVOICE.format("tax_amount = '130.06', gross_amount = '1130.06'"))
    assert faults(delivered, "purchase_invoice_line")["purchase_invoice_line", "tax_agrees_with_rate"] == 0


def test_one_workbook_with_two_sheets_is_one_file(delivered: duckdb.DuckDBPyConnection) -> None:
    delivered.execute(
        "insert into raw.landed_file select 'item', 'item', file, 'same', 1, 0, 0, 0, 1 from "
        "(values ('a.xlsx[一]'), ('a.xlsx[二]'), ('b.zip/x.csv'), ('b.zip/y/z.csv')) as files(file)"
    )
    assert faults(delivered, "item")["item", "file_is_delivered_once"] == 1
    delivered.execute("delete from raw.landed_file where file like 'b.zip%'")
    assert faults(delivered, "item")["item", "file_is_delivered_once"] == 0


@pytest.mark.parametrize(("allowed", "expected"), [(0, True), (1, True), (2, False)])
def test_more_rejected_rows_than_allowed_block(
    delivered: duckdb.DuckDBPyConnection, allowed: int, expected: bool
) -> None:
    delivered.execute("update raw.goods_receipt_line set quantity = 'x'")
    delivery, all_suites = suites(delivered, {"goods_receipt_line": allowed})
    checks = {check.name: check for check in all_suites["goods_receipt_line"]}
    limit = checks["rejected_rows_within_limit"]
    (found,) = delivered.execute(counts_sql("goods_receipt_line", [limit], delivery)).fetchall()
    assert (found[1] > limit.allowed) is expected
    assert limit.severity == "block"


def test_optional_tables_without_a_delivery_are_not_checked() -> None:
    tables = {table for table, _ in faults(new_candidate())}
    assert tables == {"item", "account", "gl_entry_line", "goods_receipt_line", "opening_item_line"}


@pytest.mark.parametrize("name", sorted(n for n, t in load_contract().tables.items() if t.processed))
def test_every_processed_table_has_a_suite(delivered: duckdb.DuckDBPyConnection, name: str) -> None:
    table = load_contract().tables[name]
    add(delivered, name, **dict.fromkeys(table.columns, "1"))
    names = [check.name for check in suites(delivered)[1][name]]
    assert len(names) == len(set(names))
    assert {f"{column.name}_is_delivered" for column in table.required} <= set(names)
    assert sum(faults(delivered, name).values()) > 0
