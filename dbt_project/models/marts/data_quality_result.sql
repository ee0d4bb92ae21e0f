-- One row per expectation and extract table of this period's delivery, and per finding that only costing can make.
select * from {{ source('gate', 'data_quality_result') }}
union all
-- Materials that went into production nobody knows which: no order, and no product that tells.
select
    process.period,
    'stock_movement_line' as table_name,
    'materials_have_an_order' as expectation,
    'warn' as severity,
    count(issue.event_id) as evaluated_count,
    count(issue.event_id) as unexpected_count,
    string_agg(issue.document_no, ', ' order by issue.document_no) as sample,
    'failed' as status,
    '生产领料没有订单号，也无法分配到产品：请补生产订单号，或给出产品的材料成本或计划价；在此之前留在在产品' as message_zh,
    'materials were issued without an order and nothing tells for which product: name the order, or give the products material cost lines or standard costs; they stay in process until then' as message_en
from {{ ref('work_in_process') }} as process
left join {{ ref('costing_movement') }} as issue on process.order_key = issue.order_key
where process.order_key = 'order:' and process.closing_material_amount <> 0 and not exists (select 1 from {{ ref('costing_unordered') }})
group by process.period
