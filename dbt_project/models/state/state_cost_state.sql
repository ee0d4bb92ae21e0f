-- One row per item and pool, handed to the next period in kernel integers; pools without a movement keep what they had.
with closed as (
    select pool.item_code, pool.pool_code, state.balance_quantity as quantity, state.balance_amount as amount,
        state.state_unit_cost as unit_cost, state.last_cost_quantity, state.last_cost_amount
    from {{ ref('costed') }} as state
    inner join {{ ref('costing_pool') }} as pool on state.component_key = pool.component_key and state.pool_key = pool.pool_key
    where state.record_kind = 'state'
)

select * from closed
