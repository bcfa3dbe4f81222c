import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  copyRegularFile,
  createFileAtomically,
  findRegularFile,
  hashFile,
  haveSameFiles,
  readNamedFile,
  readRegularFile,
  removeAbandoned,
  writeDirectoryAtomically,
  writeFileAtomically,
} from '../../src/system/index.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'solvent-files-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});
const refusal = (code: string) => expect.objectContaining({ code }) as Error;

describe('files', () => {
  it('are written whole, with the mode asked for, and leave nothing beside them', async () => {
    const path = join(directory, 'secret');
    await writeFileAtomically(path, 'first');
    await writeFileAtomically(path, 'second', { mode: 0o600 });
    expect(readFileSync(path, 'utf8')).toBe('second');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(directory)).toEqual(['secret']);
  });

  it('that cannot be written leave nothing behind', async () => {
    await expect(writeFileAtomically(join(directory, 'missing', 'file'), 'x')).rejects.toThrow(
      'no such file or directory',
    );
    expect(readdirSync(directory)).toEqual([]);
  });

  it('that cannot be read are the caller’s mistake, named with the reason', async () => {
    await expect(readNamedFile(join(directory, 'none'), 10)).rejects.toMatchObject({
      code: 'file-unreadable',
      errorClass: 'usage',
      details: { reason: 'ENOENT' },
    });
    await expect(readNamedFile(directory, 1 << 20)).rejects.toThrow(refusal('file-unreadable'));
  });

  it('over the limit are not read', async () => {
    writeFileSync(join(directory, 'large'), Buffer.alloc(100, 1));
    const bytes = await readNamedFile(join(directory, 'large'), 10);
    expect([bytes.length, bytes[0]]).toEqual([11, 0]);
  });

  it('that are pipes are read to their end, and no further than the limit', async () => {
    const pipe = join(directory, 'pipe');
    spawnSync('mkfifo', [pipe]);
    for (const [sizeBytes, expected] of [
      [9, 9],
      [3_000_000, 100_001],
    ] as const) {
      const writer = spawn('sh', ['-c', `head -c ${sizeBytes} /dev/zero > ${pipe}`], { stdio: 'ignore' });
      const ended = once(writer, 'exit');
      expect((await readNamedFile(pipe, 100_000)).length).toBe(expected);
      await ended;
    }
  });

  it('of a directory that others fill are regular files, or not opened at all', async () => {
    writeFileSync(join(directory, 'private'), 'what nobody may read');
    symlinkSync(join(directory, 'private'), join(directory, 'link'));
    symlinkSync(join(directory, 'nowhere'), join(directory, 'broken-link'));
    spawnSync('mkfifo', [join(directory, 'pipe')]);
    symlinkSync(join(directory, 'pipe'), join(directory, 'link-to-pipe'));
    const at = (name: string) => join(directory, name);
    expect(Buffer.from(await readRegularFile(at('private'), 100)).toString()).toBe('what nobody may read');
    for (const [name, kind] of [
      ['link', 'a symbolic link'],
      ['broken-link', 'a symbolic link'],
      ['link-to-pipe', 'a symbolic link'],
      ['pipe', 'a named pipe'],
      ['.', 'a directory'],
      ['none', 'ENOENT'],
    ] as const) {
      const refused = { code: 'file-unreadable', errorClass: 'usage', details: { reason: kind } };
      await expect(readRegularFile(at(name), 100)).rejects.toMatchObject(refused);
      await expect(hashFile(at(name), { followLinks: false })).rejects.toMatchObject(refused);
      await expect(copyRegularFile(at(name), at('copy'))).rejects.toMatchObject(refused);
    }
    expect(await findRegularFile(at('none'), 100)).toBeUndefined();
    await expect(findRegularFile(at('link'), 100)).rejects.toThrow(refusal('file-unreadable'));
    expect(readdirSync(directory)).not.toContain('copy');
    // What the caller named may be a link, and is still no pipe.
    expect(await hashFile(at('link'))).toBe(await hashFile(at('private')));
    for (const name of ['pipe', 'link-to-pipe']) {
      await expect(hashFile(at(name))).rejects.toMatchObject({ details: { reason: 'a named pipe' } });
    }
  });

  it('that are new are never written over what is there', async () => {
    const path = join(directory, 'new');
    expect(await createFileAtomically(path, 'mine', { mode: 0o600 })).toBe(true);
    expect(await createFileAtomically(path, 'theirs')).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe('mine');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(directory)).toEqual(['new']);
  });

  it('hash as SHA-256 of their bytes', async () => {
    writeFileSync(join(directory, 'abc'), 'abc');
    expect(await hashFile(join(directory, 'abc'))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });
});

describe('directories', () => {
  it('appear whole or not at all', async () => {
    const path = join(directory, 'out');
    const failing = writeDirectoryAtomically(path, async (temporary) => {
      await writeFileAtomically(join(temporary, 'a'), '1');
      throw new Error('half-way');
    });
    await expect(failing).rejects.toThrow('half-way');
    expect(readdirSync(directory)).toEqual([]);
    await writeDirectoryAtomically(path, (temporary) => writeFileAtomically(join(temporary, 'a'), '1'));
    expect(readdirSync(path)).toEqual(['a']);
  });

  it('that hold something are not written over', async () => {
    writeFileSync(join(directory, 'kept'), 'x');
    const writing = writeDirectoryAtomically(directory, () => Promise.resolve());
    await expect(writing).rejects.toThrow(refusal('directory-exists'));
    expect(readFileSync(join(directory, 'kept'), 'utf8')).toBe('x');
  });

  it('that are made again are left as they are where nothing differs, and refused where anything does', async () => {
    const path = join(directory, 'out');
    const write = (content: string, more?: string) =>
      writeDirectoryAtomically(
        path,
        async (temporary) => {
          mkdirSync(join(temporary, 'deep'));
          await writeFileAtomically(join(temporary, 'deep', 'a'), content);
          if (more !== undefined) await writeFileAtomically(join(temporary, more), content);
        },
        { isRepeat: haveSameFiles },
      );
    expect(await write('1')).toBe(false);
    expect(await write('1')).toBe(true);
    await expect(write('2')).rejects.toThrow(refusal('directory-exists'));
    await expect(write('1', 'b')).rejects.toThrow(refusal('directory-exists'));
    rmSync(join(path, 'deep', 'a'));
    writeFileSync(join(directory, 'elsewhere'), '1');
    symlinkSync(join(directory, 'elsewhere'), join(path, 'deep', 'a'));
    await expect(write('1')).rejects.toThrow(refusal('directory-exists'));
    expect(readdirSync(directory)).toEqual(['elsewhere', 'out']);
  });

  it('that a killed process left unfinished go when the same one is made again', async () => {
    const path = join(directory, 'out');
    const script = `
      import { mkdirSync, openSync } from 'node:fs';
      mkdirSync(process.argv[1] + '/.tmp-out-' + process.pid + '-0123456789ab');
      mkdirSync(process.argv[1] + '/.tmp-out-' + process.argv[2] + '-0123456789ab');
      mkdirSync(process.argv[1] + '/.tmp-other-' + process.pid + '-0123456789ab');
      process.kill(process.pid, 'SIGKILL');`;
    spawnSync(process.execPath, ['--input-type=module', '-e', script, directory, String(process.ppid)]);
    expect(readdirSync(directory)).toHaveLength(3);
    await writeDirectoryAtomically(path, (temporary) => writeFileAtomically(join(temporary, 'a'), '1'));
    const left = readdirSync(directory);
    // The one of a process that lives, and the one of another directory, are not ours to remove.
    expect(left).toContain(`.tmp-out-${process.ppid}-0123456789ab`);
    expect(left).toHaveLength(3);
    expect(left).toContain('out');
  });

  it('that an earlier process of the same number left go too, and those that are being filled stay', async () => {
    const path = join(directory, 'out');
    mkdirSync(join(directory, `.tmp-out-${process.pid}-0123456789ab`));
    let during: string[] = [];
    const outer = writeDirectoryAtomically(path, async (temporary) => {
      await writeDirectoryAtomically(path, (inner) => writeFileAtomically(join(inner, 'first'), '1'));
      during = readdirSync(directory);
      await writeFileAtomically(join(temporary, 'second'), '2');
    });
    await expect(outer).rejects.toThrow(refusal('directory-exists'));
    expect(during).toEqual([expect.stringMatching(/^\.tmp-out-/), 'out']);
    expect(readdirSync(directory)).toEqual(['out']);
  });

  it('are cleared of what a killed process left, and of nothing else', async () => {
    const script = `
      import { openSync, mkdirSync } from 'node:fs';
      openSync(process.argv[1] + '/.tmp-file-000000000000', 'w');
      mkdirSync(process.argv[1] + '/.tmp-dir-000000000000');
      openSync(process.argv[1] + '/kept', 'w');
      process.kill(process.pid, 'SIGKILL');`;
    spawnSync(process.execPath, ['--input-type=module', '-e', script, directory]);
    expect(readdirSync(directory)).toHaveLength(3);
    await removeAbandoned(directory);
    expect(readdirSync(directory)).toEqual(['kept']);
  });
});
