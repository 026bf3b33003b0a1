"""What endpoints are given."""

from typing import Annotated

from fastapi import Depends, Path, Request

from app.db import Database


async def get_database(request: Request) -> Database:
    """Not a plain function: the framework would call that in a thread, which costs as much as the query."""
    database: Database = request.app.state.database
    return database


SEGMENT = r"^[^/\x00-\x1f\x7f-\x9f]+$"
"""Any other slug is looked for, so that a misspelt one is a 404 that suggests the nearest."""

DatabaseDependency = Annotated[Database, Depends(get_database)]

CompanyPath = Annotated[
    str, Path(min_length=1, max_length=200, description="Slug of the company.", examples=["baidu"], pattern=SEGMENT)
]
SourcePath = Annotated[
    str,
    Path(
        min_length=1,
        max_length=200,
        description="Slug of the source.",
        examples=["chinas-sci-tech-is-going-global"],
        pattern=SEGMENT,
    ),
]
FactPath = Annotated[
    str, Path(min_length=1, max_length=200, description="Slug of the fact.", examples=["founded"], pattern=SEGMENT)
]
MilestonePath = FactPath
ProductPath = Annotated[FactPath, Path(examples=["baidu-ai-cloud"])]
MetricPath = Annotated[FactPath, Path(examples=["search-queries"])]
