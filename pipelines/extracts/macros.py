"""How text becomes a date, a number, a flag or a code: one set of SQL macros, used at landing and by dbt.

A macro gives NULL for what it cannot read and never raises; what to do with such a row is staging's decision.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

# Full-width forms as people type them in Chinese input methods, and their ASCII counterparts.
_FULL_WIDTH = (
    "".join(chr(code) for code in range(0xFF01, 0xFF5F)) + "\u3000\u00a0\u2009\u202f\u2212\uffe5\u2007"
)
_HALF_WIDTH = "".join(chr(code) for code in range(0x21, 0x7F)) + "    -¥ "

_WIDE = f"[\uff01-\uff5e{_FULL_WIDTH[94:]}]"
_RARE = r"[^!-~\x{4e00}-\x{9fff}]"
_TIME = r"\d{1,2}:\d{1,2}(?::\d{1,2}(?:[.]\d+)?)?"
_ZONE = r"(?:Z|[+-]\d{2}:?\d{2})$"
_GROUPED = r"[-+]?\d{1,3}(?:[, ']\d{3})+(?:[.]\d*)?"
_NUMBER = r"[-+]?(?:\d+(?:[.]\d*)?|[.]\d+)(?:[eE][-+]?\d{1,2})?"
_TOTALS = (
    "合计", "合 计", "小计", "小 计", "总计", "总 计", "本页合计", "本月合计", "本年累计", "累计",
    "合计:", "小计:", "总计:",
    "Total", "total", "TOTAL", "Total:", "total:", "Subtotal", "subtotal", "Grand total", "Grand Total",
)  # fmt: skip
_TOTAL_NUMBER = r"(?i)^(合\s*计|小\s*计|总\s*计|本页合计|total)"
_TRUE = "('是', 'y', 'yes', 'true', 't', '1', '√', '✓', '对')"
_FALSE = "('否', 'n', 'no', 'false', 'f', '0', '×', '✗', '错')"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _exact(value: str) -> str:
    return f"try_cast({value} as decimal(38,10))"


def _once(value: str, body: str, name: str) -> str:
    """`body` over `name`, which is `value` computed once: a macro's parameter is copied at every use."""
    return f"list_transform([{value}], lambda {name}: {body})[1]"


_EDGES = "' ' || chr(9) || chr(10) || chr(13) || chr(65279)"
_UNGROUPED = "regexp_replace(t, '[, '']', '', 'g')"
_CURRENCY = "'^([-+(]?) *(?:[¥$€]|CNY|RMB|人民币) *| *元$'"

# Order matters: a macro may only use those above it. The first branch of `parse_…` is the plain spelling,
# which the engine reads ten times faster than the patterns read the others.
MACROS = {
    # Looking for wide letters first is ten times faster than translating every Chinese text.
    "_half_width(t)": f"case when regexp_matches(t, {_literal(_WIDE)}) "
    f"then translate(t, {_literal(_FULL_WIDTH)}, {_literal(_HALF_WIDTH)}) else t end",
    "_tidied(t)": f"nullif(trim(_half_width(t), {_EDGES}), '')",
    # Most codes need nothing: ASCII between two visible characters, or with Chinese and nothing rarer.
    "normalise_code(t)": "case when strlen(t) = length(t) and t >= '!' and t[-1] >= '!' then t "
    f"when t <> '' and not regexp_matches(t, {_literal(_RARE)}) then t else _tidied(t) end",
    # 2026年1月5日8:30, 2026/1/5T8:30Z and 20260105083000 as '2026-1-5 8:30', 20260105 likewise, else NULL.
    "_day_text(t)": _once(
        "translate(t, '年月/.', '----')",
        r"case when regexp_full_match(v, '\d{4}-\d{1,2}-\d{1,2}') then v when regexp_full_match(v, '\d{8}') "
        "then v[1:4] || '-' || v[5:6] || '-' || v[7:8] end",
        "v",
    ),
    "_time_text(t)": f"case when t = '' then '' when regexp_full_match(t, '{_TIME}') then ' ' || t end",
    "_spaced(t)": r"regexp_replace(translate(t, '日T', '  '), '^(\d{8})(\d\d)(\d\d)(\d\d)$', '\1 \2:\3:\4')",
    "_moment_text(t)": _once(
        "_spaced(normalise_code(t))",
        "_day_text(split_part(m, ' ', 1)) "
        f"|| _time_text(trim(regexp_replace(m[strpos(m || ' ', ' '):], '{_ZONE}', '')))",
        "m",
    ),
    "_plain_date(t)": "case when strlen(t) = 10 and t[5] in ('-', '/') and t[8] = t[5] "
    "then try_cast(t as date) end",
    "_any_date(t)": "try_cast(split_part(_moment_text(t), ' ', 1) as date)",
    "parse_date(t)": "coalesce(_plain_date(t), case when t <> '' then _any_date(t) end)",
    "parse_timestamp(t)": "coalesce(_plain_date(t)::timestamp, "
    "case when t <> '' then try_cast(_moment_text(t) as timestamp) end)",
    "_plain_period(t)": "case when strlen(t) = 7 and t[5] = '-' "
    "then strftime(try_cast(t || '-01' as date), '%Y-%m') else strftime(_plain_date(t), '%Y-%m') end",
    "_month_text(t)": _once(
        "translate(normalise_code(t), '年月/. 期', '----')",
        r"case when regexp_full_match(p, '\d{4}-\d{1,2}-?') then rtrim(p, '-') || '-1' "
        r"when regexp_full_match(p, '\d{6}') then p[1:4] || '-' || p[5:6] || '-1' end",
        "p",
    ),
    "_any_period(t)": "strftime(coalesce(try_cast(_month_text(t) as date), _any_date(t)), '%Y-%m')",
    "parse_period(t)": "coalesce(_plain_period(t), case when t <> '' then _any_period(t) end)",
    "_number(t)": f"case when regexp_full_match(t, {_literal(_GROUPED)}) "
    f"then {_exact(_UNGROUPED)} "
    f"when regexp_full_match(t, {_literal(_NUMBER)}) then {_exact('t')} end",
    # Digits, sign and scale of a number in brackets, with a minus behind it or a percent sign.
    "_number_parts(t)": "{'digits': trim(regexp_replace(t, '^[(]|[)]$|%$|-$', '', 'g')), 'factor': case "
    "when regexp_full_match(t, '[(][^-+()]+[)]|[^-+(]+-') then -1 else 1 end "
    "* case when ends_with(t, '%') then 0.01 else 1.00 end, "
    "'is_clear': regexp_full_match(t, '[-+]?[^-+()]+([eE][-+]?[0-9]+)?%?|[^-+()]+-|[(][^-+()]+[)]')}",
    "_any_number(t)": _once(
        f"trim(regexp_replace(normalise_code(t), {_CURRENCY}, '\\1', 'g'))",
        _once(
            "_number_parts(n)",
            f"case when w.is_clear then {_exact('_number(w.digits) * w.factor')} end",
            "w",
        ),
        "n",
    ),
    # The engine's own cast also takes 1_000, 0E0. and 1E-0-: such texts go by the patterns.
    "_plain_number(t)": "case when not (contains(t, '_') or contains(t, 'E') or contains(t, 'e')) "
    f"then {_exact('t')} end",
    "_grouped_number(t)": "case when regexp_full_match(t, '-?[0-9]{1,3}(,[0-9]{3})+([.][0-9]+)?') "
    f"then {_exact(_UNGROUPED)} end",
    "parse_decimal(t)": "coalesce(_plain_number(t), _grouped_number(t), "
    "case when t <> '' then _any_number(t) end)",
    # A code that only says that a row is a total. Every row is asked: comparing is cheaper than a pattern.
    "is_total(t)": f"t in ({', '.join(map(_literal, _TOTALS))})",
    "is_total_number(t)": f"regexp_matches(t, {_literal(_TOTAL_NUMBER)})",
    "_any_boolean(t)": _once(
        "lower(normalise_code(t))", f"case when b in {_TRUE} then true when b in {_FALSE} then false end", "b"
    ),
    "parse_boolean(t)": "case t when '是' then true when '否' then false else _any_boolean(t) end",
}


def create_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """Create or replace the macros in schema `main`, where they stay with the database file.

    `parse_date(text)` DATE, `parse_timestamp(text)` TIMESTAMP, `parse_period(text)` 'YYYY-MM',
    `parse_decimal(text)` DECIMAL(38,10), `parse_boolean(text)` BOOLEAN, `normalise_code(text)` VARCHAR.
    """
    for signature, body in MACROS.items():
        connection.execute(f"create or replace macro main.{signature} as ({body})")
