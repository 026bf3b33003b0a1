"""Search: entries, the text index and spellings, filled from what is there.

Revision ID: 0002
Revises: 0001
Create Date: 2026-11-24

A migration must let the running version go on working: add first, remove in a later release.
"""

import sqlalchemy as sa
from alembic import op

from migrations.columns import BigInt, sortable_text
from migrations.search_0002 import create_text_index, index_everything

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_entries",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=9), nullable=False),
        sa.Column("company_id", BigInt, nullable=True),
        sa.Column("title_key", sortable_text(300), nullable=False),
        sa.Column("earliest", sa.Date(), nullable=True),
        sa.Column("latest", sa.Date(), nullable=True),
        sa.Column("date_uncertain", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name="fk_search_entries_company_id_companies"),
        sa.PrimaryKeyConstraint("id", name="pk_search_entries"),
    )
    op.create_index("ix_search_entries_title_key_id", "search_entries", ["title_key", "id"])
    op.create_index("ix_search_entries_company_id", "search_entries", ["company_id"])
    op.create_table(
        "search_spellings",
        sa.Column("variant", sortable_text(60), nullable=False),
        sa.Column("word", sortable_text(60), nullable=False),
        sa.PrimaryKeyConstraint("variant", "word", name="pk_search_spellings"),
    )
    create_text_index(op.get_bind())
    index_everything(op.get_bind())


def downgrade() -> None:
    op.drop_table("search_text")
    op.drop_table("search_spellings")
    op.drop_table("search_entries")
