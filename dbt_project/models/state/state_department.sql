-- One row per department with its name.
select department_code, name
from {{ ref('stg_department') }}
