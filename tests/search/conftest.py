"""Companies whose names try what search must find."""

import httpx
import pytest

from tests.conftest import ServeDataset

CITATION = "citations: [{source: report, paragraph: 1, sentence: 1, start: 0, end: 9, sha256: '" + "a" * 64 + "'}]"
DATASET = f"""
sources:
  - {{slug: report, title: Report on short video, type: report, authors: [Žofie Nováková], length: 100, sha256: "{"b" * 64}"}}
companies:
  - {{slug: baidu, name: Baidu, country: CN, founded: 2000, other_names: [{{name: 百度, language: zh}}, {{name: 百度公司}}]}}
  - {{slug: baidu-ventures, name: Baidu Ventures, country: US}}
  - {{slug: kuaishou, name: Kuaishou Technology, country: CN, other_names: [{{name: 快手, language: zh}}, {{name: Kwai}}]}}
  - {{slug: nestle, name: Nestlé, country: CH, summary: Food & drink. It makes <b>chocolate</b> and coffee.}}
  - {{slug: samsung, name: 삼성전자, country: KR, other_names: [{{name: Samsung Electronics}}]}}
  - {{slug: toyota, name: トヨタ自動車, country: JP, other_names: [{{name: Toyota Motor}}]}}
  - {{slug: badung, name: Badung Bank, country: ID}}
  - {{slug: tata, name: टाटा मोटर्स, country: IN}}
  - {{slug: mazda, name: ﾏﾂﾀﾞ, country: JP}}
  - {{slug: bold, name: "\U0001d401old Holdings", country: GB}}
  - {{slug: zuaishou, name: Zuaishou, other_names: [{{name: Kuai Works}}]}}
  - slug: video-works
    name: Video Works
    country: DE
    milestones:
      - {{slug: launch, title: Launch of a search engine for video, category: launch, date: 2012, {CITATION}}}
      - {{slug: rename, title: New name, category: strategy, description: The engine of the search was renamed., {CITATION}}}
    products:
      - {{slug: engine, name: Search engine, category: product, launched: 2014, {CITATION}}}
    metrics:
      - {{slug: revenue, metric: revenue, name: Revenue, value: 5, unit: USD, period: 2020, scope: video, {CITATION}}}
"""


@pytest.fixture
def api(serve_once: ServeDataset) -> httpx.Client:
    return serve_once(DATASET)


def find(api: httpx.Client, **query: str) -> list[str]:
    answer = api.get("/v1/search", params=query)
    assert answer.status_code == 200, answer.text
    return ["/".join(item["url"].split("/")[-2:]) for item in answer.json()["items"]]
