"""The page of a source."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.http.dependencies import DatabaseDependency, SourcePath
from app.pages.layout import data_page
from app.pages.parameters import PageParameters
from app.pages.references import Reference
from app.pages.sources.reading import read_source_page
from app.pages.sources.view import SourceView

router = APIRouter(include_in_schema=False)


@router.get("/sources/{source}")
async def get_source_page(
    request: Request, source: SourcePath, database: DatabaseDependency, parameters: Annotated[PageParameters, Query()]
) -> Response:
    """A source and the facts that cite it: in its text if the server holds it, otherwise by their places."""
    past_or_present = await database.as_of(parameters.as_of)
    found = await past_or_present.read(read_source_page, source)
    reference = Reference.of(request, found.source.slug, found.source.title, found.stamp.revision)
    values = {"view": SourceView(found), "source": found.source, "reference": reference, "parameters": parameters}
    return data_page(
        request,
        "source.html",
        found.source.title,
        found.stamp,
        link=reference.link,
        description=f"What is cited from {found.source.title}, passage by passage.",
        json_url=f"{found.source.url}{parameters.query}",
        scripts=[] if found.text else ["check.js"],
        **values,
    )
