"""The curator of tests/editing, against whom attacks are tried."""

from tests.editing.conftest import curator, database, lamps, serve

__all__ = ["curator", "database", "lamps", "serve"]
