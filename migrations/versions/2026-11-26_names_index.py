"""An index of the words in names and titles, on PostgreSQL.

Revision ID: 0004
Revises: 0003
Create Date: 2026-11-26

A migration must let the running version go on working: add first, remove in a later release.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("CREATE INDEX ix_search_text_names ON search_text USING gin (ts_filter(terms, '{a,b}'))"))


def downgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("DROP INDEX ix_search_text_names"))
