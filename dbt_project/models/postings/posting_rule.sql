-- One row per posting rule in force: the standard's, replaced or joined by those of the books folder.
with standard_rule as (
    select rule.*
    from {{ ref('standard_posting_rule') }} as rule
    inner join {{ source('settings', 'books') }} as setting
        on rule.rule_set = case when setting.standard in ('anglo_saxon', 'continental') then 'anglo_saxon' else 'cas' end
    where rule.rule_id not in (select own.rule_id from {{ source('settings', 'posting_rule') }} as own)
)

select * from standard_rule
union all by name
select * from {{ source('settings', 'posting_rule') }}
