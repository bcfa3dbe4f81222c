import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { generateVenue } from '../../../../scripts/generate/venue/venue.js';
import { createSnapshotFromBooks } from '../../../../src/snapshot/index.js';
import { makeDirectory } from '../../../directory.js';

it('breaks are accepted by the list where an earlier run wrote it, which stays', async () => {
  const root = await makeDirectory();
  const plants = ['ledger-row-dropped'] as const;
  const { configPath, takenAt } = await generateVenue({
    ...{ users: 30, seed: 1, directory: join(root, 'books'), format: 'csv', plants },
  });
  const options = { configPath, takenAt, outDirectory: join(root, 'snapshot') };
  await expect(createSnapshotFromBooks(options)).rejects.toMatchObject({ code: 'books-do-not-reconcile' });
  const acceptedBreaksPath = join(root, 'snapshot-findings', 'breaks.csv');
  const list = await readFile(acceptedBreaksPath, 'utf8');

  const { reconciliation } = await createSnapshotFromBooks({ ...options, acceptedBreaksPath });
  expect(reconciliation!.acceptedBreaks).toEqual([
    expect.objectContaining({ kind: 'balance-differs', count: 1 }),
  ]);
  expect(await readFile(acceptedBreaksPath, 'utf8')).toBe(list);
});
