// orval's zod schemas: what is sent and what is received passes them, what is wrong does not.
import * as schemas from "./orval_zod/api";
import { authorization, baseUrl, cursorOf, expect, run } from "./shared";

async function send(path: string, method = "GET", body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const type = { "content-type": "application/json" };
  return fetch(baseUrl + path, { method, headers: { authorization, ...type, ...headers }, body: JSON.stringify(body) });
}

run(async () => {
  const first = schemas.listCompaniesResponse.parse(await (await send("/v1/companies?country=CN&limit=1")).json());
  expect(first.items[0]?.name === "Baidu", "the first company");
  const next = await send(`/v1/companies?country=CN&limit=1&cursor=${cursorOf(first.next)}`);
  expect(schemas.listCompaniesResponse.parse(await next.json()).next === null, "the last page");

  const profile = schemas.getProfileResponse.parse(await (await send("/v1/companies/kuaishou/profile")).json());
  expect(profile.metrics.items.length > 3, "metrics");

  const input = schemas.createCompanyBody.parse({ slug: "zod", name: "Zod" });
  expect(!schemas.createCompanyBody.safeParse({ slug: "Not A Slug", name: "" }).success, "an error before anything is sent");
  const created = await send("/v1/companies", "POST", input);
  expect(created.status === 201, "a company");

  const patch = schemas.changeCompanyBody.parse({ summary: "Checks.", note: null });
  const headers = { "if-match": created.headers.get("etag") ?? "" };
  const patched = await send("/v1/companies/zod", "PATCH", patch, headers);
  expect(schemas.changeCompanyResponse.parse(await patched.json()).summary === "Checks.", "the new summary");

  const refused = await send("/v1/companies/zod", "PATCH", patch, headers);
  expect(refused.status === 412, "a problem");
});
