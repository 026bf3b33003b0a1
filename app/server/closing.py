"""How a connection ends if the client may still be sending."""

import asyncio

_SECONDS = 5.0


class HalfClosing:
    """A transport whose ``close`` ends only what is sent, so that the client can read it.

    A socket that is closed with unread input resets the connection, and the client loses the response. The rest of the input
    is dropped until the client closes the connection too, for at most five seconds.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self.write = transport.write
        self.is_closing = transport.is_closing

    def close(self) -> None:
        if not self._transport.can_write_eof():
            self._transport.close()
            return
        self._transport.write_eof()
        asyncio.get_running_loop().call_later(_SECONDS, self._transport.abort)
