"""The string types of records and responses, each with its limits and an example.

Every string has a maximum length and no control characters. PostgreSQL cannot store NUL, and clients that know the limits
can validate before they send.
"""

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache
from typing import Annotated, Final

from pycountry import countries
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, ValidationInfo

LONGEST_KEY = 300
SLUG_PATTERN = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"
KEYWORD_PATTERN = r"^[a-z0-9]+(?:_[a-z0-9]+)*$"
COUNTRY_PATTERN = r"^[A-Z]{2}$"
LANGUAGE_PATTERN = r"^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$"
SHA256_PATTERN = r"^[0-9a-f]{64}$"
WEB_URL_PATTERN = r"^https?://[^\s]+$"
LINE_PATTERN = r"^[^\n\t]*$"
VISIBLE_PATTERN = r"^[\x21-\x7e]+$"
SEGMENT_PATTERN = r"^[^/\x00-\x1f\x7f-\x9f]+$"
IDENTIFIER_PATTERN = r"^[a-z0-9_]{1,60}:[^\x00-\x1f\x7f-\x9f]{1,300}$"

PATTERNS_IN_WORDS = {
    IDENTIFIER_PATTERN: "scheme:value, such as lei:5493001KJTIIGC8Y1R12",
    SLUG_PATTERN: "lower-case letters a–z, digits and single hyphens, such as baidu",
    KEYWORD_PATTERN: "lower-case letters a–z and digits, joined by single underscores, such as market_position",
    COUNTRY_PATTERN: "two capital letters, a country code such as CN",
    LANGUAGE_PATTERN: "a language tag, such as en or zh-Hans",
    SHA256_PATTERN: "64 hexadecimal digits in lower case",
    WEB_URL_PATTERN: "a URL that starts with https:// or http://",
    LINE_PATTERN: "one line of text without tabs",
    VISIBLE_PATTERN: "visible ASCII characters without spaces, such as a UUID",
    SEGMENT_PATTERN: "text without slashes and control characters",
}
"""What a message expects of a text that does not match."""

# C0 and C1 controls except tab and line feed, lone surrogates, and the two non-characters of the BMP.
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def require_printable(value: str) -> str:
    """Rejects control characters, which no name or sentence needs and some databases cannot store."""
    found = UNPRINTABLE.search(value)
    if found:
        raise ValueError(f"contains the control character U+{ord(found.group()):04X} at position {found.start()}")
    return value


def _readable(value: object) -> object:
    """Normalises text to Unicode NFC, so that names that look equal are equal, and rejects control characters."""
    if not isinstance(value, str) or (value.isascii() and value.isprintable()):
        return value
    return require_printable(unicodedata.normalize("NFC", value))


NEW_TEXT: Final = "new text"
"""The context of a validation of what is written now. What was stored before a rule existed stays readable without it."""

INVISIBLE = (
    r"\s\x00-\x1f\x7f-\xa0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202f\u205f-\u206f"
    r"\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""For a character class: white space, control characters, and the Default_Ignorable_Code_Point of Unicode, which show nothing."""
_VISIBLE = re.compile(f"[^{INVISIBLE}]")
# They turn the text round that follows, on the pages of others too. The marks U+200E, U+200F and U+061C only settle one place.
_BIDIRECTIONAL = re.compile("[\u202a-\u202e\u2066-\u2069]")


def _legible(value: str, info: ValidationInfo) -> str:
    """Rejects a new name that shows nothing, or that changes the direction of the text around it."""
    if info.context != NEW_TEXT or value.isascii():
        return value
    found = _BIDIRECTIONAL.search(value)
    if found:
        code = f"U+{ord(found.group()):04X}"
        raise ValueError(f"contains {code} at position {found.start()}, which changes the direction of the text around it")
    if not _VISIBLE.search(value):
        raise ValueError("contains no visible character")
    return value


# It runs first when a value is validated, so the limits apply to normalised text. In an annotation it stands after the limits,
# because only limits directly after ``str`` become part of the string's own schema.
_READABLE = BeforeValidator(_readable)

# The same rule for OpenAPI. The validator gives better messages than "does not match".
_CONTROLS = r"\x00-\x1f\x7f-\x9f\ufffe\uffff"
_LINE_PATTERN = rf"^[^{_CONTROLS}]*[^\s{_CONTROLS}][^{_CONTROLS}]*$"
_PRINTABLE_PATTERN = rf"^[^{_CONTROLS}]*$"

Printable = Annotated[str, _READABLE, Field(json_schema_extra={"pattern": _PRINTABLE_PATTERN})]

Slug = Annotated[
    str,
    Field(
        min_length=1,
        max_length=100,
        pattern=SLUG_PATTERN,
        description="Lower-case letters a–z, digits and single hyphens; part of the URL of the resource.",
        examples=["baidu"],
    ),
]
Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=300, pattern=LINE_PATTERN),
    _READABLE,
    Field(json_schema_extra={"pattern": _LINE_PATTERN}),
    AfterValidator(_legible),
]
"""One line of text: a name or a title. A new one is legible."""
Paragraph = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000), _READABLE]
"""Free text in the words of the dataset's author."""
Keyword = Annotated[str, Field(min_length=1, max_length=60, pattern=KEYWORD_PATTERN)]
"""A snake_case word from a vocabulary that datasets may extend, such as the category of a milestone."""


@cache
def _country_codes() -> frozenset[str]:
    """Read when the first code is checked, because the package holds more of each country than this needs."""
    return frozenset(country.alpha_2 for country in countries)


def country_fault(code: str) -> str:
    return f"{code!r} is not an ISO 3166-1 alpha-2 country code, such as CN"


def _require_country(code: str) -> str:
    if code not in _country_codes():
        raise ValueError(country_fault(code))
    return code


CountryCode = Annotated[
    str,
    Field(min_length=2, max_length=2, pattern=COUNTRY_PATTERN, description="ISO 3166-1 alpha-2 country code.", examples=["CN"]),
    AfterValidator(_require_country),
]
LanguageTag = Annotated[
    str,
    Field(
        min_length=2,
        max_length=35,
        pattern=LANGUAGE_PATTERN,
        description="BCP 47 language tag.",
        examples=["en"],
    ),
]
Sha256 = Annotated[
    str,
    Field(
        min_length=64,
        max_length=64,
        pattern=SHA256_PATTERN,
        description="SHA-256 as lower-case hexadecimal.",
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    ),
]
WebUrl = Annotated[
    str,
    Field(max_length=2000, pattern=WEB_URL_PATTERN, examples=["https://example.com/annual-report"]),
    _READABLE,
]
"""An http or https URL. It is stored and served, never fetched."""
ResourceUrl = Annotated[
    str,
    Field(max_length=700, pattern=r"^/(.+/)?v1/", description="Path of the resource; behind a proxy, the public one."),
]


def fold(text: str) -> str:
    """The key by which names are compared and sorted: without case and accents, in one form per character.

    Both engines compare keys by code point, so they sort alike. A key is cut to the length of its column, because one
    character may decompose into eighteen.
    """
    if text.isascii():
        return text.lower()[:LONGEST_KEY]
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    # Fold again: a mathematical or superscript capital has only now become a plain one.
    return unicodedata.normalize("NFC", bare.casefold())[:LONGEST_KEY]


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name with the most similar spelling, or None. A long text is not compared: that takes long."""
    if len(name) > LONGEST_KEY:
        return None
    return next(iter(get_close_matches(name, list(known), n=1, cutoff=0.6)), None)
