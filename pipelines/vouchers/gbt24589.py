"""GB/T 24589.1: the data interface of Chinese accounting software, module 总账, element names of 2010.

The edition of 2024 renames and moves elements; its full text is not public: the file says which it follows.
Which lines there are is decided in lines.py.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

from pipelines.publication.tables import literal
from pipelines.vouchers.journal import plain
from pipelines.vouchers.lines import UNMAPPED, PostedLine, VoucherLines, VoucherOptions

if TYPE_CHECKING:
    from pathlib import Path

LEAVES_OUT: Final[frozenset[str]] = frozenset()
REFUSES: Final = {"voucher_refused_unmapped": UNMAPPED}
EDITION: Final = "GB/T 24589.1-2010"


def elements(options: VoucherOptions) -> dict[str, tuple[str, str]]:
    """Element of a 记账凭证 → its locID, empty where it is not known, and SQL of what stands in it."""
    return {
        "记账凭证日期": ("020601", "strftime(voucher_date, '%Y%m%d')"),
        "会计年度": ("010113", "period[:4]"),
        "会计期间号": ("010201", "period[6:]"),
        "记账凭证类型编号": ("020201", "voucher_word"),
        "记账凭证编号": ("020602", "voucher_no"),
        "记账凭证行号": ("020603", "line_no"),
        "记账凭证摘要": ("020604", plain("summary")),
        "科目编号": ("020301", "account_code"),
        "往来单位编码": ("", "party_code"),
        "部门编码": ("", "department_code"),
        "存货编码": ("", "item_code"),
        "币种编码": ("011101", literal(options.currency)),
        "计量单位": ("", "stock_unit"),
        "借方数量": ("", "if(debit_amount <> 0, quantity, null)"),
        "借方本币金额": ("020509", "debit_amount"),
        "贷方数量": ("", "if(debit_amount <> 0, null, quantity)"),
        "贷方本币金额": ("020512", "credit_amount"),
        "附件数": ("020612", "attachments"),
        "制单人": ("020613", literal(options.prepared_by)),
        "记账标志": ("020616", "0"),
        "凭证来源系统": ("", "'tieout'"),
    }


def write(lines: VoucherLines, folder: Path, options: VoucherOptions) -> list[Path]:
    """`gbt24589.xml`: UTF-8, one 记账凭证 per line of a voucher, red entries below zero on their side."""
    path = folder / "gbt24589.xml"
    with path.open("w", encoding="utf-8", newline="\n") as handle:
        handle.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        company = quoteattr(options.company)
        handle.write(f"<总账 标准版本号={quoteattr(EDITION)} 会计核算单位={company}>\n")
        for account in lines.accounts():
            code = f'<科目编号 locID="020301">{escape(account.code)}</科目编号>'
            handle.write(f"  <会计科目>{code}<科目名称>{escape(account.name)}</科目名称></会计科目>\n")
        lines.write_texts(handle, _line_sql(options))
        handle.write("</总账>\n")
    return [path]


def read(path: Path) -> list[PostedLine]:
    """The lines of a file in this format, element by element."""
    posted = []
    for _, element in ET.iterparse(path):  # noqa: S314 - what `write` wrote
        if element.tag == "记账凭证":
            posted.append(_posted({child.tag: child.text or "" for child in element}))
            element.clear()
    return posted


def _line_sql(options: VoucherOptions) -> str:
    parts = [_element(name, *told) for name, told in elements(options).items()]
    return f"'  <记账凭证>' || {' || '.join(parts)} || '</记账凭证>'"


def _element(name: str, place: str, value: str) -> str:
    """SQL of an element; nothing where there is nothing to say."""
    text = f"nullif(({value})::varchar, '')"
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = f"replace({text}, '{sign}', '{entity}')"
    start = f'<{name} locID="{place}">' if place else f"<{name}>"
    return f"coalesce('{start}' || {text} || '</{name}>', '')"


def _posted(told: dict[str, str]) -> PostedLine:
    quantity = told.get("借方数量") or told.get("贷方数量")
    return PostedLine(
        datetime.strptime(told["记账凭证日期"], "%Y%m%d").replace(tzinfo=UTC).date(),
        told["记账凭证类型编号"],
        int(told["记账凭证编号"]),
        int(told["记账凭证行号"]),
        told.get("记账凭证摘要", ""),
        told["科目编号"],
        Decimal(told["借方本币金额"]),
        Decimal(told["贷方本币金额"]),
        Decimal(quantity) if quantity else None,
        int(told["附件数"]),
    )
