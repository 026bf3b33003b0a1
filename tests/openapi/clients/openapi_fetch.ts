// openapi-typescript with openapi-fetch: list, page, profile, create, patch, problem.
import createClient from "openapi-fetch";

import type { components, paths } from "./openapi_typescript/schema";
import { authorization, baseUrl, cursorOf, expect, run } from "./shared";

type CompanyInput = components["schemas"]["CompanyInput"];

const client = createClient<paths>({ baseUrl, headers: { authorization } });

async function names(): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const { data, error } = await client.GET("/v1/companies", { params: { query: { country: ["CN"], limit: 1, cursor } } });
    if (error !== undefined) throw new Error(error.detail);
    found.push(...data.items.map((company) => company.name));
    cursor = cursorOf(data.next);
  } while (cursor !== undefined);
  return found;
}

run(async () => {
  expect((await names()).join() === "Baidu,Kuaishou", "both companies, a page each");

  const { data: profile } = await client.GET("/v1/companies/{company}/profile", { params: { path: { company: "kuaishou" } } });
  expect(profile !== undefined, "a profile");
  const qualifiers: components["schemas"]["Qualifier"][] = profile.metrics.items.map((metric) => metric.qualifier);
  expect(qualifiers.length > 3 && profile.company.country === "CN", "metrics and a country");

  const body: CompanyInput = { slug: "openapi-fetch", name: "Fetch" };
  const created = await client.POST("/v1/companies", { body });
  expect(created.data?.summary === null, "a company without a summary");

  const etag = created.response.headers.get("etag") ?? "";
  const params = { path: { company: "openapi-fetch" }, header: { "if-match": etag } };
  const patched = await client.PATCH("/v1/companies/{company}", { params, body: { summary: "Fetches.", country: null } });
  expect(patched.data?.summary === "Fetches.", "the new summary");

  const { error } = await client.PATCH("/v1/companies/{company}", { params, body: { name: "Late" } });
  expect(error?.type === "/problems/precondition-failed" && error.status === 412, "a problem");
});
