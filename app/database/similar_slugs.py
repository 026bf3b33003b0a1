"""Slugs spelt like a misspelt one."""

from difflib import get_close_matches

from sqlalchemy import Connection, Select, SQLColumnExpression

from app.values.text import fold

_CANDIDATES = 200


def near_slugs(connection: Connection, slugs: Select[str], column: SQLColumnExpression[str], misspelt: str) -> list[str]:
    """Up to three slugs that are spelt like a misspelt one.

    Looks only at slugs with the same prefix, through the index, so that it costs the same among a million slugs.
    """
    wanted = "-".join(fold(misspelt[:100]).replace("_", "-").split())
    if not wanted:
        return []
    for length in (3, 1):
        prefix = wanted[:length]
        rows = connection.execute(
            slugs.where(column >= prefix, column < prefix + "\U0010ffff").order_by(column).limit(_CANDIDATES)
        )
        found = get_close_matches(wanted, [row[0] for row in rows], n=3, cutoff=0.6)
        if found:
            return found
    rows = connection.execute(slugs.order_by(column).limit(_CANDIDATES))
    return get_close_matches(wanted, [row[0] for row in rows], n=3, cutoff=0.6)
