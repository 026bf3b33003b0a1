"""A proxy before PostgreSQL that freezes: its connections stay open, new ones are taken, and nothing is passed on any more."""

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class FreezingProxy:
    """Passes bytes between its clients and a server on loopback, unless it is frozen."""

    def __init__(self, port: int) -> None:
        self._target = ("127.0.0.1", port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._runs = threading.Event()
        self._runs.set()
        self.is_closed = False

    @contextmanager
    def frozen(self) -> Iterator[None]:
        self._runs.clear()
        try:
            yield
        finally:
            self._runs.set()

    def serve(self) -> None:
        with selectors.DefaultSelector() as selector, self._listener:
            selector.register(self._listener, selectors.EVENT_READ)
            while not self.is_closed:
                self._runs.wait()
                for key, _ in selector.select(timeout=0.05):
                    if self._runs.is_set():
                        self._pass_on(selector, key)
            for key in [*selector.get_map().values()]:
                key.fileobj.close()  # type: ignore[union-attr]

    def _pass_on(self, selector: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
        if key.fileobj is self._listener:
            client, _ = self._listener.accept()
            server = socket.create_connection(self._target)
            selector.register(client, selectors.EVENT_READ, server)
            selector.register(server, selectors.EVENT_READ, client)
            return
        source, target = key.fileobj, key.data
        assert isinstance(source, socket.socket)
        if source.fileno() < 0:
            return  # closed just now, with the other end
        try:
            data = source.recv(65536)
            target.sendall(data)
        except OSError:
            data = b""
        if not data:
            for one in (source, target):
                selector.unregister(one)
                one.close()


@contextmanager
def freezing_proxy(port: int) -> Iterator[FreezingProxy]:
    """Runs until the end of the block."""
    proxy = FreezingProxy(port)
    thread = threading.Thread(target=proxy.serve, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.is_closed = True
        thread.join(10)
