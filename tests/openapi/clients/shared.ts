// What the programs have in common: where the server is, and what they expect of it.
declare const process: { env: Record<string, string | undefined>; exitCode: number };

export const baseUrl = process.env.BASE_URL ?? "";
export const authorization = `Bearer ${process.env.KEY}`;

export function expect(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`expected ${what}`);
}

/** The cursor in the URL of the next page. */
export function cursorOf(next: string | null): string | undefined {
  return next === null ? undefined : (new URL(next, baseUrl).searchParams.get("cursor") ?? undefined);
}

export function run(main: () => Promise<void>): void {
  main().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
