"""Bodies of requests, read up to a limit that the problem can name."""

from fastapi import Request

from app.errors import BodyTooLarge

REFUSED_BY_FRAMEWORK = 256 * 1024 * 1024
"""Bytes. The framework cuts larger bodies off with a plain answer; up to here the limits are ours, with a problem."""


async def read_body(request: Request, most: int) -> bytes:
    """The whole body. Raises BodyTooLarge where it has more bytes than ``most``, as soon as that is known."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > most:
            raise BodyTooLarge(f"The body may have at most {most:,} bytes.")
    return bytes(body)
