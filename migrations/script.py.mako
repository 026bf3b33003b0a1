"""${message}

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
Create Date: ${create_date}

A migration must let the running version go on working: add first, remove in a later release (docs/operate/upgrading.md).

Before you commit, see that
* the version that runs can read and write all the while and afterwards: no column or table that it uses goes or changes its
  type, and a new column of an old table may be null or has a server default;
* it takes no lock on a table for long: PostgreSQL waits two seconds for one and holds it to the end of all the migrations, so
  many rows are filled by a later command in batches, and a constraint is added NOT VALID and validated in the next migration;
* it goes down too. tests/database/test_upgrades.py tries it up and down with data on both engines; what it takes away, since
  no released version uses it any more, is named in CONTRACTED there.
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
