"""A TCP proxy on loopback that adds to each round trip, so that a server on this machine seems to be elsewhere."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_CHUNK = 65_536


class _Proxy:
    def __init__(self, port: int, seconds: float) -> None:
        self._port = port
        self._seconds = seconds

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream_reader, upstream_writer = await asyncio.open_connection("127.0.0.1", self._port)
        await asyncio.gather(self._forward(reader, upstream_writer, self._seconds), self._forward(upstream_reader, writer, 0.0))

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float) -> None:
        """Requests are delayed by the whole round trip, and responses are not."""
        with suppress(ConnectionError):
            while part := await reader.read(_CHUNK):
                if seconds:
                    await asyncio.sleep(seconds)
                writer.write(part)
                await writer.drain()
        writer.close()


@contextmanager
def delayed(port: int, seconds: float) -> Iterator[int]:
    """The port of a proxy to a port of this machine. It ends with the block."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(asyncio.start_server(_Proxy(port, seconds).serve, "127.0.0.1", 0), loop).result()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
