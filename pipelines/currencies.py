"""How many decimals the minor unit of a currency has (ISO 4217); what is done with it is for whoever asks."""

from typing import Final

USUAL: Final = 2
_OTHERS: Final = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_DECIMALS: Final = {code: decimals for decimals, codes in _OTHERS.items() for code in codes.split()}


def minor_unit(currency: str) -> int:
    """Decimals of the currency with this ISO code: 2 unless ISO 4217 says otherwise."""
    return _DECIMALS.get(currency, USUAL)
