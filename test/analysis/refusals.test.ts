import { appendFile, cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { attributeSnapshots, type AttributionOptions } from '../../src/analysis/index.js';
import { createSnapshotFromBooks } from '../../src/snapshot/index.js';
import { makeVenue, balances } from '../snapshot/venue.js';
import { createSnapshot } from '../../src/snapshot/index.js';
import { INSTANTS, writeRandomBooks, type RandomBooks } from './random-books.js';

let directory: string;
let books: RandomBooks;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'solvent-refused-'));
  books = await writeRandomBooks(directory, { seed: 3, accountCount: 4 });
  for (const [at, configPath] of books.configPaths.slice(0, 2).entries()) {
    const outDirectory = join(directory, `snapshot-${at}`);
    await createSnapshotFromBooks({ configPath, takenAt: INSTANTS[at]!, outDirectory });
  }
});

afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

async function codeOf(options: Partial<AttributionOptions>): Promise<unknown> {
  const before = (await readdir(directory)).length;
  const thrown: unknown = await attributeSnapshots({
    before: join(directory, 'snapshot-0'),
    after: join(directory, 'snapshot-1'),
    configPath: books.configPaths[1]!,
    outDirectory: join(directory, 'out'),
    ...options,
  }).catch((error: unknown) => error);
  // Nothing is left of what was refused.
  expect((await readdir(directory)).length).toBe(before);
  return (thrown as { code?: unknown }).code;
}

describe('an attribution is refused', () => {
  it('where the snapshots are the wrong way round', async () => {
    const swapped = { before: join(directory, 'snapshot-1'), after: join(directory, 'snapshot-0') };
    expect(await codeOf(swapped)).toBe('snapshots-unfit');
  });

  it('where one is of balance files', async () => {
    const { options } = await makeVenue({ balances: balances('ann,AAA,1,0') });
    const { directory: before } = await createSnapshot(options);
    expect(await codeOf({ before })).toBe('snapshot-without-books');
  });

  it('where the account that is asked for is in neither', async () => {
    expect(await codeOf({ account: 'nobody' })).toBe('account-not-in-snapshot');
  });

  it('where the ledger has become another, or says less', async () => {
    const changed = join(directory, 'books-changed');
    await cp(dirname(books.configPaths[1]!), changed, { recursive: true });
    await appendFile(join(changed, 'ledger.csv'), 'acc-0,BTC,1,deposit,2026-01-29T12:00:00Z,late\n');
    expect(await codeOf({ configPath: join(changed, 'snapshot.yaml') })).toBe('ledger-differs');
    await rm(changed, { recursive: true });
    expect(await codeOf({ configPath: books.configPaths[0]! })).toBe('source-incomplete');
  });
});
