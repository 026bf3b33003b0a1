// orval's fetch client: list, page, profile, create, patch, problem.
import { changeCompany, createCompany, getProfile, listCompanies } from "./orval_fetch/api";
import { authorization, cursorOf, expect, run } from "./shared";

run(async () => {
  const first = await listCompanies({ country: ["CN"], limit: 1 });
  expect(first.status === 200, "a list");
  expect(first.data.items[0]?.name === "Baidu", "the first company");
  const second = await listCompanies({ country: ["CN"], limit: 1, cursor: cursorOf(first.data.next) });
  expect(second.status === 200 && second.data.items[0]?.name === "Kuaishou", "the last company");

  const profile = await getProfile("kuaishou");
  expect(profile.status === 200 && profile.data.metrics.items.length > 3, "metrics");

  const created = await createCompany({ slug: "orval", name: "Orval" }, undefined, { headers: { authorization } });
  expect(created.status === 201 && created.data.country === null, "a company without a country");

  const headers = { authorization, "if-match": created.headers.get("etag") ?? "" };
  const patched = await changeCompany("orval", { country: "DE" }, undefined, { headers });
  expect(patched.status === 200 && patched.data.country === "DE", "a country");

  const refused = await changeCompany("orval", { country: "FR" }, undefined, { headers });
  expect(refused.status === 412 && refused.data.type === "/problems/precondition-failed", "a problem");
});
