"""What the chart of accounts is expected to be: of the books' standard, and holding every mapped account.

Which account a role has is chosen in the books folder; an account that nobody mapped is a line of the bridge.
"""

from collections.abc import Iterator

from expectations.checks import BLOCK, Check, Delivery, literal
from pipelines.contract import Table
from pipelines.messages import Words

# The same number means different things: the two codes by which the standards' charts are told apart.
MEANING = {
    "cas": {
        "4001": "实收资本|股本|paid.?in|share capital",
        "5001": "生产成本|production cost|work in process",
    },
    "small_business": {
        "4001": "生产成本|production cost|work in process",
        "5001": "主营业务收入|revenue|sales",
    },
}
STANDARD_LABELS = {
    "cas": Words("企业会计准则", "Chinese accounting standards (cas)"),
    "small_business": Words("小企业会计准则", "small business standard (small_business)"),
}


def checks(_table: Table, delivery: Delivery) -> Iterator[Check]:
    """The checks of this table alone."""
    if delivery.standard in MEANING:
        yield _follows_standard(delivery.standard)
    if delivery.taxpayer == "small_scale":
        yield _has_no_input_tax()
    if "settings.account_map" in delivery.relations:
        yield _mapped_exist()
        yield _mapped_are("leaf", "is_leaf")
        yield _mapped_are("active", "is_active")


def _follows_standard(standard: str) -> Check:
    other = "small_business" if standard == "cas" else "cas"
    foreign = " or ".join(
        f"(account_code__typed = {literal(code)} and regexp_matches(lower(name), {literal(pattern)}))"
        for code, pattern in MEANING[other].items()
    )
    return Check(
        name="chart_follows_standard",
        severity=BLOCK,
        text="chart_standard",
        predicate=foreign,
        value="account_code || ' ' || name",
        fields={"standard": STANDARD_LABELS[standard], "other": STANDARD_LABELS[other]},
    )


def _has_no_input_tax() -> Check:
    """A small-scale taxpayer has one account of tax payable, without the columns of a general one."""
    return Check(
        name="no_input_tax_accounts",
        severity=BLOCK,
        text="input_tax_columns",
        predicate="coalesce(parse_boolean(is_active), true) "
        "and regexp_matches(lower(name), '进项|待抵扣|待认证|input (vat|tax)')",
        value="account_code || ' ' || name",
    )


def _mapped_exist() -> Check:
    known = "select normalise_code(account_code) from raw.account where account_code is not null"
    return Check(
        name="mapped_accounts_exist",
        severity=BLOCK,
        text="mapped_exist",
        rows="select distinct null as _file, null as _row, account_role || ' → ' || account_code as value "
        f"from settings.account_map where normalise_code(account_code) not in ({known})",
    )


def _mapped_are(what: str, column: str) -> Check:
    """Nothing is posted to an account that has others below it, or that may no longer be used."""
    return Check(
        name=f"mapped_accounts_are_{what}",
        severity=BLOCK,
        text=f"mapped_{what}",
        rows="select distinct account._file, account._row, "
        "mapped.account_role || ' → ' || mapped.account_code as value "
        "from settings.account_map as mapped join raw.account as account "
        "on normalise_code(account.account_code) = normalise_code(mapped.account_code) "
        f"where not parse_boolean(account.{column})",
    )
