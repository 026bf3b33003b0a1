"""Whether a citation was checked against the text, and which text has its passage.

Revision ID: 0007
Revises: 0006
Create Date: 2026-11-28

A migration must let the running version go on working: add first, remove in a later release.

The documents, which are stored as JSON, get the new members too. Each citation ended with its quote; an unescaped quotation
mark before a closing brace can only be the end of that string. PostgreSQL and SQLite use the same two patterns, so no
document is parsed.
"""

import re
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TABLES = (
    "companies", "milestones", "products", "metrics",
    "past_companies", "past_milestones", "past_products", "past_metrics", "revisions",
)  # fmt: skip
_UPDATED_AT = r'"updated_at":"([^"]*)"}$'
_UNQUOTED = r'("quote":null)\}'
_QUOTED = r'("quote":"(?:[^"\\]|\\.)*")\}'
_CLAIMED = ',"edition":null,"checked":"claimed","checked_at":null}'
_CHECKED = ',"edition":null,"checked":"text","checked_at":"'
_ADDED = r',"edition":(?:null|"[0-9a-f]{64}"),"checked":"(?:text|claimed)","checked_at":(?:null|"[^"]*")\}'


def upgrade() -> None:
    _rewrite_documents(
        f"""regexp_replace(regexp_replace(document, '{_UNQUOTED}', '\\1{_CLAIMED}', 'g'), '{_QUOTED}',
            '\\1{_CHECKED}' || substring(document from '{_UPDATED_AT}') || '"}}', 'g')""",
        _with_checks,
    )
    # Last, because readers of citations wait for the lock until the transaction ends.
    for table in ("citations", "past_citations"):
        op.add_column(table, sa.Column("edition", sa.String(length=64), nullable=True))
        op.add_column(table, sa.Column("checked", sa.String(length=7), nullable=False, server_default="claimed"))
    for table in ("citations", "past_citations"):
        op.execute(f"UPDATE {table} SET checked = 'text' WHERE source_id IN (SELECT id FROM sources WHERE text IS NOT NULL)")  # noqa: S608


def downgrade() -> None:
    _rewrite_documents(f"regexp_replace(document, '{_ADDED}', '}}', 'g')", lambda document: re.sub(_ADDED, "}", document))
    for table in ("past_citations", "citations"):
        op.drop_column(table, "checked")
        op.drop_column(table, "edition")


def _rewrite_documents(postgresql: str, rewritten: Callable[[str], str]) -> None:
    """Applies an expression of PostgreSQL, or on SQLite a function, to every document that has a citation."""
    connection = op.get_bind()
    expression, position = postgresql, "strpos"
    driver = connection.connection.driver_connection
    if connection.dialect.name == "sqlite" and driver is not None:
        driver.create_function("rewritten", 1, rewritten, deterministic=True)
        expression, position = "rewritten(document)", "instr"
    for table in _TABLES:
        connection.exec_driver_sql(f"UPDATE {table} SET document = {expression} WHERE {position}(document, '\"quote\":') > 0")  # noqa: S608


def _with_checks(document: str) -> str:
    found = re.search(_UPDATED_AT, document)
    moment = found[1] if found else ""
    claimed = re.sub(_UNQUOTED, rf"\1{_CLAIMED}", document)
    return re.sub(_QUOTED, lambda quote: f'{quote[1]}{_CHECKED}{moment}"}}', claimed)
