import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { generateVenue, type GeneratedVenue } from '../../../scripts/generate/venue/venue.js';
import { attributeSnapshots, PARTS } from '../../../src/analysis/index.js';
import { createSnapshotFromBooks } from '../../../src/snapshot/index.js';

let directory: string;
let venue: GeneratedVenue;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'solvent-two-days-'));
  venue = await generateVenue({ users: 300, seed: 5, directory: join(directory, 'books'), isTwoDays: true });
});

afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

it('the books of a venue on two days reconcile on both, and what became of its users is attributed to every part', async () => {
  const before = join(directory, 'before');
  const after = join(directory, 'after');
  const { configPath, takenAt, earlier } = venue;
  const first = await createSnapshotFromBooks({ ...earlier!, outDirectory: before });
  expect(first.reconciliation).toMatchObject({ acceptedBreaks: [] });
  expect(first.reconciliation!.compared.positions).toBeGreaterThan(5);
  const second = await createSnapshotFromBooks({ configPath, takenAt, outDirectory: after });
  expect(second.writeOffs.accounts).toBe(0);
  const summary = await attributeSnapshots({
    before,
    after,
    configPath,
    outDirectory: join(directory, 'out'),
  });
  const moved = PARTS.filter((part) => summary.venue.some(({ parts }) => parts[part].units !== '0'));
  expect(PARTS.filter((part) => !moved.includes(part))).toEqual([]);
  expect(summary.withoutGreeks).toEqual([]);
});
