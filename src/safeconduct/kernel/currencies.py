# SPDX-License-Identifier: AGPL-3.0-or-later
"""Currencies and how many digits their smallest unit has.

Source: ISO 4217, list one, as SIX publishes it for the standard; testing is done in XTS, which the
standard keeps for that.  Metals, bond units and baskets are left out: nobody is paid in them.
"""

from __future__ import annotations

from typing import Final

_TWO: Final = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD "
    "CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD "
    "GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD "
    "MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP "
    "PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS "
    "TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG XTS YER ZAR ZMW ZWG"
)
_NONE: Final = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE: Final = "BHD IQD JOD KWD LYD OMR TND"
DIGITS: Final[dict[str, int]] = (
    dict.fromkeys(_TWO.split(), 2)
    | dict.fromkeys(_NONE.split(), 0)
    | dict.fromkeys(_THREE.split(), 3)
)
"""Digits of the smallest unit of each currency."""
SIGNS: Final = {
    "€": "EUR",
    "₽": "RUB",
    "₴": "UAH",
    "₸": "KZT",
    "₾": "GEL",
    "֏": "AMD",
    "₺": "TRY",
}
"""Signs that mean one currency and no other; `$` and `£` are those of many."""
