"""The application under a real uvicorn on loopback, in a thread of the test process."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from starlette.types import ASGIApp

from app.main import create_served_app
from app.server.process import configure, duplicates, listen
from app.settings import Settings


@dataclass(frozen=True)
class RunningServer:
    """Where a server answers, and the application that it runs, within the layer that reads what proxies send."""

    url: str
    app: ASGIApp


@contextmanager
def running_server(settings: Settings) -> Iterator[RunningServer]:
    """Serves until the end of the block."""
    listener = listen("127.0.0.1", 0)
    app = create_served_app(settings)
    server = uvicorn.Server(configure(app, settings))
    thread = threading.Thread(target=server.run, kwargs={"sockets": duplicates(listener)}, daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise RuntimeError("the server did not start")
        time.sleep(0.005)
    try:
        yield RunningServer(f"http://127.0.0.1:{listener.getsockname()[1]}", app.app)
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()
