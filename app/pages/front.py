"""The front page."""

from dataclasses import dataclass

from fastapi import Request, Response
from sqlalchemy import Connection

from app.api.changes.parameters import ChangeFilters
from app.api.changes.queries import read_newest_changes
from app.api.changes.schemas import LARGEST_NUMBER
from app.api.companies.include import with_counts
from app.api.companies.schemas import CompanyWithFacts
from app.http.conditional import Stamp
from app.pages.changes.shown import Shown
from app.pages.layout import LIST_STYLES, data_page, page, words_for
from app.pages.queries import MOST_COUNTED, count_all, first_companies, richest_companies

_TITLE = "Company facts with their sources"
_NEWEST_CHANGES = 8
_MOST_READ = 40
"""Changes among which an example is looked for: a fact with the words that it rests on."""


@dataclass(frozen=True)
class Front:
    """What the front page shows of the data. ``is_ranked`` is whether the companies are those with the most facts.

    ``example`` is a fact beside the words that it rests on, of the newest the one with most words.
    """

    counts: dict[str, int]
    companies: list[CompanyWithFacts]
    is_ranked: bool
    changes: list[Shown]
    example: Shown | None
    stamp: Stamp


def read_front(connection: Connection) -> Front:
    """The data of the front page, in one snapshot.

    The companies with the most facts are found by a pass over all facts. If there are too many, the first by name are shown.
    """
    newest = read_newest_changes(connection, ChangeFilters(), LARGEST_NUMBER, _MOST_READ)
    counts = count_all(connection)
    is_ranked = all(count <= MOST_COUNTED for count in counts.values())
    documents = richest_companies(connection) if is_ranked else first_companies(connection)
    changes = [Shown.of(item.json) for item in newest.items]
    return Front(
        counts=counts,
        companies=[CompanyWithFacts.model_validate_json(document) for document in with_counts(connection, documents)],
        is_ranked=is_ranked,
        changes=changes[:_NEWEST_CHANGES],
        example=max((change for change in changes if change.quote), key=_length_of_quote, default=None),
        stamp=newest.stamp,
    )


def _length_of_quote(change: Shown) -> int:
    return len(change.quote or "")


def front_page(request: Request, shown: Front | None) -> Response:
    """The front page. ``shown`` is None while the database is unavailable: the page then still leads to the guide."""
    if shown is None:
        title, styles, words = f"{_TITLE} · Company Profiles", LIST_STYLES[1:], words_for(request)
        return page(request, "front.html", title, path="/", styles=styles, words=words, shown=None)
    return data_page(
        request,
        "front.html",
        _TITLE,
        shown.stamp,
        styles=LIST_STYLES,
        description="Facts about companies, each with the passage of the source that it comes from.",
        json_url="/v1/stats",
        shown=shown,
        most_counted=MOST_COUNTED,
    )


def closed_page(request: Request) -> Response:
    """The front page of a server where reading needs a key. A link cannot send a key, but the API explorer can."""
    return page(request, "closed.html", f"{_TITLE} · Company Profiles", path="/")
