-- One row per differing document whose goods differ on no other one. If they moved on other documents too, all of which the
-- ledger has at the same cost, the costing is the same on both sides, so the difference was made in the voucher.
with compared as (
    select document_type, document_no, sum(difference_amount) <> 0 as is_differing
    from {{ ref('recon_group') }}
    where tie_code = 'stock'
    group by document_type, document_no
    having sum(expected_lines) > 0 and sum(actual_lines) > 0
),

movement as (
    select distinct line.document_type, {{ document_key('line.document_no') }} as document_no, line.item_code, line.pool_code, compared.is_differing
    from {{ ref('stock_ledger') }} as line
    inner join compared on line.document_type = compared.document_type and {{ document_key('line.document_no') }} = compared.document_no
),

goods as (
    select item_code, pool_code, count(*) filter (where not is_differing) as agreeing, count(*) filter (where is_differing) as differing
    from movement
    group by item_code, pool_code
)

select movement.document_type, movement.document_no, min(goods.agreeing) > 0 as has_agreeing
from movement
inner join goods on movement.item_code = goods.item_code and movement.pool_code = goods.pool_code
where movement.is_differing
group by movement.document_type, movement.document_no
having max(goods.differing) = 1
