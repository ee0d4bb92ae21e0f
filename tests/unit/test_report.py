"""The report: what a reader must find in it, that it is safe, small, and the same bytes for the same run."""

import csv
import re
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest

from pipelines.evidence import write_report
from pipelines.evidence.charts import Step, sparkline, waterfall
from pipelines.evidence.detail import pair_lines
from pipelines.evidence.formats import as_text, kind_of, money, percent, quantity, spaced
from pipelines.evidence.tables import NEEDED
from pipelines.messages import CATALOGUE, Language, TieoutError
from tests.unit.evidence_fixture import make_context, make_run

pytestmark = pytest.mark.xdist_group("report")

VOID = {"meta", "input", "br", "line", "rect", "path", "circle", "polyline"}


class Page(HTMLParser):
    """Ids, links and texts of a page; fails on tags that are not closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.ids += [values["id"] or ""] if "id" in values else []
        self.links += [values["href"] or ""] if "href" in values else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append(data.strip())


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_run(tmp_path_factory.mktemp("run") / "7f3c")


@pytest.fixture(scope="module")
def text(run: Path) -> str:
    return write_report(run, make_context()).read_text("utf-8")


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


def test_every_link_of_the_page_leads_to_one_place(page: Page) -> None:
    assert len(page.ids) == len(set(page.ids))
    assert {link for link in page.links if not link.startswith("#")} == set()
    assert {link[1:] for link in page.links} - set(page.ids) == set()


def test_the_page_needs_no_network(text: str) -> None:
    assert re.findall(r"https?://|<link|<img|<script src|@import|url\(", text) == []
    assert "default-src 'none'" in text


def test_the_verdict_says_what_is_to_be_done(page: Page) -> None:
    assert "待更正" in page.texts
    assert "合计差异 16,999.99：应改与待查绝对额 125,181.32，不可结账" in page.texts
    for part in ("2,500.00", "−13,700.00", "−15,000.00", "−6,800.01", "50,000.00"):
        assert part in page.texts


def test_names_from_data_never_become_markup(text: str) -> None:
    assert "<script>alert(1)" not in text
    assert "示例制造 &lt;R&amp;D&gt; 有限公司" in text
    assert "=手工凭证，无来源单据，金额为整数" in text


def test_the_matrix_shows_both_sides_and_their_difference(page: Page) -> None:
    start = page.texts.index("库存商品 <A&B>")
    cells = page.texts[start + 1 : start + 30]
    both = ["2,310,488.75", "1,406,900.00", "1,520,315.42", "2,197,073.33", "2,197,073.33"]
    assert cells[:8] == ["业务账", *both, "期末余额", "待查"]
    assert cells[8:14] == ["总账", both[0], "1,477,940.66", both[2], "2,268,113.99", "2,268,113.99"]
    assert cells[14:20] == ["差异", "0.00", "71,040.66", "0.00", "71,040.66", "71,040.66"]
    legs = [
        "源系统金额",
        "2,197,085.33",
        "过账差（总账 − 自报）",
        "71,028.66",
        "计价差（自报 − 重算）",
        "12.00",
    ]
    assert cells[20:26] == legs


def test_the_adjusted_balances_differ_by_what_is_unidentified(page: Page) -> None:
    start = page.texts.index("余额调节表")
    rows = page.texts[start : start + 60]
    ledger = rows.index("总账 调节后余额")
    assert rows[ledger + 1 : ledger + 4] == ["1,929,776.32", "2,247,073.33", "4,176,849.65"]
    rest = rows.index("待查", ledger)
    assert rows[rest + 1 : rest + 4] == ["0.00", "50,000.00", "50,000.00"]


def test_a_misposted_break_marks_the_account_that_differs(text: str) -> None:
    article = text[text.index('id="b-b02a9c3311de42f0"') :]
    article = article[: article.index("</article>")]
    assert re.findall(r'differs">([^<]+)<', article)[:2] == ["1403", "1405"]
    assert "原材料入库记到了库存商品科目" in article


def test_what_waits_by_itself_is_not_on_the_to_do_list(text: str) -> None:
    todo = text[text.index('id="todo-list"') : text.index('id="tie-out"')]
    assert "b01f4c7d90aa11e3" in todo
    assert "b05b77cc19e2d6a8" not in todo
    assert todo.count("<tr>") == 10


def test_lights_turn_with_the_data(run: Path, tmp_path: Path) -> None:
    good = write_report(run, make_context()).read_text("utf-8")
    assert "12 个科目：差异 = 各构成之和" in good
    broken = make_run(tmp_path / "broken")
    cut = broken / "break_line.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"create table line as from '{cut}' where break_id <> 'b01f4c7d90aa11e3'")
        connection.execute(f"copy line to '{cut}' (format parquet)")
    assert "12 个科目中 1 个的差异不等于各构成之和" in write_report(broken, make_context()).read_text("utf-8")


def test_the_same_run_gives_the_same_bytes_wherever_it_lies(run: Path, text: str, tmp_path: Path) -> None:
    other = make_run(tmp_path / "elsewhere" / "deep")
    assert write_report(other, make_context()).read_text("utf-8") == text
    assert str(run) not in text


def test_a_hundred_thousand_breaks_stay_small_and_are_counted(tmp_path: Path) -> None:
    text = write_report(make_run(tmp_path / "many", extra_breaks=100_000), make_context()).read_text("utf-8")
    assert len(text.encode()) < 2_000_000
    assert "显示前 200 行，共 100,012 行；其余 99,812 行见 reconciliation_break.parquet" in text


def test_earlier_runs_draw_the_trend(run: Path, tmp_path: Path) -> None:
    earlier = tuple(
        make_run(tmp_path / code, period=code, scale=scale)
        for code, scale in (("2025-12", "2"), ("2025-11", "1"))
    )
    text = write_report(run, make_context(history=earlier)).read_text("utf-8")
    assert '<polyline points="3.0,3.0 48.0' not in text
    assert len(re.findall(r"<polyline", text)) == 2
    assert str(tmp_path) not in text


def test_missing_tables_are_named(tmp_path: Path) -> None:
    with pytest.raises(TieoutError) as caught:
        write_report(tmp_path, make_context())
    assert all(table in str(caught.value) for table in NEEDED)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_text_key_shows_through(run: Path, language: Language) -> None:
    page = Page(write_report(run, make_context(language)).read_text("utf-8"))
    keys = {text for text in page.texts if text in CATALOGUE}
    assert keys == set()
    if language == "en":
        assert "To correct" in page.texts


def test_a_run_without_breaks_says_so(tmp_path: Path) -> None:
    run = make_run(tmp_path / "clean")
    with duckdb.connect() as connection:
        for name in (
            "reconciliation_break",
            "break_line",
            "rejected_row",
            "open_item",
            "stock_summary",
            "data_quality_result",
        ):
            path = run / f"{name}.parquet"
            connection.execute(f"create or replace table empty as from '{path}' where false")
            connection.execute(f"copy empty to '{path}' (format parquet)")
    page = Page(write_report(run, make_context()).read_text("utf-8"))
    assert "本期没有差异。" in page.texts
    assert "没有被拒收的行。" in page.texts


def test_figures_are_written_for_people() -> None:
    assert money(Decimal("-1234567.80")) == "−1,234,567.80"
    assert money(Decimal("-0.00")) == "0.00"
    assert quantity(Decimal("1249.5000")) == "1,249.5"
    assert quantity(Decimal("1200.0000")) == "1,200"
    assert percent(Decimal("0.9999")) == "99%"
    assert as_text("amount", None) == ""
    assert (
        spaced("差异 -12345.60，单据 25312000000012345678，2026-01")
        == "差异 -12,345.60，单据 25312000000012345678，2026-01"
    )
    assert [kind_of(name) for name in ("closing_amount", "line_no", "confidence", "cause_code",
    "is_chained", "item_code")] == [
        "amount", "integer", "percent", "code", "flag", "text",
    ]  # fmt: skip


def test_lines_are_paired_by_the_closest_likeness() -> None:
    def line(account: str, amount: str, party: str = "") -> dict[str, object]:
        return {"account_code": account, "signed_amount": Decimal(amount), "party_code": party}

    left = [line("1403", "10"), line("2202", "-10", "S1"), line("6602", "3")]
    right = [line("2202", "-10", "S2"), line("1405", "10"), line("1001", "7")]
    assert pair_lines(left, right) == [
        (left[1], right[0]),
        (left[0], right[1]),
        (left[2], None),
        (None, right[2]),
    ]


def test_the_waterfall_ends_where_the_ledger_stands() -> None:
    chart = waterfall(
        Step("a", Decimal(1000), ""),
        [Step("b", Decimal(50), ""), Step("c", Decimal(-20), "")],
        Step("d", Decimal(1030), ""),
    )
    assert chart.bars[1].end != chart.bars[2].end == chart.bars[3].end
    assert chart.bars[0].cut
    assert not waterfall(Step("a", Decimal(0), ""), [], Step("d", Decimal(0), "")).bars[0].cut


def test_orders_stand_in_the_report_with_what_they_agree_with(page: Page, text: str) -> None:
    assert "MO&lt;2601&gt;" in text
    assert "在产品（生产成本）：各订单期末合计 1,800.00，勾稽总表业务账期末 1,800.00，相差 0.00。" in text


def test_a_sparkline_needs_two_points() -> None:
    assert sparkline([Decimal(1)]) == ""
    assert sparkline([Decimal(0), Decimal(10)], 96, 20) == "3.0,17.0 93.0,3.0"


def test_every_code_that_a_run_can_hold_has_a_name() -> None:
    seeds = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds"
    for file, column, domain in (
        ("break_cause.csv", "cause_code", "cause"),
        ("tie.csv", "tie_code", "tie"),
        ("movement_type.csv", "document_type", "document"),
    ):
        with (seeds / file).open(encoding="utf-8", newline="") as lines:
            codes = {row[column] for row in csv.DictReader(lines)}
        assert {code for code in codes if f"{domain}.{code}" not in CATALOGUE} == set()
