"""The secret of a dataset that its cursors are sealed with.

Revision ID: 0005
Revises: 0004
Create Date: 2026-11-28

A migration must let the running version go on working: add first, remove in a later release.
"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("revision_head", sa.Column("cursor_secret", sa.String(length=64), nullable=True))
    head = sa.table("revision_head", sa.column("cursor_secret"))
    op.execute(head.update().values(cursor_secret=secrets.token_hex(32)))


def downgrade() -> None:
    op.drop_column("revision_head", "cursor_secret")
