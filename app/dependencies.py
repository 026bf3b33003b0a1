"""What endpoints are given."""

from typing import Annotated

from fastapi import Depends, Path, Request

from app.db import Database


def get_database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


DatabaseDependency = Annotated[Database, Depends(get_database)]

CompanyPath = Annotated[
    str, Path(min_length=1, max_length=200, description="Slug of the company.", examples=["baidu"], pattern=r"^[^/]+$")
]
SourcePath = Annotated[
    str,
    Path(
        min_length=1,
        max_length=200,
        description="Slug of the source.",
        examples=["chinas-sci-tech-is-going-global"],
        pattern=r"^[^/]+$",
    ),
]
FactPath = Annotated[
    str, Path(min_length=1, max_length=200, description="Slug of the fact.", examples=["founded"], pattern=r"^[^/]+$")
]
