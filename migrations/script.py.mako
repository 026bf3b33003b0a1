"""${message}

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
Create Date: ${create_date}

The previous version keeps running during a migration: add first, remove in a later release (docs/operate/upgrading.md).

Before you commit, check that
* the previous version can read and write during the migration and after it: keep the columns and tables that it uses, and their
  types. A new column of an existing table is nullable or has a server default.
* no table is locked for long. PostgreSQL waits at most two seconds for a lock and holds it until all migrations have run. Fill
  many rows in batches with a later command; add a constraint as NOT VALID and validate it in the next migration.
* the downgrade works. tests/database/test_upgrades.py runs both directions with data on both engines. If the migration removes
  something that no released version uses any more, list it in CONTRACTED there.
"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
