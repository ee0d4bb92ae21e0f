-- One row per partner with its name; a partner that is both customer and supplier is listed once.
select party_code, any_value(name order by source_row_id) as name
from {{ ref('stg_party') }}
group by party_code
