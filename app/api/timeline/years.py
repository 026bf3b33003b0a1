"""A page of the timeline in groups, one for each year."""

import json
from collections.abc import Sequence

import orjson
from fastapi import Request, Response

from app.api.timeline.parameters import TimelineParameters
from app.database.database import Readable
from app.http.lists.field_selection import choose_fields, select_fields
from app.http.lists.listing import Listing, read_listing
from app.http.lists.tables import negotiate_list
from app.http.negotiation import ONE_FORMAT
from app.http.parameters import query_pairs
from app.http.responses import next_url, respond


async def respond_years(request: Request, database: Readable, listing: Listing, parameters: TimelineParameters) -> Response:
    """Respond with a page in groups."""
    format = negotiate_list(request, parameters, ONE_FORMAT)
    chosen = choose_fields(parameters.fields, listing.models)
    path = request.url.path
    read = database.scan if parameters.total else database.read
    page = await read(read_listing, listing, parameters, path)
    link = next_url(path, query_pairs(parameters), page.next_cursor)
    counted = "" if page.total is None else f',"total":{page.total}'
    body = f'{{"groups":[{",".join(_groups(page.documents, chosen))}],"next":{json.dumps(link)}{counted}}}'
    return respond(request, body.encode(), page.stamp, format, link=link)


def _groups(entries: Sequence[str], chosen: frozenset[str] | None) -> list[str]:
    years: dict[int | None, list[str]] = {}
    for entry in entries:
        years.setdefault(_year(entry), []).append(entry)
    undated = years.pop(None, None)
    groups = list(years.items()) + ([(None, undated)] if undated else [])
    return [f'{{"year":{json.dumps(year)},"items":[{",".join(select_fields(items, chosen))}]}}' for year, items in groups]


def _year(entry: str) -> int | None:
    """The year that an entry is sorted by: that of its first possible day or, if the start is open, of its last."""
    date = orjson.loads(entry)["date"]
    return int((date["earliest"] or date["latest"])[:4]) if date else None
