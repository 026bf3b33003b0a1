"""Connections to the server, before anything is asked over them."""

import asyncio
import socket
import threading
from contextlib import ExitStack

import uvicorn
from starlette.types import Receive, Scope, Send

from app.server.process import configure, duplicates, listen
from tests.databases import settings_for

CLIENTS = 8
"""Beside the one that is being answered when they come."""


class Busy:
    """Answers one request after others have come, and counts the connections that were taken once the loop went round twice."""

    def __init__(self) -> None:
        self.server: uvicorn.Server | None = None
        self.is_busy = threading.Event()
        self.others_came = threading.Event()
        self.taken = 0

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise RuntimeError("there is nothing to start")
        self.is_busy.set()
        self.others_came.wait(10)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert self.server is not None
        self.taken = len(self.server.server_state.connections)
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})


def test_connections_that_come_while_the_server_is_busy_are_taken_together() -> None:
    app, listener = Busy(), listen("127.0.0.1", 0)
    app.server = uvicorn.Server(configure(app, settings_for("sqlite:///never-opened.db")))
    thread = threading.Thread(target=app.server.run, kwargs={"sockets": duplicates(listener)}, daemon=True)
    address = listener.getsockname()
    with ExitStack() as stack:
        thread.start()
        client = stack.enter_context(socket.create_connection(address, timeout=10))
        client.sendall(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
        assert app.is_busy.wait(10)
        for _ in range(CLIENTS):
            stack.enter_context(socket.create_connection(address, timeout=10))
        app.others_came.set()
        assert client.recv(100).startswith(b"HTTP/1.1 204")
    app.server.should_exit = True
    thread.join(10)

    assert app.taken == 1 + CLIENTS
