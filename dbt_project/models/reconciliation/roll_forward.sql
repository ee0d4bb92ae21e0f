-- One row per item or account, side and period: opening + movement = closing, and the opening is the last closing.
with item as (
    select
        'item' as level, item_code as code, 'subledger' as side,
        opening_amount, in_amount - out_amount as movement_amount, closing_amount, opening_amount as previous_closing_amount
    from {{ ref('stock_summary') }}
),

account as (
    select
        'account' as level, tie.account_code as code, side.side,
        case side.side when 'ledger' then tie.opening_ledger_amount else tie.opening_subledger_amount end as opening_amount,
        case side.side when 'ledger' then tie.closing_ledger_amount - tie.opening_ledger_amount
            else tie.debit_subledger_amount - tie.credit_subledger_amount end as movement_amount,
        case side.side when 'ledger' then tie.closing_ledger_amount else tie.closing_subledger_amount end as closing_amount,
        case
            when run.is_first_period then case side.side when 'ledger' then tie.opening_ledger_amount else tie.opening_subledger_amount end
            else coalesce(case side.side when 'ledger' then carried.ledger_amount else carried.subledger_amount end, 0)
        end as previous_closing_amount
    from {{ ref('tie_out') }} as tie
    cross join (select unnest(['ledger', 'subledger']) as side, unnest(['ledger', 'inventory']) as of_books) as side
    inner join {{ source('settings', 'books') }} as books on books.sides in ('both', side.of_books)
    cross join {{ source('settings', 'period') }} as run
    left join {{ source('carried', 'account_balance') }} as carried on tie.account_code = carried.account_code
),

side_balance as (
    select * from item
    union all
    select * from account
),

rolled as (
    select level, code, side, sum(opening_amount) as opening_amount, sum(movement_amount) as movement_amount,
        sum(closing_amount) as closing_amount, sum(previous_closing_amount) as previous_closing_amount
    from side_balance
    group by all
)

select
    run.period,
    rolled.level,
    rolled.code,
    rolled.side,
    cast(rolled.opening_amount as decimal(38, 2)) as opening_amount,
    cast(rolled.movement_amount as decimal(38, 2)) as movement_amount,
    cast(rolled.closing_amount as decimal(38, 2)) as closing_amount,
    cast(rolled.previous_closing_amount as decimal(38, 2)) as previous_closing_amount,
    rolled.opening_amount = rolled.previous_closing_amount
        and rolled.opening_amount + rolled.movement_amount = rolled.closing_amount as is_chained
from rolled
cross join {{ source('settings', 'period') }} as run
