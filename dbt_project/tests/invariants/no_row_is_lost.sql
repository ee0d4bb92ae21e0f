{{ config(meta={'label_zh': '每一行都被使用或被退回', 'label_en': 'every delivered row is used or set aside with a reason'}) }}
{%- set tables = [] -%}
{%- if execute -%}
    {%- for node in graph.sources.values() if node.source_name == 'raw' -%}
        {%- set staged = 'model.tieout.stg_' ~ node.name -%}
        {%- if staged in graph.nodes -%}{%- do tables.append(node.name) -%}{%- endif -%}
    {%- endfor -%}
{%- endif %}
-- depends_on: {{ ref('rejected_row') }}
with counted as (
    {%- for name in tables | sort %}
    select
        '{{ name }}' as table_name,
        (select count(*) from raw.{{ name }}) as delivered_rows,
        (select count(*) from staging.stg_{{ name }}) as staged_rows,
        (select count(distinct (extract, file, row_no)) from {{ ref('rejected_row') }} where table_name = '{{ name }}') as rejected_rows
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
    {%- if not tables %}select '' as table_name, 0 as delivered_rows, 0 as staged_rows, 0 as rejected_rows{% endif %}
)

select * from counted
where delivered_rows <> staged_rows + rejected_rows
