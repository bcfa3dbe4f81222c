import { readFileSync } from 'node:fs';

import { z } from 'zod';

const UNKNOWN = 'unknown';
/** Beside this room in compiled code, where the build writes it. */
const BUILD_FILE = new URL('../build.json', import.meta.url);

const schema = z.strictObject({
  version: z.string(),
  /** Of git; `unknown` where it was built outside of a repository. */
  commit: z.string(),
  /** SHA-256 of check.html, in hexadecimal. */
  checkPage: z.string(),
});

/** What a program was built from; every part `unknown` where it was not built. */
export type Build = z.infer<typeof schema>;

/** Reads what the build wrote down of itself. */
export function loadBuild(): Build {
  try {
    return schema.parse(JSON.parse(readFileSync(BUILD_FILE, 'utf8')));
  } catch {
    return { version: UNKNOWN, commit: UNKNOWN, checkPage: UNKNOWN };
  }
}

/** What `--version` prints: the version, and what two people compare. */
export function formatVersion(program: string): string {
  const { version, commit, checkPage } = loadBuild();
  return [`${program} ${version}`, `commit      ${commit}`, `check page  ${checkPage}`].join('\n');
}
