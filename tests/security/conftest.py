"""The curator of tests/curation, against whom attacks are tried."""

from tests.curation.conftest import curator, database, lamps, serve

__all__ = ["curator", "database", "lamps", "serve"]
