"""When a source was retrieved, its licence, and whether its text was withdrawn, in the documents of sources.

Revision ID: 0008
Revises: 0007
Create Date: 2026-11-28

A migration must let the running version go on working: add first, remove in a later release.

Nothing filters by these fields, so they have no columns. An unescaped quotation mark in a document is never part of a text, so
the members are found without parsing it, by the same pattern on both engines.
"""

import re

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_BEFORE = ',"facts_url":"'
_NEW = ',"withdrawn":false,"retrieved":null,"licence":null'
_ADDED = r',"withdrawn":(?:true|false),"retrieved":(?:null|"[^"]*"),"licence":(?:null|"(?:[^"\\]|\\.)*")(?=,"facts_url":")'


def upgrade() -> None:
    _rewrite_documents(f"replace(document, '{_BEFORE}', '{_NEW}{_BEFORE}')")


def downgrade() -> None:
    driver = op.get_bind().connection.driver_connection
    rewritten = f"regexp_replace(document, '{_ADDED}', '')"
    if op.get_bind().dialect.name == "sqlite" and driver is not None:
        driver.create_function("rewritten", 1, lambda document: re.sub(_ADDED, "", document), deterministic=True)
        rewritten = "rewritten(document)"
    _rewrite_documents(rewritten)


def _rewrite_documents(expression: str) -> None:
    for documents in ("sources", "past_sources", "revisions"):
        only = "WHERE kind = 'source' AND document IS NOT NULL" if documents == "revisions" else ""
        op.get_bind().exec_driver_sql(f"UPDATE {documents} SET document = {expression} {only}")  # noqa: S608
