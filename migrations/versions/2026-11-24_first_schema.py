"""Companies, their facts, sources, citations and the revision log.

Revision ID: 0001
Revises:
Create Date: 2026-11-24

A migration must let the running version go on working: add first, remove in a later release.
"""

import secrets

import sqlalchemy as sa
from alembic import op

from migrations.columns import BigInt, ExactDecimal, sortable_text

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

DATE_COMPLETE = (
    "(date_edtf is null) = (date_text is null)"
    " and (date_edtf is null) = (earliest is null and latest is null)"
    " and (date_edtf is not null or not date_uncertain)"
)
DATED = ("sources", "companies", "milestones", "products", "metrics")


def upgrade() -> None:
    op.create_table(
        "revision_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("newest", BigInt, nullable=False),
        sa.Column("dataset", sa.String(length=32), nullable=False),
        sa.CheckConstraint("id = 1", name="ck_revision_head_one_row"),
        sa.PrimaryKeyConstraint("id", name="pk_revision_head"),
    )
    op.create_table(
        "revisions",
        sa.Column("number", BigInt, autoincrement=False, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("action", sa.String(length=6), nullable=False),
        sa.Column("kind", sa.String(length=9), nullable=False),
        sa.Column("resource_id", BigInt, nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.CheckConstraint("(action = 'delete') = (document is null)", name="ck_revisions_document"),
        sa.CheckConstraint("action in ('create', 'update', 'delete')", name="ck_revisions_action"),
        sa.CheckConstraint("kind in ('source', 'company', 'milestone', 'product', 'metric')", name="ck_revisions_kind"),
        sa.CheckConstraint("number >= 1", name="ck_revisions_number"),
        sa.PrimaryKeyConstraint("number", name="pk_revisions"),
    )
    op.create_index("ix_revisions_resource_id_number", "revisions", ["resource_id", "number"])

    op.create_table(
        "companies",
        sa.Column("slug", sortable_text(100), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("name_key", sortable_text(300), nullable=False),
        sa.Column("country", sortable_text(2), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("revision", BigInt, nullable=False),
        sa.Column("date_edtf", sa.String(length=60), nullable=True),
        sa.Column("date_text", sa.String(length=300), nullable=True),
        sa.Column("earliest", sa.Date(), nullable=True),
        sa.Column("latest", sa.Date(), nullable=True),
        sa.Column("date_uncertain", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            DATE_COMPLETE,
            name="ck_companies_date_complete",
        ),
        sa.CheckConstraint("country is null or length(country) = 2", name="ck_companies_country"),
        sa.CheckConstraint("earliest is null or latest is null or earliest <= latest", name="ck_companies_date_order"),
        sa.ForeignKeyConstraint(["revision"], ["revisions.number"], name="fk_companies_revision_revisions"),
        sa.PrimaryKeyConstraint("id", name="pk_companies"),
        sa.UniqueConstraint("slug", name="uq_companies_slug"),
    )
    op.create_index("ix_companies_country_name_key_id", "companies", ["country", "name_key", "id"])
    op.create_index("ix_companies_name_key_id", "companies", ["name_key", "id"])

    op.create_table(
        "sources",
        sa.Column("slug", sortable_text(100), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("title_key", sortable_text(300), nullable=False),
        sa.Column("type", sortable_text(60), nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("publisher", sa.String(length=300), nullable=True),
        sa.Column("url", sa.String(length=2000), nullable=True),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("body_start", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("revision", BigInt, nullable=False),
        sa.Column("date_edtf", sa.String(length=60), nullable=True),
        sa.Column("date_text", sa.String(length=300), nullable=True),
        sa.Column("earliest", sa.Date(), nullable=True),
        sa.Column("latest", sa.Date(), nullable=True),
        sa.Column("date_uncertain", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            DATE_COMPLETE,
            name="ck_sources_date_complete",
        ),
        sa.CheckConstraint("earliest is null or latest is null or earliest <= latest", name="ck_sources_date_order"),
        sa.CheckConstraint("length > 0 and body_start >= 0 and body_start < length", name="ck_sources_extent"),
        sa.CheckConstraint("length(sha256) = 64", name="ck_sources_sha256"),
        sa.ForeignKeyConstraint(["revision"], ["revisions.number"], name="fk_sources_revision_revisions"),
        sa.PrimaryKeyConstraint("id", name="pk_sources"),
        sa.UniqueConstraint("slug", name="uq_sources_slug"),
    )
    op.create_index("ix_sources_title_key_id", "sources", ["title_key", "id"])

    op.create_table(
        "company_identifiers",
        sa.Column("company_id", BigInt, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("scheme", sortable_text(60), nullable=False),
        sa.Column("value", sortable_text(300), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name="fk_company_identifiers_company_id_companies"),
        sa.PrimaryKeyConstraint("company_id", "position", name="pk_company_identifiers"),
        sa.UniqueConstraint("company_id", "scheme", "value", name="uq_company_identifiers_company_id_scheme_value"),
    )
    op.create_index("ix_company_identifiers_scheme_value_company_id", "company_identifiers", ["scheme", "value", "company_id"])

    op.create_table(
        "company_names",
        sa.Column("company_id", BigInt, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("name_key", sortable_text(300), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name="fk_company_names_company_id_companies"),
        sa.PrimaryKeyConstraint("company_id", "position", name="pk_company_names"),
    )
    op.create_index("ix_company_names_name_key_company_id", "company_names", ["name_key", "company_id"])

    op.create_table(
        "metrics",
        sa.Column("company_id", BigInt, nullable=False),
        sa.Column("slug", sortable_text(100), nullable=False),
        sa.Column("metric", sortable_text(60), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("value", ExactDecimal, nullable=False),
        sa.Column("unit", sortable_text(60), nullable=False),
        sa.Column("qualifier", sa.String(length=9), nullable=False),
        sa.Column("stated_as", sa.String(length=300), nullable=True),
        sa.Column("scope", sa.String(length=300), nullable=True),
        sa.Column("equivalent_value", ExactDecimal, nullable=True),
        sa.Column("equivalent_unit", sortable_text(60), nullable=True),
        sa.Column("equivalent_stated_as", sa.String(length=300), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("revision", BigInt, nullable=False),
        sa.Column("date_edtf", sa.String(length=60), nullable=True),
        sa.Column("date_text", sa.String(length=300), nullable=True),
        sa.Column("earliest", sa.Date(), nullable=True),
        sa.Column("latest", sa.Date(), nullable=True),
        sa.Column("date_uncertain", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "qualifier in ('exact', 'about', 'more_than', 'at_least', 'less_than', 'at_most')", name="ck_metrics_qualifier"
        ),
        sa.CheckConstraint(
            DATE_COMPLETE,
            name="ck_metrics_date_complete",
        ),
        sa.CheckConstraint(
            "(equivalent_value is null) = (equivalent_unit is null)"
            " and (equivalent_value is not null or equivalent_stated_as is null)",
            name="ck_metrics_equivalent_complete",
        ),
        sa.CheckConstraint("earliest is null or latest is null or earliest <= latest", name="ck_metrics_date_order"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name="fk_metrics_company_id_companies"),
        sa.ForeignKeyConstraint(["revision"], ["revisions.number"], name="fk_metrics_revision_revisions"),
        sa.PrimaryKeyConstraint("id", name="pk_metrics"),
        sa.UniqueConstraint("company_id", "slug", name="uq_metrics_company_id_slug"),
    )
    op.create_index("ix_metrics_metric_id", "metrics", ["metric", "id"])

    op.create_table(
        "milestones",
        sa.Column("company_id", BigInt, nullable=False),
        sa.Column("slug", sortable_text(100), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("category", sortable_text(60), nullable=False),
        sa.Column("scope", sa.String(length=300), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("revision", BigInt, nullable=False),
        sa.Column("date_edtf", sa.String(length=60), nullable=True),
        sa.Column("date_text", sa.String(length=300), nullable=True),
        sa.Column("earliest", sa.Date(), nullable=True),
        sa.Column("latest", sa.Date(), nullable=True),
        sa.Column("date_uncertain", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            DATE_COMPLETE,
            name="ck_milestones_date_complete",
        ),
        sa.CheckConstraint("earliest is null or latest is null or earliest <= latest", name="ck_milestones_date_order"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name="fk_milestones_company_id_companies"),
        sa.ForeignKeyConstraint(["revision"], ["revisions.number"], name="fk_milestones_revision_revisions"),
        sa.PrimaryKeyConstraint("id", name="pk_milestones"),
        sa.UniqueConstraint("company_id", "slug", name="uq_milestones_company_id_slug"),
    )
    op.create_index("ix_milestones_category_id", "milestones", ["category", "id"])

    op.create_table(
        "products",
        sa.Column("company_id", BigInt, nullable=False),
        sa.Column("slug", sortable_text(100), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("name_key", sortable_text(300), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("category", sortable_text(60), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("revision", BigInt, nullable=False),
        sa.Column("date_edtf", sa.String(length=60), nullable=True),
        sa.Column("date_text", sa.String(length=300), nullable=True),
        sa.Column("earliest", sa.Date(), nullable=True),
        sa.Column("latest", sa.Date(), nullable=True),
        sa.Column("date_uncertain", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            DATE_COMPLETE,
            name="ck_products_date_complete",
        ),
        sa.CheckConstraint("earliest is null or latest is null or earliest <= latest", name="ck_products_date_order"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name="fk_products_company_id_companies"),
        sa.ForeignKeyConstraint(["revision"], ["revisions.number"], name="fk_products_revision_revisions"),
        sa.PrimaryKeyConstraint("id", name="pk_products"),
        sa.UniqueConstraint("company_id", "slug", name="uq_products_company_id_slug"),
    )
    op.create_index("ix_products_category_id", "products", ["category", "id"])
    op.create_index("ix_products_name_key_id", "products", ["name_key", "id"])

    op.create_table(
        "citations",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("company_id", BigInt, nullable=True),
        sa.Column("milestone_id", BigInt, nullable=True),
        sa.Column("product_id", BigInt, nullable=True),
        sa.Column("metric_id", BigInt, nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source_id", BigInt, nullable=False),
        sa.Column("paragraph", sa.Integer(), nullable=False),
        sa.Column("sentence", sa.Integer(), nullable=False),
        sa.Column("start_character", sa.Integer(), nullable=False),
        sa.Column("end_character", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "(case when company_id is null then 0 else 1 end)"
            " + (case when milestone_id is null then 0 else 1 end)"
            " + (case when product_id is null then 0 else 1 end)"
            " + (case when metric_id is null then 0 else 1 end) = 1",
            name="ck_citations_one_owner",
        ),
        sa.CheckConstraint("length(sha256) = 64", name="ck_citations_sha256"),
        sa.CheckConstraint("paragraph >= 1 and sentence >= 1", name="ck_citations_ordinals"),
        sa.CheckConstraint("start_character >= 0 and end_character > start_character", name="ck_citations_passage"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name="fk_citations_company_id_companies"),
        sa.ForeignKeyConstraint(["metric_id"], ["metrics.id"], name="fk_citations_metric_id_metrics"),
        sa.ForeignKeyConstraint(["milestone_id"], ["milestones.id"], name="fk_citations_milestone_id_milestones"),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name="fk_citations_product_id_products"),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_citations_source_id_sources"),
        sa.PrimaryKeyConstraint("id", name="pk_citations"),
    )
    op.create_index("ix_citations_company_id", "citations", ["company_id", "position"], unique=True)
    op.create_index("ix_citations_metric_id", "citations", ["metric_id", "position"], unique=True)
    op.create_index("ix_citations_milestone_id", "citations", ["milestone_id", "position"], unique=True)
    op.create_index("ix_citations_product_id", "citations", ["product_id", "position"], unique=True)
    op.create_index("ix_citations_source_id_start_character", "citations", ["source_id", "start_character"])

    for table in DATED:
        for name, undated in (("oldest_first", "9999-12-31"), ("newest_first", "0001-01-01")):
            op.create_index(f"ix_{table}_{name}", table, [sa.text(f"coalesce(earliest, latest, '{undated}')"), "id"])
    head = sa.table("revision_head", sa.column("id"), sa.column("newest"), sa.column("dataset"))
    op.execute(head.insert().values(id=1, newest=0, dataset=secrets.token_hex(4)))


def downgrade() -> None:
    for table in (
        "citations",
        "products",
        "milestones",
        "metrics",
        "company_names",
        "company_identifiers",
        "sources",
        "companies",
        "revisions",
        "revision_head",
    ):
        op.drop_table(table)
