"""SQL that finds missing numbers in a series: in an extract that is complete, numbers run on.

Which tables have series, and how a gap is judged, is declared in the modules of the tables.
"""

from expectations.checks import ROWS


def gaps(prefix: str, number: str, *, from_one: bool) -> str:
    """One row per run of missing numbers, placed at the row after it.

    `prefix` and `number` are SQL over `delivered`; the digits a number ends with are counted, what stands
    before them belongs to the series. `from_one` tells that every series begins at 1 and must be complete;
    otherwise a series that misses more numbers than it has is taken as one that does not run on.
    """
    numbers = f"select {prefix} as prefix, {number} as no, min(_row_id) as first_id from {ROWS} group by 1, 2"
    counted = (
        r"select concat(prefix, regexp_extract(no, '^(.*?)\d+$', 1)) as series, first_id, "
        r"regexp_extract(no, '(\d+)$', 1) as digits, try_cast(digits as bigint) as number "
        f"from ({numbers})"
    )
    start = "0" if from_one else "number - 1"
    stepped = (
        f"select *, coalesce(lag(number) over in_order, {start}) as before, count(*) over whole as present, "
        "max(number) over whole - min(number) over whole + 1 as span, "
        "if(min(length(digits)) over whole = max(length(digits)) over whole, length(digits), 0) as width "
        "from counted where number is not null "
        "window in_order as (partition by series order by number), whole as (partition by series)"
    )
    last = f"if(number - before > 2, concat('…', {_padded('number - 1')}), '')"
    runs_on = "true" if from_one else "span <= 2 * present"
    return (
        f"with counted as ({counted}), stepped as ({stepped}) select line._file, line._row, "
        f"concat(series, {_padded('before + 1')}, {last}) as value "
        f"from stepped join {ROWS} as line on line._row_id = stepped.first_id "
        f"where number > before + 1 and {runs_on}"
    )


def _padded(number: str) -> str:
    """SQL: a number written as wide as those of its series, when all have one width."""
    return f"lpad(({number})::varchar, greatest(width, length(({number})::varchar))::integer, '0')"
