"""Partners of the company's own group: a voucher on another of them, or on the account of third parties."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline import tiny
from tests.pipeline.candidates import build_period

JANUARY = "2026-01"


def partner_break(root: Path, work: Path) -> list[tuple[str, ...]]:
    built = build_period(root, JANUARY, work)
    assert built.failed == []
    rows = built.rows(
        "select tie_code, symptom_code, cause_code, disposition from reconciliation.reconciliation_break"
    )
    return [tuple(row) for row in rows]


@pytest.mark.parametrize(("member", "cause"), [("C1", "intercompany"), ("S1", "wrong_party")])
def test_the_wrong_partner_is_intercompany_when_one_is_of_the_group(
    tmp_path: Path, member: str, cause: str
) -> None:
    root = tiny.write_books(tmp_path / "books", [JANUARY])
    parties = [(code, code, "是" if code == member else "否") for code in ("S1", "C1", "C2")]
    tiny.write(root / "inbox/party.csv", ["party_code", "name", "关联方"], parties)
    tiny.edit(root / "inbox" / JANUARY / "gl_entry_line.csv", "C1", "C2")
    found = partner_break(root, tmp_path / "work")
    assert found == [("receivables", "dimension", cause, "correct_ledger")]


def test_a_company_of_the_group_on_the_account_of_third_parties_is_intercompany(tmp_path: Path) -> None:
    root = tiny.write_books(tmp_path / "books", [JANUARY])
    tiny.write(
        root / "inbox/party.csv", ["party_code", "name", "关联方"], [("S1", "S1", "否"), ("C1", "C1", "是")]
    )
    roles = [(role, "", code) for code, _, role in tiny.ACCOUNTS]
    tiny.write(
        root / "account_map.csv",
        ["account_role", "party_code", "account_code"],
        [*roles, ("ar", "C1", "112202")],
    )
    chart = [(code, name) for code, name, _ in tiny.ACCOUNTS]
    tiny.write(root / "inbox/account.csv", ["account_code", "name"], [*chart, ("112202", "应收关联方")])
    found = partner_break(root, tmp_path / "work")
    assert found == [("receivables", "account", "intercompany", "correct_ledger")]
