"""The service manifest, which clients such as OpenRefine read first."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field
from pydantic.json_schema import SkipJsonSchema

from app import __version__
from app.api.reconcile.schemas import COMPANY_TYPE, MOST_QUERIES, EntityType

DRAFT = "1.0-draft"
PREVIEW_WIDTH = 430
PREVIEW_HEIGHT = 300

ServiceUrl = Annotated[str, Field(max_length=2000, examples=["https://profiles.example"])]
PathOfService = Annotated[str, Field(max_length=200, examples=["/reconcile/suggest/entity"])]


class EntityView(BaseModel):
    """The URL of an entity."""

    url: Annotated[str, Field(max_length=2000, examples=["https://profiles.example/v1/companies/{{id}}"])]


class EntityPreview(EntityView, json_schema_serialization_defaults_required=True):
    """The URL of a small page about an entity, and the size of its frame."""

    url: Annotated[str, Field(max_length=2000, examples=["https://profiles.example/reconcile/preview?id={{id}}"])]
    width: Annotated[int, Field(ge=1, le=2000, description="Pixels.", examples=[PREVIEW_WIDTH])] = PREVIEW_WIDTH
    height: Annotated[int, Field(ge=1, le=2000, description="Pixels.", examples=[PREVIEW_HEIGHT])] = PREVIEW_HEIGHT


class ServicePath(BaseModel):
    """A URL in two parts."""

    service_url: ServiceUrl
    service_path: PathOfService


class SuggestServices(BaseModel):
    """The services behind a client's search boxes."""

    entity: ServicePath
    type: ServicePath
    property: ServicePath


class SettingChoice(BaseModel):
    """A value of a setting."""

    value: Annotated[str, Field(max_length=40, examples=["number"])]
    name: Annotated[str, Field(max_length=100, examples=["a number"])]


class PropertySetting(BaseModel, json_schema_serialization_defaults_required=True):
    """A setting of a property to fetch."""

    name: Annotated[str, Field(max_length=40, examples=["content"])]
    label: Annotated[str, Field(max_length=100, examples=["Metrics as"])]
    type: Literal["select"] = "select"
    default: Annotated[str, Field(max_length=40, examples=["number"])]
    help_text: Annotated[str, Field(max_length=300, examples=["Text includes the unit and the period."])]
    choices: Annotated[list[SettingChoice], Field(max_length=10)]


class DraftPropertySetting(BaseModel, populate_by_name=True):
    """The same setting, named as in the draft of version 1.0."""

    id: Annotated[str, Field(max_length=40, examples=["content"])]
    name: Annotated[str, Field(max_length=100, examples=["Metrics as"])]
    type: Literal["select"] = "select"
    default: Annotated[str, Field(max_length=40, examples=["number"])]
    help_text: Annotated[str, Field(alias="helpText", max_length=300, examples=["Text includes the unit and the period."])]
    choices: Annotated[list[SettingChoice], Field(max_length=10)]


class DraftExtendService(BaseModel, populate_by_name=True):
    """What can be fetched for matched entities, named as in the draft of version 1.0."""

    proposes: Annotated[bool, Field(alias="proposeProperties", examples=[True])] = True
    settings: Annotated[list[DraftPropertySetting], Field(alias="propertySettings", max_length=10, examples=[[]])]


class ExtendService(DraftExtendService):
    """What can be fetched for matched entities."""

    propose_properties: ServicePath
    property_settings: Annotated[list[PropertySetting], Field(max_length=10)]
    # Returned, and not documented beside the other: generated clients would give both the same name.
    settings: SkipJsonSchema[Annotated[list[DraftPropertySetting], Field(alias="propertySettings", max_length=10)]]


class _ManifestBase(BaseModel, populate_by_name=True):
    versions: Annotated[list[Annotated[str, Field(max_length=10)]], Field(max_length=10, examples=[["0.2", "1.0-draft"]])]
    name: Annotated[str, Field(max_length=100, examples=["Company Profiles"])]
    default_types: Annotated[list[EntityType], Field(alias="defaultTypes", max_length=10)]
    documentation: ServiceUrl
    logo: ServiceUrl
    service_version: Annotated[str, Field(alias="serviceVersion", max_length=40, examples=[__version__])]
    batch_size: Annotated[
        int, Field(alias="batchSize", ge=1, le=MOST_QUERIES, description="Maximum number of queries in a batch.", examples=[100])
    ]
    standardized_score: Annotated[
        bool, Field(alias="standardizedScore", description="Scores are from 0 to 100.", examples=[True])
    ] = True
    view: EntityView


class ReconciliationManifest(_ManifestBase):
    """Describes the service and what it supports of the Reconciliation Service API, named as in version 0.2.

    What the draft of version 1.0 names differently is there under both names, except `suggest`.
    """

    identifier_space: Annotated[ServiceUrl, Field(alias="identifierSpace")]
    schema_space: Annotated[ServiceUrl, Field(alias="schemaSpace")]
    preview: EntityPreview
    suggest: SuggestServices
    extend: ExtendService


class FrameSize(BaseModel):
    """The size of the frame of a preview."""

    width: Annotated[int, Field(ge=1, le=2000, description="Pixels.", examples=[PREVIEW_WIDTH])] = PREVIEW_WIDTH
    height: Annotated[int, Field(ge=1, le=2000, description="Pixels.", examples=[PREVIEW_HEIGHT])] = PREVIEW_HEIGHT


class SuggestedKinds(BaseModel):
    """Which suggest services there are."""

    entity: Annotated[bool, Field(examples=[True])] = True
    type: Annotated[bool, Field(examples=[True])] = True
    property: Annotated[bool, Field(examples=[True])] = True


class DraftManifest(_ManifestBase):
    """Describes the service as in the draft of version 1.0: `version=1.0-draft`."""

    preview: FrameSize = FrameSize()
    suggest: SuggestedKinds = SuggestedKinds()
    extend: DraftExtendService


_CONTENT = PropertySetting(
    name="content",
    label="Metrics as",
    default="number",
    help_text="Text includes the qualifier, unit, period and scope of the number.",
    choices=[SettingChoice(value="number", name="a number"), SettingChoice(value="text", name="a text with unit and period")],
)


_DRAFT_CONTENT = DraftPropertySetting(
    id=_CONTENT.name, name=_CONTENT.label, default=_CONTENT.default, help_text=_CONTENT.help_text, choices=_CONTENT.choices
)


def manifest(base_url: str) -> ReconciliationManifest:
    """The manifest of the service at ``base_url``, which has no trailing slash."""

    def service(path: str) -> ServicePath:
        return ServicePath(service_url=base_url, service_path=f"/reconcile/{path}")

    return ReconciliationManifest(
        **_common(base_url),
        view=EntityView(url=f"{base_url}/v1/companies/{{{{id}}}}"),
        identifier_space=f"{base_url}/v1/companies/",
        schema_space="https://schema.org/Organization",
        preview=EntityPreview(url=f"{base_url}/reconcile/preview?id={{{{id}}}}"),
        suggest=SuggestServices(
            entity=service("suggest/entity"), type=service("suggest/type"), property=service("suggest/property")
        ),
        extend=ExtendService(
            propose_properties=service("extend/propose"), property_settings=[_CONTENT], settings=[_DRAFT_CONTENT]
        ),
    )


def draft_manifest(base_url: str) -> DraftManifest:
    """The same as the draft of version 1.0 has it, whose paths are relative to the manifest's."""
    return DraftManifest(
        **_common(base_url),
        view=EntityView(url=f"{base_url}/v1/companies/{{id}}"),
        extend=DraftExtendService(settings=[_DRAFT_CONTENT]),
    )


def _common(base_url: str) -> dict[str, Any]:
    return {
        "versions": ["0.2", DRAFT],
        "name": "Company Profiles",
        "default_types": [COMPANY_TYPE],
        "documentation": f"{base_url}/docs",
        "logo": f"{base_url}/favicon.ico",
        "service_version": __version__,
        "batch_size": MOST_QUERIES,
    }
