"""A small dataset of invented companies with everything that a record may hold: a text, dates, other names, an equivalent."""

import json

CATALOGUE = (
    "Lamps of the North\n\nBy A. Writer\n\n"
    "Fernhold makes lamps. It was founded in spring 1999 in Norway. Sales were above 2.5 billion crowns in 2023.\n\n"
    "The lamp “Glød” 💡 sells in 12 countries. Nobody knows why.\n"
)
DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
PLACE = {"source": "register", "paragraph": 1, "sentence": 1, "start": 0, "end": 20, "sha256": DIGEST}
"""A citation of the source whose text nobody gave."""
SENTENCE = {"source": "catalogue", "paragraph": 1, "sentence": 1}

CATALOGUE_SOURCE = {
    "slug": "catalogue",
    "title": "Lamps of the North",
    "type": "article",
    "authors": ["A. Writer"],
    "language": "en",
    "body_start": CATALOGUE.index("Fernhold"),
    "text": CATALOGUE,
}
REGISTER_SOURCE = {
    "slug": "register",
    "title": "Register of companies",
    "type": "filing",
    "publisher": "The register",
    "published": "2024-02",
    "original_url": "https://register.example/fernhold",
    "retrieved": "2024-03-01",
    "licence": "CC0-1.0",
    "note": "Read on paper.",
    "length": 900,
    "sha256": DIGEST,
}
MILESTONE = {
    "slug": "founded",
    "title": "Founded",
    "category": "founding",
    "date": {"edtf": "1999-21", "text": "spring 1999"},
    "citations": [SENTENCE | {"sentence": 2}, PLACE],
}
PRODUCT = {
    "slug": "glod",
    "name": "Glød",
    "category": "product",
    "launched": "2001/..",
    "citations": [SENTENCE | {"paragraph": 2}],
}
METRIC = {
    "slug": "sales",
    "metric": "revenue",
    "name": "Sales",
    "value": 2500000000,
    "unit": "NOK",
    "qualifier": "more_than",
    "stated_as": "above 2.5 billion crowns",
    "period": "2023",
    "equivalent": {"value": 0.3, "unit": "USD"},
    "citations": [SENTENCE | {"sentence": 3}],
}
FERNHOLD = {
    "slug": "fernhold",
    "name": "Fernhold",
    "other_names": [{"name": "蕨堡", "language": "zh"}, {"name": "Fernhold AS"}],
    "country": "NO",
    "founded": "1999",
    "summary": "It makes lamps.",
    "identifiers": [{"scheme": "website", "value": "https://fernhold.example"}],
    "citations": [SENTENCE, PLACE],
}
NORDLYS = {"slug": "nordlys", "name": "Nordlys"}

DATASET = json.dumps(
    {
        "sources": [CATALOGUE_SOURCE, REGISTER_SOURCE],
        "companies": [FERNHOLD | {"milestones": [MILESTONE], "products": [PRODUCT], "metrics": [METRIC]}, NORDLYS],
    },
    ensure_ascii=False,
)

COMPANY_ADDRESS = "/v1/companies/fernhold"
MILESTONE_ADDRESS = f"{COMPANY_ADDRESS}/milestones/founded"
PRODUCT_ADDRESS = f"{COMPANY_ADDRESS}/products/glod"
METRIC_ADDRESS = f"{COMPANY_ADDRESS}/metrics/sales"
CATALOGUE_ADDRESS = "/v1/sources/catalogue"
REGISTER_ADDRESS = "/v1/sources/register"
ADDRESSES = (COMPANY_ADDRESS, MILESTONE_ADDRESS, PRODUCT_ADDRESS, METRIC_ADDRESS, CATALOGUE_ADDRESS, REGISTER_ADDRESS)
"""One of each kind, and a source without its text."""
