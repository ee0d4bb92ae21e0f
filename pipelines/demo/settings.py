"""The settings of the example books: books.yml, account_map.csv and posting_rules.csv as text.

Which extracts there are is listed here too, so that a file without an entry is seen at once.
"""

from __future__ import annotations

import re

from pipelines.contract import load_contract
from pipelines.demo import company, documents

_HEAD = """\
# 示例账套：由 `tieout demo` 生成。Example books, made by `tieout demo`; every key is explained in the README.
books: demo
name: {name}
currency: CNY
standard: cas
taxpayer: general
language: zh
first_period: {first_period}
periods: calendar_month
costing:
  cost_of_record: recomputed
  method: moving_average            # 移动加权平均
  pool: warehouse                   # 按仓库核算
  overrides:
    - {{category: PKG, method: fifo}}               # 包装物：先进先出
    - {{category: RAW, method: periodic_average}}   # 原材料：月末一次加权平均
    - {{category: MAT, method: periodic_average}}   # 主要材料：月末一次加权平均；自制产品按移动平均
    - {{category: STD, method: standard}}           # 标准件：计划成本
    - {{category: LOT, method: specific}}           # 批次外购件：个别计价（按批号）
  movement_order: date
  unit_cost_decimals: exact
  customer_return: original_cost
  supplier_return: original_cost
  late_cost: stock
  negative_stock: estimate_and_true_up
posting:
  estimated_receipts: month_start_reversal   # 月初回冲
  revenue_on: delivery
  cost_of_sales_on: delivery
  advance_tax: gross
materiality: {{default: 0.00}}
document_types:                     # 总账凭证上的来源单据类型
"""

_EXTRACTS = """\
- {table: item, path: "inbox/{period}/存货档案.{suffix}"}
- {table: unit_conversion, path: inbox/基础资料/单位换算.{suffix}}
- {table: warehouse, path: inbox/基础资料/仓库档案.{suffix}}
- {table: department, path: inbox/基础资料/部门档案.{suffix}}
- {table: party, path: inbox/基础资料/供应商档案.{suffix}, columns: {kind: "=supplier"}}
- {table: party, path: inbox/基础资料/客户档案.{suffix}, columns: {kind: "=customer"}}
- {table: account, path: inbox/基础资料/会计科目.{suffix}}
- table: opening_item_line
  path: inbox/期初/期初未结项目.{suffix}
  query: select * replace ({opening_type} as 单据类型) from extract
- {table: stock_movement_line, path: inbox/期初/期初库存.{suffix}}
- {table: purchase_order_line, path: "inbox/{period}/采购订单.{suffix}"}
- {table: sales_order_line, path: "inbox/{period}/销售订单.{suffix}"}
- {table: goods_receipt_line, path: "inbox/{period}/采购入库单.{suffix}"}
- {table: purchase_invoice_line, path: "inbox/{period}/采购发票.{suffix}"}
- table: delivery_line
  path: inbox/出库流水.csv
  encoding: gb18030
  query: select * from extract where 单据类型 in ('销售出库', '销售退货')
- table: stock_movement_line
  path: inbox/出库流水.csv
  encoding: gb18030
  query: select * from extract where 单据类型 = '其他出库'
  columns: {movement_type: 单据类型}
- {table: stock_movement_line, path: "inbox/{period}/其他入库单.{suffix}"}
- {table: stock_movement_line, path: "inbox/{period}/盘盈盘亏单.{suffix}"}
- table: stock_movement_line
  path: "inbox/{period}/调拨单.{suffix}"
  columns: {movement_type: "=transfer", warehouse_code: 调出仓库, counterpart_warehouse_code: 调入仓库}
- {table: stock_movement_line, path: "inbox/{period}/生产出入库单.{suffix}"}
- {table: stock_movement_line, path: "inbox/{period}/费用分摊单.{suffix}"}
- {table: stock_movement_line, path: "inbox/{period}/委外出入库单.{suffix}"}
- {table: production_cost_line, path: "inbox/{period}/生产成本.{suffix}"}
- {table: stock_count_line, path: "inbox/{period}/盘点单.{suffix}"}
- {table: stock_balance, path: "inbox/{period}/库存结存.{suffix}"}
- {table: payment_line, path: "inbox/{period}/收付款单.{suffix}"}
- table: application_line
  path: "inbox/{period}/核销单.{suffix}"
  query: select * replace ({target_type} as 目标单据类型) from extract
- {table: gl_entry_line, path: "inbox/{period}/凭证.parquet"}
- {table: gl_balance, path: "inbox/{period}/科目余额表.{suffix}"}
"""


def books_yml(first_period: str, suffix: str) -> str:
    """All settings; extracts of tables that are not processed yet are left out, their files stay."""
    types = [
        f"  {name}: {canonical}\n"
        for name, canonical in zip(documents.TYPE_NAMES, documents.CANONICAL, strict=True)
        if canonical
    ]
    head = _HEAD.format(name=company.NAME, first_period=first_period)
    return head + "".join(types) + "extracts:\n" + _indented(_extracts(suffix))


def _extracts(suffix: str) -> str:
    text = _EXTRACTS.replace("{suffix}", suffix)
    for slot, column in (("{opening_type}", "单据类型"), ("{target_type}", "目标单据类型")):
        text = text.replace(slot, _canonical(column))
    processed = {name for name, table in load_contract().tables.items() if table.processed}
    blocks = ["- " + block for block in text.removeprefix("- ").split("\n- ")]
    return "\n".join(block.rstrip("\n") for block in blocks if _table_of(block) in processed) + "\n"


def _table_of(block: str) -> str:
    return str(re.findall(r"table: (\w+)", block)[0])


_SETTLED = ("采购发票", "销售出库单", "销售退货单", "付款单", "预付单", "收款单", "预收单", "采购入库单")


def _canonical(column: str) -> str:
    names = dict(zip(documents.TYPE_NAMES, documents.CANONICAL, strict=True))
    return f"case {column} " + " ".join(f"when '{name}' then '{names[name]}'" for name in _SETTLED) + " end"


def _indented(text: str) -> str:
    return "".join(f"  {line}\n" for line in text.splitlines())


_ROLES = (
    ("ap", "220201"),
    ("ap_estimated", "220202"),
    ("prepayment", "1123"),
    ("ar", "1122"),
    ("advance", "2203"),
    ("input_vat", "22210101"),
    ("output_vat", "22210107"),
    ("goods_in_transit", "1402"),
    ("goods_shipped", "1406"),
    ("pending_property", "1901"),
    ("purchase_variance", "640202"),
    ("bank", "1002"),
    ("production_cost", "500101"),
    ("conversion_cost", "5101"),
    ("landed_cost", "220203"),
    ("subcontract_material", "1408"),
    ("subcontract_fee", "220204"),
    ("material_variance", "1404"),
)


def account_map_csv() -> str:
    """Which account plays which role."""
    rows = [(role, "", account) for role, account in _ROLES]
    for category in company.CATEGORIES:
        if category.stock:
            rows += [
                ("inventory", category.code, category.stock),
                ("revenue", category.code, category.revenue),
                ("cost_of_sales", category.code, category.cost),
            ]
        else:
            rows.append(("service_expense", category.code, category.cost))
    rows += sorted({(role, "", account) for _, _, role, account, _ in company.REASONS} - set(rows))
    head = "account_role,item_category,warehouse_code,party_code,reason_code,tax_rate,account_code\n"
    return head + "".join(f"{role},{category},,,,,{account}\n" for role, category, account in rows)


def posting_rules_csv() -> str:
    """One rule per reason code of other issues and receipts; everything else follows the standard's own
    rules.
    """
    names = (
        "rule_id",
        "rule_version",
        "rule_set",
        "event_type",
        "amount_basis",
        "item_category",
        "warehouse_code",
        "reason_code",
        "business_type",
        "costing_method",
        "party_code",
        "debit_role",
        "credit_role",
        "summary_zh",
        "summary_en",
    )
    english = (
        "Issue to sales",
        "Issue to administration",
        "Issue to research",
        "Scrapped",
        "Issue to production",
        "Gift received",
        "Finished goods",
    )
    rows = []
    for (code, name, role, _, _), text in zip(company.REASONS, english, strict=True):
        event = "other_out" if code < "10" else "other_in"
        sides = (role, "inventory") if event == "other_out" else ("inventory", role)
        rows.append((f"demo-{code}", "1", "cas", event, "cost", "", "", code, "", "", "", *sides, name, text))
    return "".join(",".join(row) + "\n" for row in (names, *rows))
