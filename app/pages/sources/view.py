"""The page of a source, arranged from the facts that cite it."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from app.pages.sources.marks import Cited, Paragraph, marked_paragraphs
from app.pages.sources.reading import SourceRead
from app.records.fact import Citation
from app.records.metric import Metric
from app.records.milestone import Milestone
from app.records.product import Product


class Citing(NamedTuple):
    """A fact with its number on the page, in the order of the text."""

    number: int
    fact: Milestone | Product | Metric
    citations: list[Citation]

    @property
    def title(self) -> str:
        return self.fact.title if isinstance(self.fact, Milestone) else self.fact.name


class Place(NamedTuple):
    """A sentence that is cited, by its numbers, with its passages and the facts that cite them."""

    paragraph: int
    sentence: int
    passages: list[tuple[Citation, list[Citing]]]


@dataclass(frozen=True)
class SourceView:
    """What the template of a source shows."""

    found: SourceRead

    @cached_property
    def facts(self) -> list[Citing]:
        slug = self.found.source.slug
        return [
            Citing(number, fact, [citation for citation in fact.citations if citation.source == slug])
            for number, fact in enumerate(self.found.facts, start=1)
        ]

    @cached_property
    def paragraphs(self) -> list[Paragraph]:
        """The text with marks; empty if the page has no text."""
        text, source = self.found.text, self.found.source
        if text is None:
            return []
        places: dict[tuple[int, int], list[int]] = {}
        for citing in self.facts:
            for citation in citing.citations:
                if citation.edition is None:
                    places.setdefault((citation.start, citation.end), []).append(citing.number)
        cited = (Cited(start, end, numbers) for (start, end), numbers in places.items())
        return marked_paragraphs(text, source.body_start, source.language, cited)

    @property
    def places(self) -> list[Place]:
        """The cited sentences in the order of the text."""
        sentences: dict[tuple[int, int], dict[tuple[int, int], tuple[Citation, list[Citing]]]] = {}
        for citing in self.facts:
            for citation in citing.citations:
                passages = sentences.setdefault((citation.paragraph, citation.sentence), {})
                passages.setdefault((citation.start, citation.end), (citation, []))[1].append(citing)
        return [Place(*numbers, [passages[span] for span in sorted(passages)]) for numbers, passages in sorted(sentences.items())]
