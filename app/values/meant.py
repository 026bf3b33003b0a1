"""What a wrong value probably meant. Errors ask for it, so its tables are imported with the first one."""

import re
import unicodedata
from functools import cache

from pycountry import countries, currencies

from app.values.text import LONGEST_KEY, nearest
from app.values.units import PER, UNITS, is_currency, is_unit

_COUNTRIES = {
    "america": "US", "u.s.": "US", "u.s.a.": "US", "uk": "GB", "u.k.": "GB", "britain": "GB", "great britain": "GB",
    "england": "GB", "scotland": "GB", "wales": "GB", "northern ireland": "GB", "holland": "NL", "el": "GR", "russia": "RU",
    "south korea": "KR", "korea": "KR", "north korea": "KP", "burma": "MM", "ivory coast": "CI", "czech republic": "CZ",
    "macedonia": "MK", "swaziland": "SZ", "cape verde": "CV", "turkey": "TR", "uae": "AE", "vatican": "VA", "laos": "LA",
    "brunei": "BN", "syria": "SY", "palestine": "PS", "prc": "CN", "mainland china": "CN", "hongkong": "HK", "eire": "IE",
    "deutschland": "DE", "brd": "DE", "ger": "DE", "österreich": "AT", "schweiz": "CH", "suisse": "CH", "norge": "NO",
    "sverige": "SE", "danmark": "DK", "suomi": "FI", "españa": "ES", "italia": "IT", "nederland": "NL", "polska": "PL",
    "brasil": "BR", "méxico": "MX", "türkiye": "TR", "中国": "CN", "日本": "JP",
}  # fmt: skip
"""Names and codes that pycountry does not know."""
_UNITS = {
    "%": "percent", "per cent": "percent", "pct": "percent", "percentage": "percent", "prozent": "percent",
    "pp": "percentage_points", "ppt": "percentage_points", "p.p.": "percentage_points", "pts": "percentage_points",
    "percentage point": "percentage_points", "%-points": "percentage_points", "% points": "percentage_points",
    "employee": "people", "employees": "people", "staff": "people", "headcount": "people", "persons": "people",
    "person": "people", "fte": "people", "workers": "people", "number": "count", "pieces": "count", "units": "count",
    "items": "count", "share": "shares", "stocks": "shares", "customers": "users", "company": "companies",
    "country": "countries", "multiple": "ratio", "times": "ratio", "x": "ratio", "place": "rank", "position": "rank",
    "$": "USD", "us$": "USD", "usd$": "USD", "dollar": "USD", "dollars": "USD", "us dollar": "USD", "us dollars": "USD",
    "€": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "pound": "GBP", "pounds": "GBP", "stg": "GBP", "gbp£": "GBP",
    "rmb": "CNY", "yuan": "CNY", "renminbi": "CNY", "yen": "JPY", "jp¥": "JPY", "cn¥": "CNY", "₹": "INR", "rupee": "INR",
    "rupees": "INR", "rs": "INR", "₩": "KRW", "won": "KRW", "₽": "RUB", "rouble": "RUB", "roubles": "RUB", "franc": "CHF",
    "francs": "CHF", "sfr": "CHF", "fr.": "CHF", "a$": "AUD", "c$": "CAD", "hk$": "HKD", "nt$": "TWD", "ntd": "TWD",
    "s$": "SGD", "r$": "BRL", "real": "BRL", "d-mark": "DEM", "dm": "DEM", "deutsche mark": "DEM", "deutschmark": "DEM",
    "lira": "TRY", "₺": "TRY", "zloty": "PLN", "zł": "PLN", "₪": "ILS", "₫": "VND", "₴": "UAH", "฿": "THB", "rand": "ZAR",
    "peso": "MXN",
}  # fmt: skip
_QUALIFIERS = {
    "exact": "= exactly precisely precise",
    "about": "~ ≈ c. ca. ca circa approx approx. approximately around roughly some estimated estimate",
    "more_than": "> over above more exceeding exceeds beyond greater_than",
    "at_least": ">= ≥ minimum min from no_less_than not_less_than",
    "less_than": "< under below less fewer fewer_than",
    "at_most": "<= ≤ maximum max up_to no_more_than not_more_than",
}
_SCALE = re.compile(
    r"\b(?:thousands?|millions?|billions?|trillions?|mn|mln|mio|bn|mrd|tn|k|m|b|000s?|lakh|crore)\b|(?<=[a-z])(?:bn|mn|m)$"
)


def country_meant(text: str) -> str | None:
    """The code and name of a country, such as ``GB for United Kingdom``, from another name or code of it."""
    plain = " ".join(text.casefold().removeprefix("the ").split())
    if not plain or len(text) > LONGEST_KEY:
        return None
    try:
        country = countries.get(alpha_2=_COUNTRIES[plain]) if plain in _COUNTRIES else countries.lookup(plain)
    except LookupError:
        near = nearest(plain, _country_names()) if len(plain) > 3 else None
        if near is None:
            return None
        country = countries.get(alpha_2=_country_names()[near])
    return f"{country.alpha_2} for {getattr(country, 'common_name', country.name)}" if country else None


@cache
def _country_names() -> dict[str, str]:
    return {getattr(country, "common_name", country.name).casefold(): country.alpha_2 for country in countries} | _COUNTRIES


def unit_meant(text: str) -> str | None:
    """The unit that another way to write it means, and what to do with a scale such as million."""
    plain = " ".join(text.casefold().split())
    if not plain or len(text) > LONGEST_KEY:
        return None
    unscaled = " ".join(_SCALE.sub(" ", plain).split())
    if unscaled != plain:
        unit = _unit(unscaled.removesuffix(" of").removeprefix("in ")) or "the unit"
        return f"{unit}, with all digits in the value, such as 1200000"
    return _unit(plain)


def _unit(plain: str) -> str | None:
    word = re.sub(r"[\s/-]+", "_", plain)
    if plain in _UNITS:
        return _UNITS[plain]
    money, _, thing = word.replace("_a_share", "_share").replace("_per_", "_").rpartition("_")
    if thing.removesuffix("s") in PER and is_currency(currency := (_unit(money) or "") if money else ""):
        return f"{currency.lower()}_per_{thing.removesuffix('s')}"
    if is_unit(word) or is_currency(plain.upper()):
        return word if is_unit(word) else plain.upper()
    named = _currency_names().get(plain.removesuffix("s"))
    near = None if named else nearest(word, UNITS)
    return named or near or _UNITS.get(nearest(plain, [name for name in _UNITS if len(name) > 4]) or "")


@cache
def _currency_names() -> dict[str, str]:
    return {currency.name.casefold(): currency.alpha_3 for currency in currencies}


def qualifier_meant(text: str) -> str | None:
    """The qualifier that a word of a source means."""
    word = "_".join(text.casefold().split())
    return next((name for name, words in _QUALIFIERS.items() if word == name or word in words.split()), None)


def words_joined(text: str, joint: str) -> str | None:
    """The text in lower case, its words joined as slugs and keywords are."""
    decomposed = unicodedata.normalize("NFKD", text[:LONGEST_KEY].casefold())
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    joined = joint.join(re.findall(r"[a-z0-9]+", bare.replace("ß", "ss").replace("ø", "o").replace("æ", "ae")))
    return joined if joined and re.sub(r"[^\W_]", "", bare, flags=re.ASCII).isascii() else None


def address_meant(text: str) -> str | None:
    """The URL of a host name without its scheme."""
    return f"https://{text}" if re.fullmatch(r"[\w-]+(?:\.[\w-]+)+(?:/\S*)?", text[:LONGEST_KEY]) else None
