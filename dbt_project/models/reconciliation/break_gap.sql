-- One row per document that only the ledger knows although documents before and after it in its series were delivered.
-- Before a running number that ends in 001 there is nothing to deliver.
with unknown_document as (
    select found.document_type, found.document_no
    from {{ ref('break_document') }} as found
    where found.idle_reason is null and not found.is_expected and found.document_type not in ('voucher', 'opening')
),

known as (
    select distinct document_type, {{ document_key('document_no') }} as document_no
    from {{ ref('business_event') }}
    where document_type in (select unknown_document.document_type from unknown_document)
    union
    select document_type, {{ document_key('document_no') }}
    from {{ ref('idle_document') }}
),

numbered as (
    {%- for part in ['unknown_document', 'known'] %}
    select
        '{{ part }}' as part, document_type, document_no,
        regexp_extract(document_no, '^(.*?)[0-9]+$', 1) as series,
        len(document_no) as width,
        try_cast(regexp_extract(document_no, '([0-9]+)$', 1) as hugeint) as number
    from {{ part }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

-- A series is looked at where the number of its document would stand.
placed as (
    select
        *,
        max(case when part = 'known' then number end) over (
            partition by document_type, series, width order by number rows between unbounded preceding and current row
        ) as number_before,
        min(case when part = 'known' then number end) over (
            partition by document_type, series, width order by number rows between current row and unbounded following
        ) as number_after
    from numbered
    where number is not null
)

select document_type, document_no
from placed
where part = 'unknown_document' and number < number_after and (number_before < number or number % 1000 = 1)
