import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { PROFILES } from '../../../src/protocol/index.js';
import {
  estimatePtauBytes,
  findPublishedPowersOfTau,
  MAX_POWER,
  MIN_POWER,
  publishedPowersOfTau,
  requiredPower,
} from '../../../src/keys/powers-of-tau/index.js';

const ROW = /\|\s+(\d+)\s+\|[^|]+\| \[([^\]]+)\]\(([^)]+)\)\s+\| ([0-9a-f]{128}) \|/g;

describe('the published powers of tau', () => {
  it('are the table of snarkjs, all sizes from 2^8 to 2^28', async () => {
    const folder = join(dirname(createRequire(import.meta.url).resolve('snarkjs')), '..');
    const readme = await readFile(join(folder, 'README.md'), 'utf8');
    const rows = [...readme.matchAll(ROW)].map(([, power, fileName, url, blake2b]) => ({
      power: Number(power),
      fileName,
      url,
      blake2b,
    }));
    expect(rows.map(({ power }) => power)).toEqual(
      Array.from({ length: MAX_POWER - MIN_POWER + 1 }, (_, index) => MIN_POWER + index),
    );
    expect(rows.map(({ power }) => publishedPowersOfTau(power))).toEqual(rows);
  });

  it('are found by their hash, and nothing else is', () => {
    const file = publishedPowersOfTau(19)!;
    expect(findPublishedPowersOfTau(file.blake2b)).toEqual(file);
    expect(findPublishedPowersOfTau(file.blake2b.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')))).toBe(
      undefined,
    );
    expect(publishedPowersOfTau(7)).toBe(undefined);
    expect(publishedPowersOfTau(29)).toBe(undefined);
  });

  it('serve every profile, with the file that the documentation names', async () => {
    const operations = await readFile(join(import.meta.dirname, '../../../docs/operations.md'), 'utf8');
    for (const profile of PROFILES.values()) {
      const file = publishedPowersOfTau(requiredPower(profile))!;
      const megabytes = Math.round(estimatePtauBytes(file.power) / 1e6);
      const row = `| \`${profile.name}\` | \`${file.fileName}\` | ${megabytes} MB |`;
      expect(operations.replaceAll(/ +/g, ' ')).toContain(row);
    }
  });
});
