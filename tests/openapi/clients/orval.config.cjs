// Two clients from one document: functions that fetch, and schemas that check.
const { DOCUMENT: input, BASE_URL: baseUrl } = process.env;

module.exports = {
  fetch: { input, output: { target: "orval_fetch/api.ts", client: "fetch", baseUrl } },
  zod: { input, output: { target: "orval_zod/api.ts", client: "zod" } },
};
