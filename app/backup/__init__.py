"""Backup and restore of SQLite while it serves, with SQLite's own online backup (docs/backup.md)."""
