"""Bodies of requests, read up to a limit that the problem can name."""

from collections.abc import AsyncIterator

from fastapi import Request

from app.errors.reading import BodyTooLarge

REFUSED_BY_FRAMEWORK = 2**53 - 1
"""Bytes. The framework cuts larger bodies off with a plain answer, even where ours is a problem: so it never does."""


def media_type(request: Request) -> str:
    """The type of the body without parameters, in lower case; empty where the request does not say."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def read_body(request: Request, most: int) -> bytes:
    """The whole body. Raises BodyTooLarge where it has more bytes than ``most``, as soon as that is known."""
    return b"".join([part async for part in body_parts(request, most)])


async def body_parts(request: Request, most: int) -> AsyncIterator[bytes]:
    """The body as it comes. Raises BodyTooLarge, before anything is read where the request tells its length."""
    size = 0
    stated = request.headers.get("content-length", "")
    if stated.isdecimal() and int(stated) > most:
        raise _too_large(most)
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise _too_large(most)
        yield part


def _too_large(most: int) -> BodyTooLarge:
    return BodyTooLarge(f"The body may have at most {most:,} bytes.")
