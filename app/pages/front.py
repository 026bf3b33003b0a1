"""The front page, as HTML."""

import re
from dataclasses import dataclass
from html import escape

from fastapi.responses import HTMLResponse

from app.pages.layout import fill, page
from app.pages.queries import MOST_COUNTED, Overview
from app.records.company import Company

_KEY = re.compile(r"^( *)(&quot;\w+&quot;):", re.MULTILINE)


@dataclass(frozen=True)
class Call:
    """An address that is worth a first look. It may name the first company and the first source."""

    title: str
    sentence: str
    address: str


CALLS = (
    Call(
        "A company’s profile", "Everything known of {name}, with its sources, in one answer.", "/v1/companies/{company}/profile"
    ),
    Call(
        "Milestones of 2012 to 2017",
        "Events that may lie in these years. Add certain=true for those that must.",
        "/v1/milestones?from=2012-01-01&to=2017-12-31",
    ),
    Call("Amounts in CNY", "Metrics by unit, each with its period, qualifier and scope.", "/v1/metrics?unit=CNY"),
    Call("Everything one source says", "Its facts in the order in which it tells them.", "/v1/sources/{source}/facts"),
    Call("A spreadsheet", "All metrics as CSV; any list can come as CSV or NDJSON.", "/v1/metrics?format=csv"),
    Call("Linked data", "{name} as a schema.org Organization in JSON-LD.", "/v1/companies/{company}?format=jsonld"),
    Call("What has no date", "Milestones whose source does not say when.", "/v1/milestones?dated=false"),
    Call("What there is", "Counts of everything, and the values that filters take.", "/v1/stats"),
)


def front_page(overview: Overview | None) -> HTMLResponse:
    """The page; without an overview, where the database is away, it leads to the docs all the same."""
    companies = overview.companies if overview else []
    content = fill(
        "front.html",
        counts=_counts(overview.counts) if overview else "",
        sample=_sample(companies[0]) if companies else "",
        companies=_companies(companies) if companies else _no_companies(overview),
        calls="".join(_call(call, overview) for call in CALLS),
    )
    return page("Company Profiles: company facts with their sources", content, address="/")


def closed_page() -> HTMLResponse:
    """The page where reading needs a key. A browser cannot send one with a link, so it leads to the docs, which can."""
    return page("Company Profiles: company facts with their sources", fill("closed.html"), address="/")


def _counts(counts: dict[str, int]) -> str:
    items = (
        f"<li><b>{min(count, MOST_COUNTED):,}{'+' if count > MOST_COUNTED else ''}</b> {_plural(name, count)}</li>"
        for name, count in counts.items()
    )
    return f'<ul class="counts">{"".join(items)}</ul>'


def _plural(name: str, count: int) -> str:
    if count != 1:
        return name
    return "company" if name == "companies" else name.removesuffix("s")


def _sample(company: Company) -> str:
    """A part of a company's own JSON: it shows better than words what a cited, fuzzy fact is."""
    shown = company.model_copy(update={"citations": company.citations[:1]})
    place = {"source", "paragraph", "sentence", "start", "end"}
    text = shown.model_dump_json(include={"name": True, "founded": True, "citations": {"__all__": place}}, indent=2)
    url = escape(company.url)
    return (
        f'<figure class="sample"><figcaption><b>GET</b> <a href="{url}">{url}</a> <span>in part</span></figcaption>'
        f'<pre tabindex="0"><code>{_with_keys(escape(text))}</code></pre></figure>'
    )


def _with_keys(text: str) -> str:
    return _KEY.sub(r'\1<span class="key">\2</span>:', text)


def _companies(companies: list[Company]) -> str:
    return f'<ul class="companies">{"".join(map(_company, companies))}</ul>'


def _company(company: Company) -> str:
    place = [part for part in (company.country, f"founded {company.founded.text}" if company.founded else None) if part]
    links = {
        "Profile": company.profile_url,
        "Milestones": company.milestones_url,
        "Products": company.products_url,
        "Metrics": company.metrics_url,
    }
    return (
        f'<li><h3><a href="{escape(company.profile_url)}">{escape(company.name)}</a></h3>'
        + (f'<p class="place">{escape(", ".join(place))}</p>' if place else "")
        + (f"<p>{escape(company.summary)}</p>" if company.summary else "")
        + '<p class="links">'
        + " ".join(
            f'<a href="{escape(url)}" aria-label="{name} of {escape(company.name)}">{name}</a>' for name, url in links.items()
        )
        + "</p></li>"
    )


def _no_companies(overview: Overview | None) -> str:
    if overview is None:
        return (
            '<p class="empty">The database cannot be reached just now. The docs work without it; '
            '<a href="/health/ready">its health</a> says when it is back.</p>'
        )
    return (
        '<p class="empty">There is no company yet. Write down what a source says as a dataset, '
        "and load it with <code>company-profiles load FILE</code>.</p>"
    )


def _call(call: Call, overview: Overview | None) -> str:
    """One card; nothing where it names a company or source that there is none of."""
    names: dict[str, str] = {}
    if overview and overview.companies:
        names |= {"company": overview.companies[0].slug, "name": overview.companies[0].name}
    if overview and overview.source:
        names["source"] = overview.source
    try:
        address, sentence = escape(call.address.format_map(names)), escape(call.sentence.format_map(names))
    except KeyError:
        return ""
    return f'<li><a href="{address}"><b>{call.title}</b> <span>{sentence}</span> <code>{address}</code></a></li>'
