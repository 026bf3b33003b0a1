"""Reading and changing the resources of one kind."""

import json
import re
import uuid
from collections.abc import Mapping
from typing import Generic, TypeVar

from .base import Model
from .filters import AsOf
from .methods import Group, Listing, Transport, listing, method
from .models import Company, HistoryEntry, HistoryPage, Metric, Milestone, ProblemDetails, Product, Source
from .problems import PreconditionFailed

Stored = TypeVar("Stored", Company, Source, Milestone, Product, Metric)
Input = TypeVar("Input", bound=Model)
Patch = TypeVar("Patch", bound=Model)
Fields = Mapping[str, object]
_CHANGED = ProblemDetails(
    type="/problems/precondition-failed", title="Precondition failed", status=412, detail="This has changed since it was listed."
)
_URL = re.compile(r"(?:^|/)v1/((?:companies|sources)/[a-z0-9/-]+)$")
_SLUG = re.compile(r"[a-z0-9-]+")


class Records(Group[Transport], Generic[Transport, Stored, Input, Patch]):
    """The resources of one kind.

    A method that takes a resource takes the object that was read; its URL; or its name, which is its slug, and for a fact
    ``company/slug``. A change names the version of the object in ``If-Match``, so that it never overwrites what somebody else
    has changed since. Given a URL or a name, it reads the resource first. ``if_match="*"`` changes any version.
    """

    model: type[Stored]
    pattern: str
    """The path of a resource."""

    @method
    async def get(self, resource: Stored | str, *, as_of: AsOf | None = None) -> Stored:
        """One resource, now or in the past."""
        return await self.session.read(self.model, "GET", self._path(resource), {"as_of": as_of})

    @listing
    def history(self, resource: Stored | str, *, limit: int | None = None) -> Listing[HistoryPage, HistoryEntry]:
        """Who changed the resource, when, why and what: the newest revision first."""
        return Listing(self.session, HistoryPage, f"{self._path(resource)}/history", {"limit": limit})

    @method
    async def replace(
        self, resource: Stored | str, record: Input | Fields, *, reason: str | None = None, if_match: str | None = None
    ) -> Stored:
        """Replace the resource. Fields that the record leaves out become null or their default."""
        return await self._write(
            "PUT", self._path(resource), record, reason, {"If-Match": await self._version(resource, if_match)}
        )

    @method
    async def change(
        self, resource: Stored | str, fields: Patch | Fields, *, reason: str | None = None, if_match: str | None = None
    ) -> Stored:
        """Change only these fields, as a JSON merge patch. None removes a field."""
        version = await self._version(resource, if_match)
        return await self._write("PATCH", self._path(resource), fields, reason, {"If-Match": version})

    @method
    async def delete(
        self, resource: Stored | str, *, reason: str | None = None, if_match: str | None = None, with_facts: bool = False
    ) -> None:
        """Delete the resource, and ``with_facts`` a company together with its facts. Its history stays."""
        query = {"reason": reason, "with_facts": with_facts or None}
        headers = {"If-Match": await self._version(resource, if_match)}
        await self.session.send(self.session.request("DELETE", self._path(resource), query, headers))

    async def _create(self, path: str, record: Input | Fields, reason: str | None, key: str | None) -> Stored:
        return await self._write("POST", path, record, reason, {"Idempotency-Key": key or str(uuid.uuid4())})

    async def _write(self, verb: str, path: str, record: Model | Fields, reason: str | None, headers: dict[str, str]) -> Stored:
        headers["Content-Type"] = "application/merge-patch+json" if verb == "PATCH" else "application/json"
        return await self.session.read(self.model, verb, path, {"reason": reason}, headers, content=encoded(record))

    async def _version(self, resource: Stored | str, if_match: str | None) -> str:
        """The ETag that a change names. An item of a list has none: it is read, and must be the same revision."""
        if known := if_match or (None if isinstance(resource, str) else resource.etag):
            return known
        read = await self.session.read(self.model, "GET", self._path(resource))
        if not isinstance(resource, str) and read.revision != resource.revision:
            raise PreconditionFailed(_CHANGED)
        return str(read.etag)

    def _path(self, resource: Stored | str) -> str:
        """The path of a resource below the server's URL, whatever is in front of it in the resource's own URL."""
        name = resource if isinstance(resource, str) else resource.url
        if url := _URL.search(name):
            return f"v1/{url[1]}"
        names, slugs = re.findall(r"{(\w+)}", self.pattern), name.split("/")
        if len(slugs) != len(names) or not all(map(_SLUG.fullmatch, slugs)):
            raise ValueError(f"expected {'/'.join(names)}, or a URL of the API, not {name!r}")  # it could lead elsewhere
        return self.pattern.format(**dict(zip(names, slugs, strict=True)))


def encoded(record: Model | Fields) -> bytes:
    """A body. Of a model, only the fields that were set."""
    if isinstance(record, Model):
        return record.model_dump_json(exclude_unset=True, by_alias=True).encode()
    return json.dumps(dict(record)).encode()
