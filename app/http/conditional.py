"""What a response was read from, its ETag, and conditional requests."""

import re
from dataclasses import dataclass
from typing import Self

from fastapi import Request, Response

from app import __version__
from app.http.negotiation import Format, sent_header

GZIP_MARK = '-gzip"'
"""How the ETag of a compressed response ends. A strong ETag names one encoding (RFC 9110, section 8.8.3)."""
_PUBLIC_URL_MARK = re.compile(r'@[0-9a-f]{16}(?=(?:-gzip)?")')
_MEMBER = re.compile(r'(?:"[^"]*"|[^",])+')
"""A member of a list of entity tags. A comma in quotes belongs to the tag."""


@dataclass(frozen=True)
class Stamp:
    """What a response was read from: the database's random name and a revision. Its ETag is made of both.

    ``newest`` is the newest revision of the snapshot, or None if the response does not come from the database.
    """

    dataset: str
    revision: int
    newest: int | None = None

    @classmethod
    def of_newest(cls, dataset: str, newest: int) -> Self:
        """The stamp of a response that any revision may change."""
        return cls(dataset, newest, newest)

    def etag(self, format: Format) -> str:
        """A strong validator. It includes the program's version, because another one may serialise the same facts differently."""
        return self.etag_of(format.value)

    def etag_of(self, form: str) -> str:
        """The same for another form of the response, such as a page in a language."""
        return f'"{self.dataset}-{self.revision}-{__version__}-{form}"'


def of_any_url(condition: str) -> str:
    """A condition whose tags name a version, by whatever public URL it was read (app/middleware/public_urls.py)."""
    return _PUBLIC_URL_MARK.sub("", condition)


def not_modified(request: Request, headers: dict[str, str]) -> Response | None:
    """304 if ``If-None-Match`` names the response. It repeats the client's ETag, so that a cache updates the right encoding."""
    matched = matching_etag(sent_header(request, b"if-none-match"), headers["ETag"])
    return None if matched is None else Response(status_code=304, headers=headers | {"ETag": matched})


def matching_etag(condition: str, etag: str, *, strong: bool = False) -> str | None:
    """The entity tag in ``If-None-Match`` or ``If-Match`` that names a response, or None (RFC 9110, sections 8.8.3 and 13.1).

    ``*`` names any response. The mark of an encoding makes no difference. Only ``If-Match`` compares strongly.
    """
    if condition == etag:
        return etag
    plain = etag.replace(GZIP_MARK, '"')
    if condition.strip(" \t") == "*":
        return plain
    for member in _MEMBER.findall(condition):
        tag: str = member.strip(" \t")
        if not strong:
            tag = tag.removeprefix("W/")
        if tag.replace(GZIP_MARK, '"') == plain:
            return tag
    return None
