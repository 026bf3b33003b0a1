"""The score of a company for a query, and whether it is a certain match."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from app.api.reconcile.name_score import FITS, SHORT_NAME, Fit, NameScore
from app.api.reconcile.properties import IDENTIFIER, Document, agrees, names_of, property_name
from app.api.reconcile.query import Condition, MatchQuery
from app.api.reconcile.schemas import (
    COMPANY_TYPE,
    TYPE_ID,
    Candidate,
    MatchFeature,
)

CERTAIN = FITS
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


_SAME = "same_"
_FEATURES = {"name_similarity": "Similarity of names", "same_id": "Same ID", "short_name": "Starts with the name"}


@dataclass
class Scored:
    """A company, its score, and the inputs of the score.

    The score may exceed GREATEST, so that a property that several companies share does not reduce the distance between them.
    """

    company: Document
    score: float
    features: list[tuple[str, bool | float]] = field(default_factory=list)
    contradicted: bool = False
    identified: bool = False
    excluded: bool = False
    """Whether it lacks what the query requires."""

    def add(self, feature: str, *, value: bool | float) -> None:
        self.features.append((feature, value))

    def identify(self) -> None:
        self.score = max(self.score, GREATEST)
        self.identified = True


def score(company: Document, names: Sequence[NameScore], query: MatchQuery) -> Scored:
    """Scores a company by its names, then by each property that agrees or disagrees."""
    scored = Scored(company, _NAME_UNKNOWN)
    if names:
        _compare_names(scored, names, query)
    if company["slug"] in query.ids:
        scored.identify()
        scored.add("same_id", value=True)
    scored.excluded = company["slug"] in query.excluded_ids or (query.ids_required and company["slug"] not in query.ids)
    for condition in query.conditions:
        _compare(scored, condition, names)
    if query.types and TYPE_ID not in query.types:
        scored.score -= _OTHER_TYPE
        scored.contradicted = True
    scored.score = round(scored.score, 1)
    return scored


def _compare_names(scored: Scored, names: Sequence[NameScore], query: MatchQuery) -> None:
    own = names_of(scored.company)
    fit: Fit = max(name.fit(own) for name in names)
    scored.score = fit.similarity
    scored.contradicted = not fit.certain
    scored.add("name_similarity", value=round(fit.similarity, 1))
    if any(text.strip() == scored.company["slug"] for text in query.names):
        scored.identify()
        scored.add("same_id", value=True)


def _compare(scored: Scored, condition: Condition, names: Sequence[NameScore]) -> None:
    outcomes = [agrees(scored.company, condition.property_id, text) for text in condition.texts]
    known = [outcome for outcome in outcomes if outcome is not None]
    agreed = _MEETS[condition.quantifier](known)
    scored.excluded |= condition.required and not (known and agreed)
    if not known:
        return
    property_id = condition.property_id
    scored.add(_SAME + property_id, value=agreed)
    if not agreed:
        scored.score -= _DISAGREES
        scored.contradicted = True
    elif condition.quantifier == "none":
        return
    elif property_id.startswith(IDENTIFIER):
        scored.identify()
    else:
        if property_id == "country" and any(name.is_short_for(names_of(scored.company)) for name in names):
            scored.score = max(scored.score, SHORT_NAME)
            scored.add("short_name", value=True)
        scored.score += _AGREES


def _no(known: Iterable[bool]) -> bool:
    return not any(known)


_MEETS: dict[str, Callable[[Iterable[bool]], bool]] = {"any": any, "all": all, "none": _no}


def rank(found: Iterable[Scored], limit: int) -> list[Candidate]:
    """The best candidates. The first is a match if its score is high, nothing contradicts it and no other comes close."""
    ranked = sorted((one for one in found if one.score >= LEAST and not one.excluded), key=_order)
    certain = bool(ranked) and _is_certain(ranked)
    return [_candidate(one, match=certain and place == 0) for place, one in enumerate(ranked[:limit])]


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
        features=[MatchFeature(id=feature, name=_feature_name(feature), value=value) for feature, value in scored.features],
    )


def _feature_name(feature: str) -> str:
    """The name of a feature for people."""
    return _FEATURES.get(feature) or f"Agrees in {property_name(feature.removeprefix(_SAME))}"


def describe(company: Document) -> str | None:
    """What distinguishes a company from its namesakes: country, founding date and summary."""
    founded = f"founded {company['founded']['text']}" if company["founded"] else None
    place = ", ".join(filter(None, (company["country"], founded)))
    return ". ".join(filter(None, (place, company["summary"])))[:4000] or None
