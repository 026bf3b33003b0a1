"""The page of changes, the newest first, and the same as an Atom feed (RFC 4287)."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from app.api.changes.parameters import ChangeFilters
from app.api.changes.queries import Changes, read_newest_changes
from app.api.changes.schemas import LARGEST_NUMBER
from app.http.conditional import not_modified
from app.http.dependencies import DatabaseDependency
from app.http.parameters import WholeNumber
from app.http.responses import REVISION_HEADER, url_of
from app.http.templates import render
from app.pages.changes.shown import Shown
from app.pages.layout import LIST_STYLES, data_page
from app.values.text import Slug

router = APIRouter(include_in_schema=False)

ATOM = "application/atom+xml"
_ON_A_PAGE = 50
_IN_FEED = 50


class ChangesPageParameters(BaseModel):
    """Whose changes, and before which revision. Unknown parameters are ignored: what shares a link adds its own."""

    company: Annotated[list[Slug], Field(max_length=20)] = []
    before: Annotated[int, Field(ge=1, le=LARGEST_NUMBER), WholeNumber] = LARGEST_NUMBER

    @property
    def filters(self) -> ChangeFilters:
        return ChangeFilters(company=self.company)

    def url(self, path: str, *more: tuple[str, str]) -> str:
        pairs = [*(("company", slug) for slug in self.company), *more]
        return url_of(path, pairs) if pairs else path


@router.get("/changes")
async def get_changes_page(
    request: Request, database: DatabaseDependency, parameters: Annotated[ChangesPageParameters, Query()]
) -> Response:
    """What changed, the newest first."""
    found = await database.scan(read_newest_changes, parameters.filters, parameters.before, _ON_A_PAGE)
    shown = [Shown.of(item.json) for item in found.items]
    return data_page(
        request,
        "changes.html",
        "Changes",
        found.stamp,
        styles=LIST_STYLES,
        description="What was added, changed and deleted, by whom and why.",
        json_url=parameters.url("/v1/changes", ("since", str(_since(found, parameters.before)))),
        feed_url=parameters.url("/changes.atom"),
        parameters=parameters,
        changes=shown,
        next_url=None if found.complete else parameters.url("/changes", ("before", str(found.reached))),
    )


def _since(found: Changes, before: int) -> int:
    """The revision after which the API's list has the same changes."""
    return (found.items[-1].number if found.items else min(found.reached, before, found.stamp.revision + 1)) - 1


@router.get("/changes.atom")
async def get_changes_feed(
    request: Request, database: DatabaseDependency, parameters: Annotated[ChangesPageParameters, Query()]
) -> Response:
    """The newest changes as an Atom feed."""
    found = await database.scan(read_newest_changes, parameters.filters, LARGEST_NUMBER, _IN_FEED)
    headers = {"ETag": found.stamp.etag_of("atom"), "Cache-Control": "no-cache", REVISION_HEADER: str(found.stamp.newest)}
    unchanged = not_modified(request, headers)
    if unchanged is not None:
        return unchanged
    feed = render(
        "pages/templates/changes.atom",
        base=str(request.base_url).rstrip("/"),
        self_path=parameters.url("/changes.atom"),
        page_path=parameters.url("/changes"),
        dataset=found.stamp.dataset,
        companies=parameters.company,
        changes=[Shown.of(item.json) for item in found.items],
    )
    return Response(feed, media_type=ATOM, headers=headers)
