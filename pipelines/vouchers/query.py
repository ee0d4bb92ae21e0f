"""The SQL behind voucher lines: cleaning, merging and numbering are over sets, so they are set operations.

It reads the view `voucher_line` and the name tables `party`, `item`, `department`; opening them and carrying
the rows to a writer is in lines.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.publication.tables import literal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NAMES = {
    "party": ("party_code", "name"),
    "item": ("item_code", "name", "stock_unit"),
    "department": ("department_code", "name"),
}
"""Master data a run may hold in state/ for the names that ledger systems print; codes alone are enough."""

SOURCE = """
create table source as
select period, voucher_id, line_no, voucher_date,
       coalesce(summary_zh, '') as summary, coalesce(summary_en, '') as summary_en,
       account_role, account_code, account_name, party_code, item_code, department_code,
       debit_amount, credit_amount, if(debit_amount <> 0, 'debit', 'credit') as side,
       if(account_role in ('inventory', 'goods_shipped', 'goods_in_transit'), quantity, null) as quantity,
       document_type, document_no, document_line_no, event_type,
       rule_id, rule_version::varchar as rule_version
from voucher_line
where debit_amount <> 0 or credit_amount <> 0
"""
"""A line without an amount is nothing to post; only accounts that hold stock are kept in quantities too."""

BALANCE = """
with wrong as (
    select voucher_id, min_by(document_no, line_no) as document_no,
           sum(debit_amount)::varchar as debit, sum(credit_amount)::varchar as credit,
           count(*) filter (coalesce(account_code, '') = '') as unmapped,
           sum(debit_amount) <> sum(credit_amount) as is_unbalanced
    from source group by voucher_id
)
select if(unmapped > 0, 'voucher_account_missing', 'voucher_unbalanced'), count(*) over (), voucher_id,
       coalesce(document_no, ''), debit, credit
from wrong where unmapped > 0 or is_unbalanced
order by voucher_id limit 1
"""


# A quantity has its amount's sign: positive on the line's own side, negative when red, as ledgers keep it.


def _one(column: str) -> str:
    """The column's value where all merged lines agree, else NULL."""
    return f"if(count(distinct {column}) = 1 and count({column}) = count(*), min({column}), null) as {column}"


_AGREED = (
    "account_role",
    "account_name",
    "document_type",
    "document_no",
    "document_line_no",
    "event_type",
    "rule_id",
    "rule_version",
)

ORDER = "order by period, voucher_no, line_no"
"""The order of the lines in every format."""

_ALONE = """
    select period, voucher_id, line_no, summary, summary_en, account_code, party_code, department_code,
           item_code, debit_amount, credit_amount, quantity,
           account_role, account_name, document_type, document_no, document_line_no, event_type,
           rule_id, rule_version
    from source
"""

_MERGED = f"""
    select period, voucher_id, min(line_no) as line_no,
           min_by(summary, line_no) as summary, min_by(summary_en, line_no) as summary_en,
           account_code, party_code, department_code,
           if(count(distinct coalesce(item_code, '')) = 1, min(item_code), null) as item_code,
           sum(debit_amount)::decimal(18,2) as debit_amount,
           sum(credit_amount)::decimal(18,2) as credit_amount,
           sum(quantity)::decimal(18,4) as quantity, {", ".join(map(_one, _AGREED))}
    from source
    group by period, voucher_id, account_code, party_code, department_code, side,
             quantity is null, if(quantity is null, null, item_code)
    having sum(debit_amount) <> 0 or sum(credit_amount) <> 0
"""

_LINES = """
with line as ({line}),
voucher as (
    select period, voucher_id, min(voucher_date) as voucher_date,
           min_by(document_type, line_no) as first_type, min_by(document_no, line_no) as first_no,
           count(distinct (document_type, document_no)) filter (document_no is not null) as attachments
    from source group by period, voucher_id
),
numbered as (
    select voucher.*, $first - 1 + row_number() over (
               partition by period
               order by voucher.voucher_date, first_type nulls first, first_no nulls first, voucher_id
           ) as voucher_no
    from voucher semi join line using (period, voucher_id)
)
select line.period, $word as voucher_word, voucher_no::integer as voucher_no,
       row_number() over (partition by line.period, voucher_id order by line.line_no)::integer as line_no,
       numbered.voucher_date, attachments::integer as attachments, summary, summary_en,
       account_code, coalesce(account_name, '') as account_name, debit_amount, credit_amount,
       case sign(debit_amount + credit_amount) when 1 then abs(quantity) when -1 then -abs(quantity)
            else quantity end::decimal(18,4) as quantity, coalesce(item.stock_unit, '') as stock_unit,
       coalesce(item_code, '') as item_code, coalesce(item.name, '') as item_name,
       coalesce(party_code, '') as party_code, coalesce(party.name, '') as party_name,
       coalesce(department_code, '') as department_code, coalesce(department.name, '') as department_name,
       coalesce(account_role, '') as account_role, coalesce(document_type, '') as source_document_type,
       coalesce(document_no, '') as source_document_no, document_line_no as source_line_no,
       coalesce(event_type, '') as event_type, coalesce(rule_id, '') as rule_id,
       coalesce(rule_version, '') as rule_version, voucher_id
from line
join numbered using (period, voucher_id)
left join item using (item_code)
left join party using (party_code)
left join department using (department_code)
"""


def lines_sql(*, merge: bool) -> str:
    """The columns of `VoucherLine` by name, in no order; parameters `word` and `first` (number)."""
    return _LINES.format(line=_MERGED if merge else _ALONE)


def name_tables(run_folder: Path) -> Iterator[str]:
    """Statements that make the name tables from `state/<table>.parquet`, empty where the run has none."""
    for table, columns in _NAMES.items():
        path = run_folder / "state" / f"{table}.parquet"
        if path.exists():
            file = literal(str(path))
            yield (
                f"create table {table} as select {', '.join(columns)} "
                f"from read_parquet({file}, hive_partitioning = false)"
            )
        else:
            yield f"create table {table} ({', '.join(f'{column} varchar' for column in columns)})"
