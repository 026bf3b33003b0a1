"""Curation: the past of every table, former addresses, API keys and the answers that are given again.

Revision ID: 0003
Revises: 0002
Create Date: 2026-11-25

A migration must let the running version go on working: add first, remove in a later release.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from migrations.columns import BigInt, ExactDecimal, sortable_text

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

Columns = list[sa.Column[Any]]
Types = dict[str, Any]
"""Types of SQLAlchemy by the name of a column."""


def columns(required: Types, optional: Types | None = None) -> Columns:
    made: Columns = [sa.Column(name, type_, nullable=False) for name, type_ in required.items()]
    return made + [sa.Column(name, type_, nullable=True) for name, type_ in (optional or {}).items()]


def create_past(name: str, began: str, key: tuple[str, ...], of_table: Columns, *, found_by: tuple[str, ...] = ()) -> None:
    op.create_table(
        f"past_{name}",
        *of_table,
        *columns({began: BigInt, "until": BigInt}),
        sa.PrimaryKeyConstraint(*key, began, name=f"pk_past_{name}"),
    )
    for column in found_by:
        op.create_index(f"ix_past_{name}_{column}", f"past_{name}", [column])


def resource(required: Types, optional: Types) -> Columns:
    dated: Types = {"date_edtf": sa.String(60), "date_text": sa.String(300), "earliest": sa.Date(), "latest": sa.Date()}
    recorded: Types = {"id": BigInt, "slug": sortable_text(100), "document": sa.Text(), "date_uncertain": sa.Boolean()}
    return columns(recorded | required, optional | {"note": sa.Text()} | dated)


def create_past_of_resources() -> None:
    source: Types = {"title": sa.String(300), "title_key": sortable_text(300), "type": sortable_text(60), "authors": sa.JSON()}
    extent: Types = {"length": sa.Integer(), "sha256": sa.String(64), "body_start": sa.Integer()}
    told: Types = {"publisher": sa.String(300), "url": sa.String(2000), "language": sa.String(35), "text": sa.Text()}
    create_past("sources", "revision", ("id",), resource(source | extent, told), found_by=("slug",))
    named: Types = {"name": sa.String(300), "name_key": sortable_text(300)}
    company = resource(named, {"country": sortable_text(2), "summary": sa.Text()})
    create_past("companies", "revision", ("id",), company, found_by=("slug",))
    described: Types = {"description": sa.Text()}
    milestone: Types = {"company_id": BigInt, "title": sa.String(300), "category": sortable_text(60)}
    product: Types = {"company_id": BigInt, **named, "category": sortable_text(60)}
    metric: Types = {
        "company_id": BigInt,
        "metric": sortable_text(60),
        "name": sa.String(300),
        "value": ExactDecimal,
        "unit": sortable_text(60),
        "qualifier": sa.String(9),
    }
    stated: Types = {
        "stated_as": sa.String(300),
        "scope": sa.String(300),
        "equivalent_value": ExactDecimal,
        "equivalent_unit": sortable_text(60),
        "equivalent_stated_as": sa.String(300),
    }
    for name, required, optional in (
        ("milestones", milestone, described | {"scope": sa.String(300)}),
        ("products", product, described),
        ("metrics", metric, stated),
    ):
        create_past(name, "revision", ("id",), resource(required, optional), found_by=("company_id",))


def create_past_of_parts() -> None:
    named: Types = {"company_id": BigInt, "position": sa.Integer(), "name": sa.String(300), "name_key": sortable_text(300)}
    registered: Types = {"company_id": BigInt, "position": sa.Integer(), "scheme": sortable_text(60), "value": sortable_text(300)}
    key, found_by = ("company_id", "position"), ("company_id",)
    create_past("company_names", "since", key, columns(named, {"language": sa.String(35)}), found_by=found_by)
    create_past("company_identifiers", "since", key, columns(registered), found_by=found_by)
    owners: Types = {"company_id": BigInt, "milestone_id": BigInt, "product_id": BigInt, "metric_id": BigInt}
    places = ("position", "paragraph", "sentence", "start_character", "end_character")
    place: Types = {"id": BigInt, "source_id": BigInt, **{name: sa.Integer() for name in places}, "sha256": sa.String(64)}
    create_past("citations", "since", ("id",), columns(place, owners), found_by=("source_id", *owners))


def upgrade() -> None:
    create_past_of_resources()
    create_past_of_parts()
    former: Types = {"address": sortable_text(500), "since": BigInt, "kind": sa.String(9), "resource_id": BigInt}
    op.create_table("former_addresses", *columns(former), sa.PrimaryKeyConstraint("address", "since", name="pk_former_addresses"))
    op.create_index("ix_former_addresses_resource_id", "former_addresses", ["resource_id"])
    time = sa.DateTime(timezone=True)
    key: Types = {
        "id": sa.String(16),
        "name": sa.String(100),
        "sha256": sa.String(64),
        "scopes": sa.String(60),
        "created_at": time,
    }
    op.create_table(
        "api_keys",
        *columns(key, {"expires_at": time, "revoked_at": time, "last_used_at": time}),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
        sa.UniqueConstraint("name", name="uq_api_keys_name"),
    )
    asked: Types = {"api_key_id": sa.String(16), "idempotency_key": sa.String(255), "request_sha256": sa.String(64)}
    answered: Types = {"answered_at": time, "status": sa.Integer(), "headers": sa.JSON(), "body": sa.Text()}
    op.create_table(
        "idempotent_answers",
        *columns(asked | answered),
        sa.ForeignKeyConstraint(["api_key_id"], ["api_keys.id"], name="fk_idempotent_answers_api_key_id_api_keys"),
        sa.PrimaryKeyConstraint("api_key_id", "idempotency_key", name="pk_idempotent_answers"),
    )
    op.create_index("ix_idempotent_answers_answered_at", "idempotent_answers", ["answered_at"])


def downgrade() -> None:
    tables = ("idempotent_answers", "api_keys", "former_addresses")
    resources = ("sources", "companies", "milestones", "products", "metrics")
    parts = ("company_names", "company_identifiers", "citations")
    for table in (*tables, *(f"past_{name}" for name in (*resources, *parts))):
        op.drop_table(table)
