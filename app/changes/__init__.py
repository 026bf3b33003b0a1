"""What changed: the revision log, in pages, by waiting, and as a stream of events."""
