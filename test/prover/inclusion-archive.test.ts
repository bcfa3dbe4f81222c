import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import { ArchiveWriter } from '../../src/prover/inclusion/archive.js';
import { readArchive } from './zip-reader.js';
import { inTemporaryDirectory } from './fixture.js';

describe('an archive', () => {
  it('gives back each file by its name alone, from the index at its end', async () => {
    await inTemporaryDirectory(async (directory) => {
      const path = join(directory, 'all.zip');
      const files = new Map([
        ['aa.json', Buffer.from('{}\n')],
        ['é.json', Buffer.alloc(3 << 20, 7)],
        ['empty', Buffer.alloc(0)],
      ]);
      const archive = new ArchiveWriter(path);
      for (const [name, bytes] of files) archive.add(name, bytes);
      expect(await readdir(directory)).not.toContain('all.zip');
      archive.finish();
      expect(readArchive(await readFile(path))).toEqual(files);
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      expect(await readdir(directory)).toEqual(['all.zip']);
    });
  });

  it('holds more files than the older form of the format counts', async () => {
    await inTemporaryDirectory(async (directory) => {
      const path = join(directory, 'many.zip');
      const archive = new ArchiveWriter(path);
      for (let file = 0; file < 70_000; file++) archive.add(`${file}`, Buffer.of(file & 255));
      archive.finish();
      const files = readArchive(await readFile(path));
      expect(files.size).toBe(70_000);
      expect(files.get('69999')).toEqual(Buffer.of(69_999 & 255));
    });
  });

  it('leaves nothing where it is abandoned, and replaces one that was there only when it is whole', async () => {
    await inTemporaryDirectory(async (directory) => {
      const path = join(directory, 'all.zip');
      const first = new ArchiveWriter(path);
      first.add('a', Buffer.from('one'));
      first.finish();
      const second = new ArchiveWriter(path);
      second.add('a', Buffer.from('two'));
      second.abandon();
      expect(await readdir(directory)).toEqual(['all.zip']);
      expect(readArchive(await readFile(path))).toEqual(new Map([['a', Buffer.from('one')]]));
    });
  });

  it('states checksums that its files have', async () => {
    await inTemporaryDirectory(async (directory) => {
      const path = join(directory, 'all.zip');
      const archive = new ArchiveWriter(path);
      archive.add('a', Buffer.from('one'));
      archive.finish();
      const bytes = await readFile(path);
      expect(bytes.readUInt32LE(14)).toBe(crc32('one'));
      bytes[bytes.indexOf('one')]! ^= 1;
      expect(() => readArchive(bytes)).toThrow('checksum');
    });
  });
});
