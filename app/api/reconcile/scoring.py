"""The score of a company for a query, and whether it is a certain match."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from app.api.reconcile.names import Name, normalise_name, similarity
from app.api.reconcile.properties import IDENTIFIER, Document, agrees
from app.api.reconcile.schemas import (
    COMPANY_TYPE,
    TYPE_ID,
    Candidate,
    Candidates,
    MatchFeature,
    PropertyCondition,
    ReconciliationQuery,
)

CERTAIN = 88.0
"""The minimum score of a match."""
MARGIN = 4.0
"""The minimum lead of a match over the next candidate."""
LEAST = 50.0
"""Candidates below this score are left out: their similarity is little more than chance."""
GREATEST = 100.0
"""The maximum score in responses."""
_AGREES = 5.0
_DISAGREES = 15.0
_OTHER_TYPE = 10.0
_NAME_UNKNOWN = 60.0
"""The initial score for a query without a name."""


@dataclass
class Scored:
    """A company, its score, and the inputs of the score.

    The score may exceed GREATEST, so that a property that several companies share does not reduce the distance between them.
    """

    company: Document
    score: float
    features: list[MatchFeature] = field(default_factory=list)
    contradicted: bool = False
    identified: bool = False

    def add(self, name: str, *, value: bool | float) -> None:
        self.features.append(MatchFeature(id=name, value=value))


class NameScore:
    """The similarity of a given name to others, each computed once."""

    def __init__(self, name: Name) -> None:
        self.name = name
        self._known: dict[str, float] = {}

    def best(self, names: Iterable[str]) -> float:
        """The similarity of the best of a company's names, from 0 to 100."""
        return max(map(self._similarity, names), default=0.0)

    def _similarity(self, other: str) -> float:
        known = self._known.get(other)
        if known is None:
            known = self._known[other] = similarity(self.name, normalise_name(other))
        return known


def score(company: Document, name: NameScore | None, query: ReconciliationQuery) -> Scored:
    """Scores a company by its names, then by each property that agrees or disagrees."""
    scored = Scored(company, _NAME_UNKNOWN)
    if name is not None:
        names = (company["name"], *(other["name"] for other in company["other_names"]))
        scored.score = name.best(names)
        scored.add("name_similarity", value=round(scored.score, 1))
        if query.query is not None and query.query.strip() == company["slug"]:
            scored.score = GREATEST
            scored.identified = True
            scored.add("same_id", value=True)
    for condition in query.properties:
        _compare(scored, condition)
    if query.types() and TYPE_ID not in query.types():
        scored.score -= _OTHER_TYPE
        scored.contradicted = True
    scored.score = round(scored.score, 1)
    return scored


def _compare(scored: Scored, condition: PropertyCondition) -> None:
    outcomes = [agrees(scored.company, condition.pid, text) for text in condition.texts()]
    known = [outcome for outcome in outcomes if outcome is not None]
    if not known:
        return
    agreed = any(known)
    scored.add(f"same_{condition.pid}", value=agreed)
    if not agreed:
        scored.score -= _DISAGREES
        scored.contradicted = True
    elif condition.pid.startswith(IDENTIFIER):
        scored.score = max(scored.score, GREATEST)
        scored.identified = True
    else:
        scored.score += _AGREES


def rank(found: Iterable[Scored], limit: int) -> Candidates:
    """The best candidates. The first is a match if its score is high, nothing contradicts it and no other comes close."""
    ranked = sorted((one for one in found if one.score >= LEAST), key=_order)
    certain = bool(ranked) and _is_certain(ranked)
    return Candidates(
        result=[_candidate(one, match=certain and place == 0) for place, one in enumerate(ranked[:limit])],
    )


def _order(scored: Scored) -> tuple[float, bool, float, str]:
    """Sorts by the score in responses. Among equals, a company matched by an identifier comes first."""
    return -min(scored.score, GREATEST), not scored.identified, -scored.score, scored.company["slug"]


def _is_certain(ranked: Sequence[Scored]) -> bool:
    best = ranked[0]
    ahead = len(ranked) == 1 or best.score - ranked[1].score >= MARGIN or (best.identified and not ranked[1].identified)
    return best.score >= CERTAIN and ahead and not best.contradicted


def _candidate(scored: Scored, *, match: bool) -> Candidate:
    company = scored.company
    return Candidate(
        id=company["slug"],
        name=company["name"],
        description=describe(company),
        type=[COMPANY_TYPE],
        score=min(scored.score, GREATEST),
        match=match,
        features=scored.features,
    )


def describe(company: Document) -> str | None:
    """What distinguishes a company from its namesakes: country, founding date and summary."""
    founded = f"founded {company['founded']['text']}" if company["founded"] else None
    place = ", ".join(filter(None, (company["country"], founded)))
    return ". ".join(filter(None, (place, company["summary"])))[:4000] or None
