-- One row per tie and differing document whose difference stands, turned, on another account of the same document:
-- posted to a wrong account, tax taken into the amount or at another rate, or the whole entry typed wrong.
{% set taxes = "('input_vat', 'output_vat')" %}

with side as (
    select
        recon.document_type, recon.document_no, recon.tie_code, recon.account_code, recon.difference_amount,
        recon.expected_lines > 0 or (recon.measure = 'closing' and recon.expected_carried <> 0) as has_expected,
        recon.actual_lines > 0 or (recon.measure = 'closing' and recon.actual_carried <> 0) as has_actual,
        coalesce(recon.tie_code in {{ taxes }}, false) as is_tax,
        coalesce(recon.tie_code in ('payables', 'receivables'), false) as is_partner
    from {{ ref('recon_group') }} as recon
    semi join {{ ref('break_document') }} as found on recon.document_type = found.document_type and recon.document_no = found.document_no
    where recon.difference_amount <> 0
),

pair as (
    select
        one.tie_code, one.document_type, one.document_no, one.difference_amount, other.account_code as other_account_code,
        case
            when one.has_expected and other.has_actual and not other.has_expected then 'account'
            when other.has_expected and one.has_actual and not one.has_expected then 'account'
            when one.tie_code = 'goods_in_transit' and one.has_expected and not one.has_actual and one.difference_amount < 0
                and other.has_actual and other.tie_code = 'stock' then 'account'
            when other.tie_code = 'goods_in_transit' and other.has_expected and not other.has_actual and other.difference_amount < 0
                and one.has_actual and one.tie_code = 'stock' then 'account'
            when not (one.has_expected and other.has_expected) then null
            when one.is_tax and not one.has_actual and other.has_actual and not other.is_tax and not other.is_partner then 'gross'
            when other.is_tax and not other.has_actual and one.has_actual and not one.is_tax and not one.is_partner then 'gross'
            when not (one.has_actual and other.has_actual) then null
            when one.is_tax <> other.is_tax then 'tax'
            when one.is_partner <> other.is_partner then 'entry'
        end as kind
    from side as one
    inner join side as other
        on one.document_type = other.document_type and one.document_no = other.document_no
        and one.account_code <> other.account_code and one.difference_amount = -other.difference_amount
    where one.tie_code is not null and other.tie_code is distinct from one.tie_code
)

select tie_code, document_type, document_no, difference_amount, min(kind) as kind, min(other_account_code) as other_account_code
from pair
where kind is not null
group by tie_code, document_type, document_no, difference_amount
