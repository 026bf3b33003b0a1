"""The history of a resource."""

import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from app.http.lists.listing import NextPage
from app.revisions.diff import Difference
from app.revisions.log import Action
from app.values.text import ResourceUrl


class HistoryEntry(BaseModel):
    """A revision of a resource: who changed what, when and why."""

    revision: Annotated[int, Field(ge=1, le=2**53 - 1, description="Number of the revision.", examples=[64])]
    recorded_at: Annotated[datetime.datetime, Field(description="When it was recorded.", examples=["2026-11-24T09:30:00Z"])]
    actor: Annotated[str, Field(max_length=100, description="Name of the key or the user.", examples=["newsroom"])]
    reason: Annotated[str, Field(max_length=300, description="Why, in the words of the actor.", examples=["Annual report 2024"])]
    action: Annotated[Action, Field(examples=["update"])]
    url: Annotated[ResourceUrl, Field(description="URL of the resource at that time.", examples=["/v1/companies/baidu"])]
    changes: Annotated[
        list[Difference],
        Field(max_length=1000, description="Each field that differs from the previous revision; empty for a deletion."),
    ]


class HistoryPage(BaseModel):
    """A page of a resource's history, the newest revision first."""

    items: Annotated[list[HistoryEntry], Field(max_length=200)]
    next: NextPage
