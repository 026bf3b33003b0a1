"""The names of the two dialects."""

SQLITE = "sqlite"

POSTGRESQL = "postgresql"
