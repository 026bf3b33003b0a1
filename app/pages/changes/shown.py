"""A change as people read it."""

from typing import NamedTuple

from app.api.changes.schemas import Change
from app.records.metric import Metric
from app.records.milestone import Milestone
from app.records.source import Source

_LONGEST_QUOTE = 240


class Shown(NamedTuple):
    """A change and what people call the resource: its title, of a number with its period; if deleted, the end of its URL."""

    change: Change
    title: str

    @classmethod
    def of(cls, json: str) -> "Shown":
        change = Change.model_validate_json(json)
        document = change.document
        if document is None:
            return cls(change, change.url.rpartition("/")[2])
        title = document.title if isinstance(document, Milestone | Source) else document.name
        if isinstance(document, Metric) and document.period is not None:
            title = f"{title}, {document.period.text}"
        return cls(change, title)

    @property
    def quote(self) -> str | None:
        """The words that a dated fact rests on, if they are known and not too long to stand beside it."""
        document = self.change.document
        date = document.date if isinstance(document, Milestone) else document.period if isinstance(document, Metric) else None
        if date is None or not isinstance(document, Milestone | Metric):
            return None
        words = document.citations[0].quote
        return words if words and len(words) <= _LONGEST_QUOTE else None

    @property
    def verb(self) -> str:
        return {"create": "Added", "update": "Changed", "delete": "Deleted"}[self.change.action]

    @property
    def company(self) -> str | None:
        """The company of a fact, by its slug."""
        parts = self.change.url.split("/")
        return parts[3] if len(parts) > 4 else None

    @property
    def url(self) -> str:
        """The page of the resource as the change left it, or as it was before it was deleted."""
        revision = self.change.revision - (self.change.action == "delete")
        return f"{self.change.url.removeprefix('/v1')}?as_of={revision}"
