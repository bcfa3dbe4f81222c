import { expect, it } from 'vitest';

import * as snapshot from '../../src/snapshot/index.js';

it('the snapshot room exports what other rooms use, and nothing else', () => {
  expect(Object.keys(snapshot).sort()).toEqual([
    'ACCOUNTS_FILE',
    'BALANCE_COLUMNS',
    'SEPARATORS',
    'SNAPSHOT_FILE',
    'SNAPSHOT_FORMAT',
    'SourceError',
    'assertSnapshot',
    'createSnapshot',
    'createSnapshotFromBooks',
    'inspectSnapshot',
    'loadSnapshot',
    'parseStage',
    'readAccounts',
  ]);
});
