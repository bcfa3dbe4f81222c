import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

const PROGRAM = join(import.meta.dirname, '../../../scripts/vectors/rows.py');
const hasPython = spawnSync('python3', ['--version']).status === 0;

describe('the second program', () => {
  it.skipIf(!hasPython)('still makes the vectors in test/vectors/rows.json (needs python3)', () => {
    const { status, stderr } = spawnSync('python3', [PROGRAM, '--check'], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});
