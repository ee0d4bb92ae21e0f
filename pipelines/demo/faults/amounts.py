"""Ways in which the amounts of a voucher go wrong: digits, point, sign, tax, gross for net.

Other ways to spoil a voucher are in `edits`.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from pipelines.demo.faults.edits import PARTNERS, Edit, amount_of, changed, line_on, with_amount
from pipelines.demo.faults.ledger import ACCOUNT, CREDIT, DEBIT, ZERO, Line, Voucher

if TYPE_CHECKING:
    from pipelines.demo.faults.scene import Scene

INPUT_VAT, OUTPUT_VAT = "22210101", "22210107"
CENT = Decimal("0.01")


def scaled(change: Callable[[Decimal], Decimal | None]) -> Edit:
    """One amount typed wrong on both lines of a two-line voucher."""

    def edit(_scene: Scene, voucher: Voucher) -> list[Voucher] | None:
        amounts = {amount_of(line) for line in voucher.lines}
        wrong = change(amounts.pop()) if len(amounts) == 1 and len(voucher.lines) == 2 else None
        return None if wrong is None else changed(voucher, lambda line: with_amount(line, wrong))

    return edit


def scaled_pair(change: Callable[[Decimal], Decimal | None]) -> Edit:
    """One amount of a longer voucher typed wrong, on a debit and a credit line that both had it."""

    def edit(_scene: Scene, voucher: Voucher) -> list[Voucher] | None:
        for debit in (line[DEBIT] for line in voucher.lines if line[DEBIT]):
            same = [line for line in voucher.lines if amount_of(line) == debit]
            wrong = change(debit)
            if len(same) == 2 and same[1][CREDIT] and wrong is not None and len(voucher.lines) > 2:
                lines = [
                    with_amount(line, wrong) if amount_of(line) == debit else line for line in voucher.lines
                ]
                return [Voucher(voucher.id, voucher.period, lines)]
        return None

    return edit


def partner_retyped(_scene: Scene, voucher: Voucher) -> list[Voucher] | None:
    """The net amount typed wrong and the partner's with it; the tax is right."""
    partner = [line for line in voucher.lines if line[ACCOUNT] in PARTNERS]
    other = [line for line in voucher.lines if line[ACCOUNT][:4] not in ("2221", "2202", "1122")]
    if len(partner) != 1 or len(other) != 1:
        return None
    more = retyped(amount_of(other[0])) - amount_of(other[0])
    touched = (partner[0][ACCOUNT], other[0][ACCOUNT])
    return changed(
        voucher, lambda line: with_amount(line, amount_of(line) + more) if line[ACCOUNT] in touched else line
    )


def swapped(amount: Decimal) -> Decimal | None:
    """Two neighbouring digits of the amount exchanged, as far left as it can be without a leading zero."""
    digits = str(abs(amount).scaleb(2).to_integral_value())
    for place in range(len(digits) - 3):
        one, two = digits[place], digits[place + 1]
        if one != two and (place or two != "0"):
            wrong = Decimal(digits[:place] + two + one + digits[place + 2 :]).scaleb(-2)
            return wrong.copy_sign(amount)
    return None


def is_swap(one: Decimal, other: Decimal) -> bool:
    """Whether the amounts differ by two neighbouring digits exchanged."""
    digits, wanted = (str(abs(amount).scaleb(2).to_integral_value()) for amount in (one, other))
    return one * other > 0 and any(
        digits[:n] + digits[n + 1] + digits[n] + digits[n + 2 :] == wanted != digits
        for n in range(len(digits) - 1)
    )


def slid(amount: Decimal) -> Decimal:
    """The decimal point one place off."""
    return (amount * 10).quantize(CENT)


def turned(amount: Decimal) -> Decimal:
    """The sign turned."""
    return -amount


def retyped(amount: Decimal) -> Decimal:
    """Another amount altogether, a little above the right one."""
    return (amount * Decimal("1.037") + Decimal("1.13")).quantize(CENT, ROUND_HALF_UP)


def taxed_on_total(scene: Scene, voucher: Voucher) -> list[Voucher] | None:
    """Tax computed on the document's total instead of line by line: some cents more or less, both sides."""
    kind, no = voucher.document
    [(cents,)] = scene.rows(f"select cents from tax_on_total where type = '{kind}' and no = '{no}'")
    return _tax_moved(voucher, Decimal(cents), ("220201", "1122"))


def taxed_at(percent: int) -> Edit:
    """Tax at another rate; the gross amount stays, so stock or revenue takes the difference."""

    def edit(_scene: Scene, voucher: Voucher) -> list[Voucher] | None:
        tax = line_on(voucher, "222101")
        other = [line for line in voucher.lines if line[ACCOUNT][:4] not in ("2221", "2202", "1122")]
        if tax is None or len(other) != 1:
            return None
        wrong = (amount_of(other[0]) * percent / 100).quantize(CENT, ROUND_HALF_UP)
        amount = amount_of(tax) - wrong
        return _tax_moved(voucher, -amount, (other[0][ACCOUNT],), -amount) if amount else None

    return edit


def _tax_moved(
    voucher: Voucher, amount: Decimal, accounts: tuple[str, ...], less: Decimal | None = None
) -> list[Voucher] | None:
    """The tax line by `amount` more, the line on one of the accounts by the same (or `less` less)."""

    def move(line: Line) -> Line:
        if line[ACCOUNT] in (INPUT_VAT, OUTPUT_VAT):
            return with_amount(line, amount_of(line) + amount)
        if line[ACCOUNT] in accounts:
            return with_amount(line, amount_of(line) + amount if less is None else amount_of(line) - less)
        return line

    partners = [line for line in voucher.lines if line[ACCOUNT] in accounts]
    return changed(voucher, move) if len(partners) == 1 else None


def gross(_scene: Scene, voucher: Voucher) -> list[Voucher] | None:
    """The amount with tax posted as the amount without, and no tax."""
    tax = line_on(voucher, "222101")
    other = [line for line in voucher.lines if line[ACCOUNT][:4] not in ("2221", "2202", "1122")]
    if tax is None or len(other) != 1:
        return None

    def move(line: Line) -> Line:
        if line[ACCOUNT] in (INPUT_VAT, OUTPUT_VAT):
            return with_amount(line, ZERO)
        return (
            with_amount(line, amount_of(line) + amount_of(tax))
            if line[ACCOUNT] == other[0][ACCOUNT]
            else line
        )

    return changed(voucher, move)
