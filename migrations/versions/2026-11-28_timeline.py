"""The timeline of the PostgreSQL server at the newest revision; the next change fills it.

Revision ID: 0006
Revises: 0005
Create Date: 2026-11-28

A migration must let the running version go on working: add first, remove in a later release.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("revision_head", sa.Column("timeline", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("revision_head", "timeline")
