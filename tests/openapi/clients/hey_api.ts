// @hey-api/openapi-ts: list, page, profile, create, patch, problem.
import { changeCompany, createCompany, getProfile, listCompanies } from "./hey_api_client";
import { client } from "./hey_api_client/client.gen";
import type { CompanyPatch, Qualifier } from "./hey_api_client";
import { authorization, baseUrl, cursorOf, expect, run } from "./shared";

client.setConfig({ baseUrl, headers: { authorization } });

run(async () => {
  const { data: first } = await listCompanies({ query: { country: ["CN"], limit: 1 } });
  expect(first?.items[0]?.name === "Baidu", "the first company");
  const { data: second } = await listCompanies({ query: { country: ["CN"], limit: 1, cursor: cursorOf(first.next) } });
  expect(second?.items[0]?.name === "Kuaishou" && second.next === null, "the last company");

  const { data: profile } = await getProfile({ path: { company: "kuaishou" }, throwOnError: true });
  const qualifiers: Qualifier[] = profile.metrics.items.map((metric) => metric.qualifier);
  expect(qualifiers.length > 3, "metrics");

  const created = await createCompany({ body: { slug: "hey-api", name: "Hey" } });
  expect(created.data?.other_names.length === 0, "a company without other names");

  const headers = { "if-match": created.response.headers.get("etag") ?? "" };
  const body: CompanyPatch = { founded: "2020", note: null };
  const patched = await changeCompany({ path: { company: "hey-api" }, headers, body });
  expect(patched.data?.founded?.latest === "2020-12-31", "a founding date");

  const { error } = await changeCompany({ path: { company: "hey-api" }, headers, body });
  expect(error?.status === 412 && error.detail.length > 10, "a problem");
});
