{{ config(meta={'label_zh': '科目与规则唯一：为所列条件在文件中补一行更具体的设置', 'label_en': 'one account and one rule for every line: add a more specific row for these conditions to the file'}) }}
-- Facts for which several rows of equally many conditions give different answers.
select 'account_map.csv' as file, account_role as asked, list_sort(list_distinct(offered)) as offered, {{ account_conditions() | join(', ') }}, null as business_type, null as costing_method
from {{ ref('account_choice') }}
where len(list_distinct(offered)) > 1
union all by name
select 'posting_rules.csv' as file, event_type || '/' || amount_basis as asked, list_sort(list_distinct(offered)) as offered, {{ rule_conditions() | join(', ') }}
from {{ ref('rule_choice') }}
where len(list_distinct(offered)) > 1
