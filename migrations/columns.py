"""Column types that differ between the two engines, as the migrations first used them.

Migrations import nothing of the application, which changes after them.
"""

import sqlalchemy as sa

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ExactDecimal = sa.Numeric().with_variant(sa.String(64), "sqlite")


def sortable_text(length: int) -> sa.String:
    """Text compared code point by code point on both engines."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")
