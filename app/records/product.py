"""A product, as a dataset records it and as the API serves it."""

from typing import Annotated, Literal

from pydantic import Field

from app.records.fact import Citations, FactPlace, FactRecord, Note, Recorded
from app.values.dates import DateRecord, FactDate
from app.values.text import Keyword, Line, Paragraph, ResourceUrl, Slug

Category = Annotated[
    Keyword,
    Field(
        description="product, service, platform, business_line, technology or revenue_stream … a dataset may add more.",
        examples=["platform"],
    ),
]


class ProductRecord(FactRecord):
    """A product in a dataset."""

    name: Line
    description: Paragraph | None = None
    category: Category
    launched: DateRecord | None = None


class Product(FactPlace, Recorded):
    """Something that a company offers or builds: product, service, platform, business line, technology."""

    slug: Annotated[Slug, Field(examples=["baidu-ai-cloud"])]
    url: Annotated[ResourceUrl, Field(examples=["/v1/companies/baidu/products/baidu-ai-cloud"])]
    kind: Literal["product"]
    name: Annotated[Line, Field(examples=["Baidu AI Cloud"])]
    description: Annotated[str | None, Field(max_length=4000, examples=["The company's AI cloud services."])]
    category: Category
    launched: Annotated[FactDate | None, Field(description="Date of the launch; null if the source gives no date.")]
    note: Note
    citations: Citations
