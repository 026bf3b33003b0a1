"""The two clients."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any, Literal, Self, TypedDict, Unpack
from uuid import uuid4

import httpx

from . import filters, models
from .cache import Cache
from .events import ChangeStream
from .kinds import Companies, Metrics, Milestones, Products, Sources
from .methods import Group, Listing, Transport, generator, listing, method
from .session import Session
from .transport import Awaiting, Blocking

Format = Literal["yaml", "json", "ndjson"]
_MEDIA_TYPES = {"yaml": "application/yaml", "json": "application/json", "ndjson": "application/x-ndjson"}
_SECONDS, _LONG = 30.0, httpx.Timeout(600.0, connect=30.0)
"""Until the server must have sent the next part of a response; and of that to a dataset, which takes longer."""


class Options(TypedDict, total=False):
    """An API key, the number of further attempts after a failure that may pass (3), and where responses are stored."""

    key: str | None
    retries: int
    cache: Cache | None


class _Api(Group[Transport]):
    """The methods of both clients."""

    def __init__(
        self, transport: Transport, url: str, key: str | None = None, retries: int = 3, cache: Cache | None = None
    ) -> None:
        base = httpx.URL(url if url.endswith("/") else f"{url}/")
        if base.scheme not in ("http", "https") or not base.host:
            raise ValueError(f"the URL of a server begins with http:// or https://, not {url!r}")
        if key and not (key.isascii() and key.isprintable() and " " not in key):
            raise ValueError("an API key has no spaces, no line breaks, and no letters beyond ASCII")
        session = Session(transport, base, key, retries, cache)
        super().__init__(session)
        self.companies: Companies[Transport] = Companies(session)
        self.sources: Sources[Transport] = Sources(session)
        self.milestones: Milestones[Transport] = Milestones(session)
        self.products: Products[Transport] = Products(session)
        self.metrics: Metrics[Transport] = Metrics(session)

    @listing
    def search(self, q: str, **chosen: Unpack[filters.SearchFilters]) -> Listing[models.SearchPage, models.SearchHit]:
        """Companies, facts and sources that contain the words, the best first."""
        return Listing(self.session, models.SearchPage, "v1/search", {"q": q, **chosen})

    @method
    async def suggest(self, q: str) -> models.Suggestions:
        """Names that begin like this, for completion."""
        return await self.session.read(models.Suggestions, "GET", "v1/suggest", {"q": q})

    @method
    async def compare(
        self, companies: Sequence[str], *, metric: str | Sequence[str] | None = None, as_of: filters.AsOf | None = None
    ) -> models.Comparison:
        """Companies side by side."""
        query = {"companies": ",".join(companies), "metric": metric, "as_of": as_of}
        return await self.session.read(models.Comparison, "GET", "v1/compare", query)

    @listing
    def timeline(self, **chosen: Unpack[filters.TimelineFilters]) -> Listing[models.TimelinePage, models.TimelineEntry]:
        """Milestones, launches and measured periods in the order of their dates."""
        return Listing(self.session, models.TimelinePage, "v1/timeline", chosen)

    @method
    async def stats(self) -> models.Stats:
        """Counts, the newest revision, and the values that filters accept."""
        return await self.session.read(models.Stats, "GET", "v1/stats")

    @listing
    def changes(self, **chosen: Unpack[filters.ChangesFilters]) -> Listing[models.ChangesPage, models.Change]:
        """Every change after the revision ``since``, in order."""
        return Listing(self.session, models.ChangesPage, "v1/changes", chosen)

    @method
    async def load(self, dataset: bytes, format: Format = "yaml", **chosen: Unpack[filters.LoadOptions]) -> models.LoadResult:
        """Load a dataset, all of it or nothing. ``prune`` deletes what it does not contain; ``dry_run`` only lists changes."""
        headers = {"Content-Type": _MEDIA_TYPES[format]}
        options: Any = {"content": dataset, "timeout": _LONG, "repeatable": True}
        return await self.session.read(models.LoadResult, "POST", "v1/datasets", chosen, headers, **options)

    @generator
    async def export(self, format: Literal["yaml", "ndjson"] = "yaml") -> AsyncGenerator[bytes, None]:
        """Everything as one dataset, in parts as they come. It needs a key that may write."""
        request = self.session.request("GET", "v1/datasets", {"format": format})
        async with aclosing(self.session.transport.parts(await self.session.send(request, stream=True))) as parts:
            async for part in parts:
                yield part

    @method
    async def undo(self, first: int, **chosen: Unpack[filters.UndoOptions]) -> models.UndoResult:
        """Undo a revision, or all from ``first`` to ``last``. ``dry_run`` only lists changes."""
        query, headers = {"first": first, **chosen}, {"Idempotency-Key": str(uuid4())}
        return await self.session.read(models.UndoResult, "POST", "v1/changes/undo", query, headers, timeout=_LONG)

    @generator
    def events(self, **chosen: Unpack[filters.StreamFilters]) -> AsyncGenerator[models.Change, None]:
        """Every change after ``since``, by default every new one, as it comes: none is missed, even if the connection breaks."""
        return ChangeStream(self.session, chosen).changes()


class Client(_Api[Blocking]):
    """The API of a server. ``http`` is an HTTP client of your own, for proxies and certificates; it stays open."""

    def __init__(self, url: str, *, http: httpx.Client | None = None, **options: Unpack[Options]) -> None:
        self._http, self._is_own = http or httpx.Client(timeout=_SECONDS, follow_redirects=True), http is None
        super().__init__(Blocking(self._http), url, **options)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._is_own:
            self._http.close()


class AsyncClient(_Api[Awaiting]):
    """The API of a server, for asynchronous programs: the methods of ``Client``, to be awaited."""

    def __init__(self, url: str, *, http: httpx.AsyncClient | None = None, **options: Unpack[Options]) -> None:
        self._http, self._is_own = http or httpx.AsyncClient(timeout=_SECONDS, follow_redirects=True), http is None
        super().__init__(Awaiting(self._http), url, **options)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        if self._is_own:
            await self._http.aclose()
