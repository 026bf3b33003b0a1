"""The service manifest, and that whatever it names is there."""

import httpx

KINDS_OF_SETTINGS = {"number", "text", "checkbox", "select"}


def fill(template: str, entity: str) -> str:
    assert template.count("{{id}}") == 1
    return template.replace("{{id}}", entity)


def test_the_manifest_has_what_version_0_2_requires(client: httpx.Client) -> None:
    answer = client.get("/reconcile")
    manifest = answer.json()

    assert answer.headers["content-type"] == "application/json"
    assert "0.2" in manifest["versions"]
    for name in ("name", "identifierSpace", "schemaSpace", "documentation", "serviceVersion", "logo"):
        assert isinstance(manifest[name], str)
        assert manifest[name]
    for name in ("identifierSpace", "schemaSpace", "documentation", "logo"):
        assert httpx.URL(manifest[name]).is_absolute_url
    assert manifest["batchSize"] == 1000
    assert manifest["defaultTypes"] == [{"id": "company", "name": "Company"}]
    assert "authentication" not in manifest


def test_every_address_in_the_manifest_answers(client: httpx.Client) -> None:
    manifest = client.get("/reconcile").json()
    preview, extend = manifest["preview"], manifest["extend"]
    services = [*manifest["suggest"].values(), extend["propose_properties"]]

    assert set(manifest["suggest"]) == {"entity", "type", "property"}
    assert min(preview["width"], preview["height"]) > 0
    addresses = [
        fill(manifest["view"]["url"], "baidu"),
        fill(preview["url"], "baidu"),
        manifest["documentation"],
        manifest["logo"],
    ]
    addresses += [service["service_url"] + service["service_path"] for service in services]
    for address in addresses:
        assert client.get(address).status_code == 200, address
    assert fill(manifest["view"]["url"], "baidu") == manifest["identifierSpace"] + "baidu"


def test_the_settings_of_properties_are_complete(client: httpx.Client) -> None:
    for setting in client.get("/reconcile").json()["extend"]["property_settings"]:
        assert setting["type"] in KINDS_OF_SETTINGS
        assert setting["name"]
        assert setting["label"]
        assert setting["default"] in [choice["value"] for choice in setting["choices"]]
        assert all(choice["name"] for choice in setting["choices"])


def test_the_manifest_is_kept_by_clients(client: httpx.Client) -> None:
    first = client.get("/reconcile")

    assert client.get("/reconcile", headers={"If-None-Match": first.headers["etag"]}).status_code == 304


def test_every_origin_may_ask(client: httpx.Client) -> None:
    for answer in (
        client.get("/reconcile", headers={"Origin": "https://refine.example"}),
        client.post("/reconcile", headers={"Origin": "https://refine.example"}, data={"queries": "{}"}),
        client.post("/reconcile", headers={"Origin": "https://refine.example"}, data={"queries": "["}),
    ):
        assert answer.headers["access-control-allow-origin"] == "*"
