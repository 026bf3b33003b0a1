"""Citations as text: the source and the place in it, for a cell of a table."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, select

from app.api.reconcile.properties import Document
from app.database.models import Source


def citation_texts(citations: Iterable[Document], titles: Mapping[str, str]) -> list[str]:
    """The citations of a company or a fact, for people."""
    return [_text(citation, titles.get(citation["source"], citation["source"])) for citation in citations]


def _text(citation: Document, title: str) -> str:
    place = f"{title}, paragraph {citation['paragraph']}, sentence {citation['sentence']}"
    quote = f': "{citation["quote"]}"' if citation["quote"] else f", characters {citation['start']}–{citation['end']}"
    return (place + quote)[:4000]


def source_titles(connection: Connection, citations: Iterable[Document]) -> dict[str, str]:
    """The title and the URL of each cited source, by one statement."""
    slugs = sorted({citation["source"] for citation in citations})
    if not slugs:
        return {}
    rows = connection.execute(select(Source.slug, Source.title, Source.url).where(Source.slug.in_(slugs)))
    return {row.slug: f"{row.title} ({row.url})" if row.url else row.title for row in rows}
