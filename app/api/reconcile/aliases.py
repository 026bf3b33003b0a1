"""Names that are written together with another name of the same company, such as "Alphabet (Google)" or "X, formerly Twitter"."""

import re
from typing import NamedTuple

from app.api.reconcile.names import Name, normalise_name
from app.api.reconcile.properties import country_code
from app.values.text import LONGEST_KEY

_OTHER_NAME = re.compile(
    r"""[ ,;(\[–—-]+ (?:
        (?: formerly | previously | also | now ) \  (?: known | called | traded | trading | named ) (?: \ as )?
      | (?: doing\ business | trading | operating ) \ as
      | formerly | previously | f/?k/?a | a/?k/?a | d/?b/?a | t/a | o/a | f\.k\.a\. | a\.k\.a\. | d\.b\.a\.
      | vormals | ehemals | früher | anciennement | antes
      | (?: (?<=[,;(\[]) | (?<=[,;(\[]\ ) ) now | (?<=[(\[]) ex
    ) (?: [ .:,-]+ (?=\w) | \ (?=\W*\w) )""",
    re.IGNORECASE | re.VERBOSE,
)
_RELATION = re.compile(
    r"""[ ]?[,;(\[–—] \ ? (?: (?: formerly | previously | now | currently ) \ )? (?:
        owned\ by
      | an?\ [^,]{1,60}\b (?: company | subsidiary | division | unit | brand | affiliate ) \b
      | (?: (?: an? | the ) \ )? (?: \w{1,30} \ )?
        (?: part | subsidiary | division | unit | brand | member | affiliate | arm ) \ of
    ) \b""",
    re.IGNORECASE | re.VERBOSE,
)
_BESIDE = re.compile(r" [/|] ")
_BRACKETS = re.compile(r"[(（\[]([^()（）\[\]]+)[)）\]]")  # noqa: RUF001


class Alias(NamedTuple):
    """The two names that a text consists of. The second is None if it is the name of another company, such as the owner.

    ``same`` says that both certainly mean one company: the text says "formerly", and has not just brackets.
    """

    first: Name
    second: Name | None
    same: bool


def split_alias(text: str) -> Alias | None:
    """The two names in a text. None if it is one name."""
    text = " ".join(text[:LONGEST_KEY].split())
    if relation := _RELATION.search(text):
        return _alias(text[: relation.start()], None, same=True)
    if other := _OTHER_NAME.search(text):
        return _alias(text[: other.start()], text[other.end() :].rstrip(")] "), same=True)
    if beside := _BESIDE.search(text):
        return _alias(text[: beside.start()], text[beside.end() :], same=False)
    brackets = _BRACKETS.search(text)
    if brackets and country_code(brackets[1].strip()) is None:
        return _alias(text[: brackets.start()] + " " + text[brackets.end() :], brackets[1], same=False)
    return None


def _alias(first: str, second: str | None, *, same: bool) -> Alias | None:
    one, other = normalise_name(first), None if second is None else normalise_name(second)
    if not one.core or (other is not None and not other.is_distinctive):
        return None
    return Alias(one, other, same)
