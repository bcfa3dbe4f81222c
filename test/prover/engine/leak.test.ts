import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { expect, it } from 'vitest';

import { cacheDirectory, projectRoot } from '../../../src/system/index.js';
import { makeDevelopmentKeys } from '../../../src/keys/index.js';
import { LEAST } from '../../keys/least-profile.js';
import { inTemporaryDirectory } from '../fixture.js';

/** Forty in the suite, two hundred by `npm run test:leak`. */
const PROOFS = Number(process.env.SOLVENT_LEAK_PROOFS ?? 40);
/** What may be reachable after all of them: a tenth of a witness each, which is more than what was measured. */
const ALLOWED_REACHABLE_BYTES = 2 << 20;
/** What the process may hold more of the machine's memory, compilers and allocators at work: twice the most that was measured. */
const ALLOWED_RESIDENT_BYTES = 20 << 20;
/** What the child keeps from each of forty further proofs: twice what is allowed, all in all. */
const PLANTED_BYTES = 1 << 20;

type Growth = { readonly proofs: number; readonly reachableBytes: number; readonly residentBytes: number };

it('witnesses and proofs leave nothing behind, in native memory neither, and a leak would be seen', async () => {
  const child = join(import.meta.dirname, 'leak-child.mjs');
  if (!existsSync(join(projectRoot(), 'dist'))) throw new Error('expected compiled code: run npm run build');
  await inTemporaryDirectory(async (directory) => {
    const keysDirectory = join(directory, 'keys');
    const { circuits } = await makeDevelopmentKeys({
      profile: LEAST,
      keysDirectory,
      cacheDirectory: cacheDirectory(),
    });
    const { wasmPath, zkeyPath } = circuits[0]!;
    const circuit = JSON.stringify({ layout: LEAST.layouts[0], wasmPath, zkeyPath });
    const args = ['--expose-gc', child, circuit, String(PROOFS), String(PLANTED_BYTES)];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const [sound, planted] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Growth);
    expect(sound).toMatchObject({ proofs: PROOFS });
    expect(sound!.reachableBytes).toBeLessThan(ALLOWED_REACHABLE_BYTES);
    expect(sound!.residentBytes).toBeLessThan(ALLOWED_RESIDENT_BYTES);
    expect(planted!.reachableBytes).toBeGreaterThan(ALLOWED_REACHABLE_BYTES);
    expect(planted!.residentBytes).toBeGreaterThan(ALLOWED_RESIDENT_BYTES);
  });
});
