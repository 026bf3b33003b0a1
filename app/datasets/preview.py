"""What a load or an undo would change, resource by resource, read from the revisions of its transaction."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import BaseModel, Field
from sqlalchemy import Connection, select

from app.database.models import Revision
from app.revisions.diff import Difference, differences
from app.revisions.log import Action
from app.values.text import ResourceUrl


class ResourceChange(BaseModel):
    """The change of one resource."""

    action: Annotated[Action, Field(description="What is done with the resource.", examples=["update"])]
    url: Annotated[ResourceUrl, Field(examples=["/v1/companies/baidu"])]
    changes: Annotated[
        list[Difference],
        Field(max_length=1000, description="The fields that an update changes. Empty for new and deleted resources."),
    ]

    def __str__(self) -> str:
        lines = (f"    {change.field}: {change.before!r} → {change.after!r}" for change in self.changes)
        return "\n".join([f"{self.action} {self.url}", *lines])


def changes_after(connection: Connection, number: int) -> Iterator[ResourceChange]:
    """The changes of the revisions after ``number``, in order, read lazily."""
    earlier = Revision.__table__.alias("earlier")
    before = (
        select(earlier.c.document)
        .where(earlier.c.resource_id == Revision.resource_id, earlier.c.number < Revision.number)
        .order_by(earlier.c.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = select(Revision.action, Revision.url, Revision.document, before.label("before")).where(Revision.number > number)
    for row in connection.execution_options(yield_per=500).execute(query.order_by(Revision.number)):
        changed = differences(row.before, row.document) if row.action == "update" else []
        yield ResourceChange(action=row.action, url=row.url, changes=changed)
