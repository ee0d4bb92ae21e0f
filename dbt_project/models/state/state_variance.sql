-- One row per item with the variance of its planned prices that stays on the account at the close.
select balance.item_code, cast(balance.opening_amount + balance.incoming_amount - coalesce(sum(share.amount), 0) as decimal(18, 2)) as amount
from {{ ref('variance_balance') }} as balance
left join {{ ref('variance_share') }} as share on balance.item_code = share.item_code
group by balance.item_code, balance.opening_amount, balance.incoming_amount
having amount <> 0
