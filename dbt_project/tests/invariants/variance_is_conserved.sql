{{ config(meta={'label_zh': '材料成本差异期初、本期发生与分摊滚得平', 'label_en': 'the variance of planned prices rolls: opening, what is posted and what is allocated make the closing'}) }}
-- From the posted sides, which know accounts and rules and nothing of rates. Per scope: what an item's goods take is another's too.
with part as (
    select item_code, amount as rolled_amount, 0 as closing_amount from {{ source('carried', 'variance') }}
    union all
    select coalesce(given.item_code, ''), given.amount, 0
    from {{ ref('stg_opening_item_line') }} as given
    cross join {{ source('settings', 'period') }} as run
    where given.kind = 'variance' and run.is_first_period
    union all
    select item_code, signed_amount, 0
    from {{ ref('posting_side') }}
    where account_role = 'material_variance' and costing_method = 'standard'
    union all
    select item_code, 0, amount from {{ ref('state_variance') }}
)

select
    case when setting.variance_scope = 'item' then part.item_code else coalesce(item.item_category, '') end as scope_code,
    sum(part.rolled_amount) as rolled_amount, sum(part.closing_amount) as closing_amount
from part
left join {{ ref('costing_item') }} as item on part.item_code = item.item_code
cross join {{ source('settings', 'books') }} as setting
group by scope_code
having sum(part.rolled_amount) <> sum(part.closing_amount)
