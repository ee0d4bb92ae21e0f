-- One row per tie and differing document of which one line's difference is that of another unit its item may be in.
-- A line in its stock unit of which the ledger has as many times more was typed in the other unit; else the ledger did not convert.
with line as (
    select
        control.tie_code, line.document_type, {{ document_key('line.document_no') }} as document_no, line.document_line_no, line.item_code,
        sum(line.signed_amount) as amount, max(event.unit_factor) as unit_factor
    from {{ ref('voucher_line') }} as line
    inner join {{ ref('control_account') }} as control on line.account_code = control.account_code
    inner join {{ ref('business_event') }} as event on line.event_id = event.event_id
    semi join {{ ref('break_document') }} as found
        on line.document_type = found.document_type and {{ document_key('line.document_no') }} = found.document_no
    where line.item_code in (select unit.item_code from {{ ref('item_unit') }} as unit where unit.factor <> 1)
    group by all
),

compared as (
    select
        line.tie_code, line.document_type, line.document_no, line.unit_factor, unit.factor,
        -- Each of the two amounts was rounded to the cent, tax apart from net.
        abs(found.difference_amount + line.amount - line.amount * unit.factor) <= 0.02 * unit.factor as is_multiple,
        abs((found.difference_amount + line.amount) * unit.factor - line.amount) <= 0.02 * unit.factor as is_share
    from line
    inner join {{ ref('item_unit') }} as unit on line.item_code = unit.item_code and unit.factor <> 1
    inner join {{ ref('break_group') }} as found
        on line.tie_code = found.tie_code and line.document_type = found.document_type and line.document_no = found.document_no
    where line.amount <> 0 and found.difference_amount <> 0
),

-- The ledger counts in the other unit at the same value.
counted as (
    select line.tie_code, line.document_type, line.document_no
    from line
    inner join {{ ref('item_unit') }} as unit on line.item_code = unit.item_code and unit.factor <> 1
    inner join {{ ref('recon_group') }} as recon
        on line.tie_code = recon.tie_code and line.document_type = recon.document_type and line.document_no = recon.document_no
    semi join {{ ref('break_group') }} as found
        on line.tie_code = found.tie_code and line.document_type = found.document_type and line.document_no = found.document_no and found.gross_amount = 0
    where {{ differs_in_quantity('recon') }}
        and (recon.expected_quantity = recon.actual_quantity * unit.factor or recon.actual_quantity = recon.expected_quantity * unit.factor)
)

select tie_code, document_type, document_no, bool_and(is_multiple and unit_factor = 1) as is_typed_wrong
from compared
where is_multiple or is_share
group by tie_code, document_type, document_no
union
select tie_code, document_type, document_no, false
from counted
