"""What a response was read from, its ETag, and conditional requests."""

from dataclasses import dataclass
from typing import Self

from fastapi import Request, Response

from app import __version__
from app.http.negotiation import Format, sent_header


@dataclass(frozen=True)
class Stamp:
    """What an answer was read from: the database's random name and a revision. Its ETag is made of both.

    ``newest`` is the newest revision of the snapshot that it was read in; None where it is of no database.
    """

    dataset: str
    revision: int
    newest: int | None = None

    @classmethod
    def of_newest(cls, dataset: str, newest: int) -> Self:
        """The stamp of an answer that any revision may change."""
        return cls(dataset, newest, newest)

    def etag(self, format: Format) -> str:
        """A strong validator. It names the program's version too, since another one may write the same facts differently."""
        return f'"{self.dataset}-{self.revision}-{__version__}-{format.value}"'


def not_modified(request: Request, headers: dict[str, str]) -> Response | None:
    """304 where If-None-Match (RFC 9110, section 13.1.2) holds the ETag, whatever encoding it was served in.

    It repeats the ETag that the client has, so that a cache keeps the one of its own encoding.
    """
    condition = sent_header(request, b"if-none-match")
    if not condition:
        return None
    for candidate in (part.strip().removeprefix("W/") for part in condition.split(",")):
        if candidate == "*":
            return Response(status_code=304, headers=headers)
        if candidate.replace('-gzip"', '"') == headers["ETag"]:
            return Response(status_code=304, headers=headers | {"ETag": candidate})
    return None
