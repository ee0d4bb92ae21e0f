{{ config(meta={'label_zh': '生产、委外与形态转换守恒：投入 = 完工 + 在产', 'label_en': 'orders are conserved: what went in is what came out and what is in process'}) }}
-- What each order's receipts took, again from the stock ledger and the order's own quantities; what a conversion makes is what
-- it takes; and work in process moves as the amounts put up for posting. A cent a receipt where rates were solved first; goods
-- made of themselves are worth what solves the circle, whatever their issues took, and the rest is settled.
with expected as (
    select
        order_key, is_solved, completed_material_amount, receipt_count,
        {{ share_of('(opening_material_amount + material_amount + case when is_solved then 0 else true_up_amount end - return_amount - byproduct_amount - loss_amount)', 'completed_quantity', '(completed_quantity + wip_quantity)') }} + assigned_amount as material_amount
    from {{ ref('work_in_process') }}
    inner join (select order_key, is_solved from {{ ref('costing_order') }} where has_shares and not is_averaged) as orders using (order_key)
),

posted as (
    select
        sum(case
            when amount_basis = 'variance' then amount
            when event_type in ('production_return', 'subcontract_return') or event_type like '%_settled' then -amount
            when event_type like '%_receipt' and amount_basis in ('cost', 'cost_difference') then -amount
            when amount_basis = 'abnormal_loss' then -amount
            else amount
        end) as amount
    from {{ ref('event_amount') }}
    where event_type in ('production_issue', 'production_return', 'production_receipt', 'production_cost', 'production_settled')
        or event_type in ('subcontract_issue', 'subcontract_return', 'subcontract_receipt', 'subcontract_settled')
),

moved as (
    select sum(closing_material_amount + closing_conversion_amount - opening_material_amount - opening_conversion_amount) as amount
    from {{ ref('work_in_process') }}
)

select order_key as code, completed_material_amount as found_amount, material_amount as expected_amount
from expected
where abs(completed_material_amount - material_amount) > case when is_solved then 0.01 * receipt_count else 0 end
union all
-- Materials without an order are shared by the products' keys, as far as these are done.
select process.order_key, -process.assigned_amount, {{ share_of('(opening_material_amount + material_amount + true_up_amount - return_amount)', 'done.share_key', 'done.key_total') }}
from {{ ref('work_in_process') }} as process
inner join {{ ref('costing_order') }} as orders on process.order_key = orders.order_key and not orders.is_solved
cross join (
    select sum({{ share_of('share_key', 'completed_quantity', 'total_quantity') }}) as share_key, max(key_total) as key_total
    from {{ ref('costing_unordered') }}
) as done
where process.order_key = 'order:' and abs(-process.assigned_amount
    - {{ share_of('(opening_material_amount + material_amount + true_up_amount - return_amount)', 'done.share_key', 'done.key_total') }}) > 0.01 * (
    select count(*) from {{ ref('costing_unordered') }})
union all
select document_type || ':' || document_no, sum(amount + expensed_amount), 0
from {{ ref('stock_ledger') }}
where document_type in ('conversion', 'repack')
group by document_type, document_no
having sum(amount + expensed_amount) <> 0 or sum(recomputed_amount + expensed_amount) <> 0
union all
select 'postings', coalesce(posted.amount, 0), coalesce(moved.amount, 0)
from posted
cross join moved
cross join {{ source('settings', 'books') }} as setting
where setting.cost_of_record = 'recomputed' and coalesce(posted.amount, 0) <> coalesce(moved.amount, 0)
