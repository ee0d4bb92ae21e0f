-- The column is present and unique: one pass, no self-join.
{% test unique_key(model, column_name) %}
select {{ column_name }} as duplicated, count(*) as occurrences
from {{ model }}
group by {{ column_name }}
having count(*) > 1 or {{ column_name }} is null
{% endtest %}
