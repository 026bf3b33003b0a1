"""An index of the words in names and titles, on PostgreSQL.

Revision ID: 0004
Revises: 0003
Create Date: 2026-11-26

A migration must let the running version go on working: add first, remove in a later release.
"""

from alembic import op

from app.search.full_text import create_names_index, drop_names_index

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_names_index(op.get_bind())


def downgrade() -> None:
    drop_names_index(op.get_bind())
