"""How a method is written once for both clients: as a coroutine, as a generator, or as the description of a list."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass
from functools import wraps
from types import MethodType
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, overload

import httpx

from .base import Model
from .session import Parameters, Session
from .transport import Awaiting, Blocking, T, iterate, run

P = ParamSpec("P")
Transport = TypeVar("Transport", bound=Blocking | Awaiting)
Page = TypeVar("Page", bound=Model)
Item = TypeVar("Item")


class Group(Generic[Transport]):
    """Methods of a client. They block, or return coroutines and asynchronous iterators, depending on the transport."""

    def __init__(self, session: Session) -> None:
        self.session = session


@dataclass(frozen=True)
class Listing(Generic[Page, Item]):
    """A list: where it begins, with its filters, and what its pages are."""

    session: Session
    page: type[Page]
    path: str
    filters: Mapping[str, Any]

    async def pages(self) -> AsyncGenerator[Page, None]:
        parameters: Parameters = self.filters
        while True:
            page = await self.session.read(self.page, "GET", self.path, parameters)
            yield page
            following: str | None = getattr(page, "next")  # noqa: B009 - every page has it, but no model in common
            if following is None:
                return
            # Only the query: behind a proxy, the server may not know the URL under which clients see it.
            parameters = httpx.URL(following).params

    async def items(self) -> AsyncGenerator[Item, None]:
        async for page in self.pages():
            for item in getattr(page, "items"):  # noqa: B009 - every page has it, but no model in common
                yield item


class Pages(Generic[Page, Item]):
    """A list. Iterate over its items; each page is requested when its first item is needed."""

    def __init__(self, listing: Listing[Page, Item]) -> None:
        self._listing = listing

    def __iter__(self) -> Iterator[Item]:
        return iterate(self._listing.items())

    def pages(self) -> Iterator[Page]:
        """The pages, with what they have besides their items, such as ``total``."""
        return iterate(self._listing.pages())


class AsyncPages(Generic[Page, Item]):
    """The same for an event loop."""

    def __init__(self, listing: Listing[Page, Item]) -> None:
        self._listing = listing

    def __aiter__(self) -> AsyncIterator[Item]:
        return self._listing.items()

    def pages(self) -> AsyncIterator[Page]:
        return self._listing.pages()


class _Written:
    """A method as it was written, and what becomes of its result if it blocks, and if it doesn't."""

    def __init__(self, written: Callable[..., Any], blocking: Callable[[Any], Any], awaiting: Callable[[Any], Any]) -> None:
        @wraps(written)
        def call(group: Group[Any], *arguments: Any, **named: Any) -> Any:
            finish = blocking if isinstance(group.session.transport, Blocking) else awaiting
            return finish(written(group, *arguments, **named))

        self.bind: Callable[[Any], Any] = lambda group: call if group is None else MethodType(call, group)


class method(_Written, Generic[P, T]):  # noqa: N801 - a decorator
    """Returns the result of a coroutine, or the coroutine."""

    def __init__(self, written: Callable[Concatenate[Any, P], Coroutine[Any, Any, T]]) -> None:
        super().__init__(written, run, lambda coroutine: coroutine)

    @overload
    def __get__(self, group: Group[Blocking], owner: type) -> Callable[P, T]: ...
    @overload
    def __get__(self, group: Group[Awaiting], owner: type) -> Callable[P, Coroutine[Any, Any, T]]: ...
    def __get__(self, group: Any, owner: type) -> Any:
        return self.bind(group)


class generator(_Written, Generic[P, T]):  # noqa: N801 - a decorator
    """Returns an iterator."""

    def __init__(self, written: Callable[Concatenate[Any, P], AsyncGenerator[T, None]]) -> None:
        super().__init__(written, iterate, lambda items: items)

    @overload
    def __get__(self, group: Group[Blocking], owner: type) -> Callable[P, Iterator[T]]: ...
    @overload
    def __get__(self, group: Group[Awaiting], owner: type) -> Callable[P, AsyncGenerator[T, None]]: ...
    def __get__(self, group: Any, owner: type) -> Any:
        return self.bind(group)


class listing(_Written, Generic[P, Page, Item]):  # noqa: N801 - a decorator
    """Returns a list."""

    def __init__(self, written: Callable[Concatenate[Any, P], Listing[Page, Item]]) -> None:
        super().__init__(written, Pages, AsyncPages)

    @overload
    def __get__(self, group: Group[Blocking], owner: type) -> Callable[P, Pages[Page, Item]]: ...
    @overload
    def __get__(self, group: Group[Awaiting], owner: type) -> Callable[P, AsyncPages[Page, Item]]: ...
    def __get__(self, group: Any, owner: type) -> Any:
        return self.bind(group)
