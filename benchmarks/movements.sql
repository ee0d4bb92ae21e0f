-- One row per movement of a made-up company, in no order. Everything comes from hashes of the row's number k; the first rows
-- open every pool with {units} units. {skewed} gives one item every second row. Where {pair} is no k of its own, two rows are a
-- receipt and the issue of as much in the same month.
create or replace table every_event as
with numbered as (
    select (n * 7368787) % {rows} as k from range({rows}) as row(n)
),

chosen as (
    select
        k, k < {pools} as opens, {comes} as comes, cast(hash({pair} + 2) % 900 + 100 as integer) as units,
        cast(case when k < {pools} then k % {items} {skewed} else hash({pair}) % {items} end as integer) as item,
        cast(case when k < {pools} then k // {items} else hash({pair} + 3) % {warehouses} end as integer) as warehouse,
        cast(case when k < {pools} then 0 else hash(k + 4) % 27 + 1 end as integer) as day,
        cast(case when k < {pools} then 0 else hash({pair} + 5) % {months} end as integer) as month
    from numbered
),

moved as (
    select
        *,
        case when opens or comes then 'supplier_receipt' when hash(k + 6) % 20 = 0 then 'other_out' else 'customer_delivery' end as event_type,
        case when opens then {units} when comes then {bought} else -units end as signed_units,
        1000 + item % 50 * 100 + cast(hash(k + 7) % 100 as integer) as price_in_cents
    from chosen
),

documented as (
    select
        *,
        case event_type when 'supplier_receipt' then 'goods_receipt' when 'other_out' then 'other_out' else 'delivery' end as document_type,
        case event_type when 'supplier_receipt' then 'CGRK' when 'other_out' then 'QTCK' else 'XSCK' end || printf('2026%010d', k // 10) as document_no
    from moved
)

select
    document_type || ':' || document_no || ':' || k % 10 + 1 as event_id, event_type, document_type, document_no,
    cast(k % 10 + 1 as integer) as line_no, date '2026-01-01' + to_months(month) + to_days(day) as effective_date,
    printf('I%06d', item) as item_code, 'C' || item % 20 as item_category, 'CK0' || warehouse as warehouse_code,
    printf('P%04d', hash(k + 8) % 1000) as party_code, case event_type when 'other_out' then 'R01' end as reason_code,
    cast(signed_units as decimal(18, 4)) as quantity,
    case event_type when 'supplier_receipt' then cast(signed_units * price_in_cents * 0.01::decimal(3, 2) as decimal(19, 2)) end as given_amount,
    cast(case when signed_units > 0 then 1 else 4 end as integer) as order_class, cast(sign(signed_units) as integer) as direction,
    month
from documented
