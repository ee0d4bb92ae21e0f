-- One row per document that the ledger took in this period, with what the source's own unit costs make of its goods, signed as stock sees it.
-- Average and fixed cost: quantity × the item's cost in force when the ledger took it. Layers: the oldest first, a receipt at its bill's
-- price once the bill was posted. A supplier's goods: the document's own price. A revaluation: what was on hand × the change of the cost.
with digits as (
    select item_code, max(length(rtrim(split_part(cast(unit_cost as varchar), '.', 2), '0'))) as places
    from {{ ref('stg_item_cost') }}
    group by item_code
),

changed as (
    select item_code, valid_from, unit_cost, lag(unit_cost) over (partition by item_code order by valid_from) as earlier_unit_cost
    from {{ ref('stg_item_cost') }}
),

issue as (
    select *, -sum(quantity) over (
        partition by item_code order by posted_at, posted_no, event_id rows between unbounded preceding and current row
    ) as upto
    from {{ ref('posted_movement') }}
    where quantity < 0
),

layered as (
    select
        issue.event_id,
        cast(-sum(
            (least(issue.upto, layer.upto) - greatest(issue.upto + issue.quantity, layer.upto - layer.quantity))
            * case
                when layer.event_type = 'opening' then layer.unit_cost
                when layer.event_type = 'supplier_receipt' and coalesce(layer.billed_at > issue.posted_at, true) then layer.unit_cost
                else coalesce(layer.reported_unit_cost, layer.unit_cost)
            end
        ) as decimal(38, 10)) as amount,
        cast(-sum(
            (least(issue.upto, layer.upto) - greatest(issue.upto + issue.quantity, layer.upto - layer.quantity))
            * case
                when layer.event_type in ('opening', 'supplier_receipt') then layer.unit_cost
                else coalesce(layer.reported_unit_cost, layer.unit_cost)
            end
        ) as decimal(38, 10)) as unbilled_amount
    from issue
    inner join {{ ref('posted_layer') }} as layer
        on issue.item_code = layer.item_code and layer.quantity > 0
        and layer.upto - layer.quantity < issue.upto and layer.upto > issue.upto + issue.quantity
    where issue.is_layered
    group by issue.event_id
),

line as (
    select
        moved.document_type, moved.document_no, moved.event_id, moved.quantity, moved.reported_unit_cost, digits.places,
        case
            when moved.has_own_price then 'own_price'
            when layered.event_id is not null then 'layers'
            else 'cost_in_force'
        end as cost_rule,
        case
            when moved.has_own_price then cast(moved.quantity * moved.unit_cost as decimal(38, 10))
            else coalesce(layered.amount, cast(moved.quantity * cost.unit_cost as decimal(38, 10)))
        end as amount,
        layered.unbilled_amount
    from {{ ref('posted_movement') }} as moved
    inner join digits on moved.item_code = digits.item_code
    left join layered on moved.event_id = layered.event_id
    asof left join changed as cost on moved.item_code = cost.item_code and moved.posted_at >= cost.valid_from
),

revalued as (
    select
        line.document_type, {{ document_key('line.document_no') }} as document_no, line.item_code, line.voucher_no,
        max(coalesce(line.entered_at, line.voucher_date)) as posted_at
    from {{ ref('ledger_line') }} as line
    where line.is_live and line.document_type = 'revaluation' and line.item_code is not null
    group by all
),

-- The layers that are left are what was on hand at the last close; with them come the movements since.
on_hand as (
    select item_code, cast('-infinity' as timestamp) as posted_at, quantity from {{ ref('posted_layer') }} where event_id not in (select event_id from {{ ref('posted_movement') }})
    union all
    select item_code, posted_at, quantity from {{ ref('posted_movement') }}
),

revaluation as (
    select
        revalued.document_type, revalued.document_no, revalued.voucher_no,
        cast(any_value(cost.unit_cost - cost.earlier_unit_cost) * sum(on_hand.quantity) as decimal(38, 10)) as amount
    from revalued
    asof inner join changed as cost on revalued.item_code = cost.item_code and revalued.posted_at >= cost.valid_from
    inner join on_hand on revalued.item_code = on_hand.item_code and revalued.posted_at >= on_hand.posted_at
    group by all
)

select
    document_type, document_no, max(cost_rule) as cost_rule,
    cast(sum(amount) as decimal(38, 10)) as amount,
    -- The same layers as if no bill had changed a price; null where anything else is in it.
    cast(case when count(*) = count(unbilled_amount) then sum(unbilled_amount) end as decimal(38, 10)) as unbilled_amount,
    -- To the cent; a cost that layers or a price make is cut to the source's decimals, each part by half a unit of the last one.
    cast(sum(0.005 + case when cost_rule = 'cost_in_force' then 0 else abs(quantity) * {{ unit_of_decimal('places') }} end) as decimal(38, 10)) as tolerance,
    cast(sum(quantity * reported_unit_cost) as decimal(38, 10)) as reported_amount,
    count(*) as lines
from line
group by document_type, document_no
union all
select document_type, document_no, 'revaluation', sum(amount), null, count(*) * 0.005, null, count(*)
from revaluation
group by document_type, document_no
