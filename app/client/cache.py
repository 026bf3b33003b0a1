"""Responses stored with their ETag, in memory or in a file."""

import sqlite3
from pathlib import Path


class Cache:
    """A cache of responses. Each is revalidated before use: an unchanged one costs a request, but no body.

    Without a path it is in memory. A file may be shared by several processes, and contains what its owner has read.
    """

    def __init__(self, path: Path | str = ":memory:", *, most: int = 1_000) -> None:
        self._most = most
        if path != ":memory:":
            Path(path).touch(mode=0o600)  # it may hold what only this user's key can read
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._database.execute("create table if not exists responses (request text primary key, etag text, body blob)")

    def find(self, request: str) -> tuple[str, bytes] | None:
        """The ETag and the body of the stored response."""
        found = self._database.execute("select etag, body from responses where request = ?", (request,))
        row: tuple[str, bytes] | None = found.fetchone()
        return row

    def store(self, request: str, etag: str, body: bytes) -> None:
        """Stores a response, and drops the oldest ones beyond the limit."""
        self._database.execute("replace into responses values (?, ?, ?)", (request, etag, body))
        oldest = "select rowid from responses order by rowid desc limit -1 offset ?"
        self._database.execute(f"delete from responses where rowid in ({oldest})", (self._most,))  # noqa: S608 - constant

    def close(self) -> None:
        """Closes the file. What is in memory is lost."""
        self._database.close()
