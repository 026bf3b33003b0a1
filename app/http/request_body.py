"""Request bodies, read up to a limit that the problem names."""

from collections.abc import AsyncIterator

from fastapi import Request

from app.errors.reading import BodyTooLarge

REFUSED_BY_FRAMEWORK = 2**53 - 1
"""Bytes. The framework would refuse a larger body in plain text instead of with a problem, so this limit is out of reach."""


def media_type(request: Request) -> str:
    """The media type of the body in lower case, without parameters. Empty if the request does not state one."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def read_body(request: Request, most: int) -> bytes:
    """The whole body. Raises BodyTooLarge as soon as it is known to exceed ``most`` bytes."""
    return b"".join([part async for part in body_parts(request, most)])


async def body_parts(request: Request, most: int, instead: str = "") -> AsyncIterator[bytes]:
    """The body as it arrives. Raises BodyTooLarge before reading anything if the request states its length.

    ``instead`` tells the client what to do instead.
    """
    size = 0
    stated = request.headers.get("content-length", "")
    if stated.isdecimal() and int(stated) > most:
        raise _too_large(most, instead)
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise _too_large(most, instead)
        yield part


def _too_large(most: int, instead: str) -> BodyTooLarge:
    return BodyTooLarge(f"The body may have at most {most:,} bytes. {instead}".rstrip())
