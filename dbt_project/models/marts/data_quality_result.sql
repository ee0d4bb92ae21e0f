-- One row per expectation and extract table of this period's delivery.
select * from {{ source('gate', 'data_quality_result') }}
