"""A page of changes."""

import json

from fastapi import Request, Response

from app.api.changes.parameters import ChangesParameters
from app.api.changes.queries import COLUMNS, Changes
from app.http.lists.field_selection import select_fields
from app.http.lists.tables import Table, respond_page
from app.http.negotiation import Format
from app.http.parameters import query_pairs
from app.http.responses import json_list, respond, url_of


def respond_changes(
    request: Request, changes: Changes, parameters: ChangesParameters, format: Format, chosen: frozenset[str] | None
) -> Response:
    """The page, with the URL of the next one if there are more changes already.

    Long-poll responses must not be cached: a cached empty page would make the next long poll return at once.
    """
    link = None if changes.complete else _next_address(request.url.path, parameters, changes.reached)
    documents = [item.json for item in changes.items]
    if format is Format.JSON:
        end = f',"newest":{changes.stamp.revision},"dataset":{json.dumps(changes.stamp.dataset)}}}'.encode()
        body = json_list(",".join(select_fields(documents, chosen)), link, None).removesuffix(b"}") + end
        response = respond(request, body, changes.stamp, format, link=link)
    else:
        response = respond_page(request, documents, changes.stamp, format, Table("changes", COLUMNS, chosen, parameters), link)
    if parameters.wait:
        response.headers["Cache-Control"] = "no-store"
    return response


def _next_address(path: str, parameters: ChangesParameters, reached: int) -> str:
    """The same request after the last revision that was examined."""
    kept = [pair for pair in query_pairs(parameters) if pair[0] != "since"]
    return url_of(path, [("since", str(reached)), *kept])
