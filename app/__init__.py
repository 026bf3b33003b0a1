"""Company profiles: cited company facts, served as a JSON API."""

__version__ = "0.1.0"
