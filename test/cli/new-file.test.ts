import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { requireNewFile } from '../../src/cli/new-file.js';

let directory: string;
const at = (name: string) => join(directory, name);
const BYTES = new TextEncoder().encode('{"a":1}\n');
const REFUSED = { errorClass: 'usage', code: 'file-exists' };

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'new-file-'));
});

afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

describe('the path of a file that a command writes', () => {
  it('may be free, or hold the same bytes already', async () => {
    await requireNewFile(at('free'), BYTES);
    await requireNewFile(at('free'));
    await writeFile(at('same'), BYTES);
    await requireNewFile(at('same'), BYTES);
  });

  it('is refused where it holds something else', async () => {
    await writeFile(at('ledger.csv'), 'account,asset\n');
    await expect(requireNewFile(at('ledger.csv'), BYTES)).rejects.toMatchObject(REFUSED);
    await writeFile(at('as-long'), '{"a":2}\n');
    await expect(requireNewFile(at('as-long'), BYTES)).rejects.toMatchObject(REFUSED);
    await expect(requireNewFile(directory, BYTES)).rejects.toMatchObject(REFUSED);
    await symlink(at('nowhere'), at('link'));
    await expect(requireNewFile(at('link'), BYTES)).rejects.toMatchObject(REFUSED);
    await writeFile(at('same'), BYTES);
    await expect(requireNewFile(at('same'))).rejects.toMatchObject(REFUSED);
  });
});
