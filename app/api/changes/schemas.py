"""Changes, as the API serves them."""

import datetime
from typing import Annotated

from pydantic import BaseModel, Field
from typing_extensions import TypeAliasType

from app.http.lists.listing import NextPage
from app.http.lists.parameters import MAXIMUM_LIMIT
from app.records.company import Company
from app.records.metric import Metric
from app.records.milestone import Milestone
from app.records.product import Product
from app.records.source import Source
from app.revisions.log import Action
from app.values.resources import Kind
from app.values.text import ResourceUrl

LARGEST_NUMBER = 2**53 - 1
"""JavaScript represents every integer up to it exactly."""


class Change(BaseModel):
    """One revision: what was done to one resource, by whom and why."""

    revision: Annotated[
        int, Field(ge=1, le=LARGEST_NUMBER, description="Number of the revision, from 1 without gaps.", examples=[7])
    ]
    recorded_at: Annotated[
        datetime.datetime, Field(description="When it was recorded (RFC 3339, UTC).", examples=["2026-11-24T09:30:00Z"])
    ]
    actor: Annotated[str, Field(max_length=100, description="Who made the change.", examples=["company-profiles"])]
    reason: Annotated[str, Field(max_length=300, description="Why.", examples=["Seed of a new database"])]
    action: Annotated[Action, Field(description="What was done.", examples=["create"])]
    kind: Annotated[Kind, Field(description="Kind of the changed resource.", examples=["company"])]
    url: Annotated[ResourceUrl, Field(description="URL of the resource at that time.", examples=["/v1/companies/baidu"])]
    document: Annotated[
        Company | Source | Milestone | Product | Metric | None,
        Field(description="The resource as the revision left it; null if the revision deleted it."),
    ]


class StreamStart(BaseModel):
    """The data of the first event of a stream."""

    dataset: Annotated[str, Field(max_length=32, description="Random name of this database.", examples=["7f3a9c1e"])]
    since: Annotated[int, Field(ge=0, le=LARGEST_NUMBER, description="The stream has the revisions after it.", examples=[64])]


ChangeEvent = TypeAliasType(
    "ChangeEvent",
    Annotated[
        StreamStart | Change,
        Field(description="The data of an event: where the stream starts for `start`, otherwise a change."),
    ],
)


class ChangesPage(BaseModel):
    """Changes by revision number. When `next` is null, continue with `since` = `newest`."""

    items: Annotated[list[Change], Field(max_length=MAXIMUM_LIMIT)]
    next: NextPage
    newest: Annotated[
        int,
        Field(
            ge=0,
            le=LARGEST_NUMBER,
            description="Number of the newest revision when the page was read; 0 in an empty database.",
            examples=[64],
        ),
    ]
    dataset: Annotated[
        str,
        Field(
            max_length=32,
            description="Random name of this database. If it changes, the revision numbers belong to another log: start again.",
            examples=["7f3a9c1e"],
        ),
    ]
