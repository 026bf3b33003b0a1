"""openapi-python-client: list, page, profile, create, patch, problem."""

import os
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

from generated import AuthenticatedClient
from generated.api.companies import change_company, create_company, get_profile, list_companies
from generated.models.company import Company
from generated.models.company_input import CompanyInput
from generated.models.company_page import CompanyPage
from generated.models.company_patch import CompanyPatch
from generated.models.problem_details import ProblemDetails
from generated.models.profile import Profile
from generated.models.qualifier import Qualifier

client = AuthenticatedClient(base_url=os.environ["BASE_URL"], token=os.environ["KEY"])

first = list_companies.sync(client=client, limit=1)
assert isinstance(first, CompanyPage)
assert [company.name for company in first.items] == ["Baidu"]
assert first.next_ is not None
second = list_companies.sync(client=client, limit=1, cursor=parse_qs(urlsplit(first.next_).query)["cursor"][0])
assert isinstance(second, CompanyPage)
assert [company.name for company in second.items] == ["Kuaishou"]
assert second.next_ is None

profile = get_profile.sync("kuaishou", client=client)
assert isinstance(profile, Profile)
qualifiers: list[Qualifier] = [metric.qualifier for metric in profile.metrics.items]
assert Qualifier.EXACT in qualifiers

created = create_company.sync_detailed(client=client, body=CompanyInput(slug="python-client", name="Python"))
assert isinstance(created.parsed, Company)
assert created.parsed.summary is None

patch = CompanyPatch(summary="Generated.", note=None)
etag = created.headers["etag"]
patched = change_company.sync("python-client", client=client, body=patch, if_match=etag)
assert isinstance(patched, Company)
assert patched.summary == "Generated."

refused = change_company.sync_detailed("python-client", client=client, body=patch, if_match=etag)
assert refused.status_code == HTTPStatus.PRECONDITION_FAILED
assert isinstance(refused.parsed, ProblemDetails)
assert refused.parsed.type_ == "/problems/precondition-failed"
