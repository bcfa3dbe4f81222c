import { expect, it } from 'vitest';

import * as snapshot from '../../src/snapshot/index.js';

it('the snapshot room exports what other rooms use, and nothing else', () => {
  expect(Object.keys(snapshot).sort()).toEqual([
    'ACCOUNTS_FILE',
    'BALANCE_COLUMNS',
    'COMPONENTS_FILE',
    'HOUSE_FILE',
    'INSTRUMENTS_FILE',
    'SEALED_MODE',
    'SEPARATORS',
    'SNAPSHOT_ERRORS',
    'SNAPSHOT_FILE',
    'SNAPSHOT_FORMAT',
    'Scratch',
    'SourceError',
    'addStages',
    'assertSnapshot',
    'createSnapshot',
    'createSnapshotFromBooks',
    'escapePattern',
    'inspectSnapshot',
    'loadPeriod',
    'loadSnapshot',
    'parseBooksConfig',
    'parseStage',
    'parseStrictYaml',
    'quoteText',
    'readAccounts',
    'refuseSnapshot',
    'stateSnapshot',
  ]);
});
