"""A request that finds no memory is refused for now. What a limit on a whole process does is in ``test_memory_limits.py``."""

import httpx
import pytest

from app.database.database import Database
from tests.editing.curator import refused


@pytest.mark.parametrize("error", [MemoryError(), RuntimeError("can't start new thread")])
def test_no_memory_and_no_thread_are_a_503(client: httpx.Client, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(Database, "scan", fail)
        stats = client.get("/v1/stats", headers={"Cache-Control": "no-cache"})

    refused(stats, 503, "overloaded")
    assert int(stats.headers["retry-after"]) > 0
