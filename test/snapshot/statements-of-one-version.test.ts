import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { expect, it } from 'vitest';

import { generateVenue } from '../../scripts/generate/venue/venue.js';
import { projectRoot } from '../../src/system/index.js';
import { createSnapshotFromBooks } from '../../src/snapshot/index.js';
import type * as SnapshotRoom from '../../src/snapshot/index.js';
import { makeDirectory } from '../directory.js';

it('a snapshot is made with the statements of one version, though another is installed meanwhile', async () => {
  const root = await makeDirectory();
  const books = { users: 30, seed: 1, directory: join(root, 'books'), format: 'csv' } as const;
  const { configPath, takenAt } = await generateVenue(books);
  const undisturbed = await createSnapshotFromBooks({
    ...{ configPath, takenAt, outDirectory: join(root, 'undisturbed') },
  });

  // An installation of its own. In its next version each line of a statement says ten times as much.
  const installed = join(root, 'installed');
  for (const part of ['package.json', 'circuits', 'src/snapshot', 'src/plan', 'src/protocol', 'src/system'])
    cpSync(join(projectRoot(), part), join(installed, part), { recursive: true });
  symlinkSync(join(projectRoot(), 'node_modules'), join(installed, 'node_modules'));
  const edited = join(installed, 'src/snapshot/sql/books/statements.sql');
  const upgrade = () => {
    writeFileSync(edited, readFileSync(edited, 'utf8').replace(/abs\(units\)/g, 'abs(10 * units)'));
  };

  const room = (await import(
    pathToFileURL(join(installed, 'src/snapshot/index.ts')).href
  )) as typeof SnapshotRoom;
  const disturbed = await room.createSnapshotFromBooks({
    ...{ configPath, takenAt, outDirectory: join(root, 'disturbed') },
    onProgress: ({ stage, done }) => {
      if (stage === 'reconcile' && done === 0) upgrade();
    },
  });
  expect(readFileSync(edited, 'utf8')).toContain('abs(10 * units)');
  expect(disturbed.hash).toBe(undisturbed.hash);
});
