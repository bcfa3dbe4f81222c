import { mkdtemp, readdir, readFile, rm, stat, truncate, utimes, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { SolventError } from '../../../src/protocol/index.js';
import { compilerFlags, makeArtefacts, type CircuitArtefacts } from '../../../src/keys/compile/artefacts.js';
import { loadSources } from '../../../src/keys/compile/sources.js';

/** A circuit that compiles in half a second. */
const BITS = `pragma circom 2.2.0;
include "circomlib/circuits/bitify.circom";
component main = Num2Bits(8);
`;
const BROKEN = `pragma circom 2.2.0;
template Broken() { signal input in; in === nothing; }
component main = Broken();
`;

let cacheDirectory: string;
beforeAll(async () => {
  cacheDirectory = await mkdtemp(join(tmpdir(), 'solvent-compile-'));
});
afterAll(async () => {
  await rm(cacheDirectory, { recursive: true, force: true });
});

async function make(
  main: string,
  options: { symbols?: boolean; cacheDirectory?: string } = {},
): Promise<{ artefacts: CircuitArtefacts; compilations: number }> {
  let compilations = 0;
  const artefacts = await makeArtefacts(
    {
      name: 'bits',
      sources: await loadSources(main),
      flags: compilerFlags({ symbols: options.symbols ?? false }),
    },
    { cacheDirectory: options.cacheDirectory ?? cacheDirectory, onCompile: () => (compilations += 1) },
  );
  return { artefacts, compilations };
}

async function listLeftovers(): Promise<string[]> {
  const names = await readdir(join(cacheDirectory, 'circuits'));
  return names.filter((name) => name.startsWith('.'));
}

const refusal = (code: string) => expect.objectContaining({ errorClass: 'artefact', code }) as SolventError;

describe('compiled artefacts', () => {
  it('are made once, and then found', async () => {
    const first = await make(BITS);
    expect(first.compilations).toBe(1);
    expect(first.artefacts).toMatchObject({
      constraintCount: 8,
      wireCount: 9,
      publicOutputCount: 8,
      publicInputCount: 0,
    });
    expect(first.artefacts.symbolsPath).toBeUndefined();
    const second = await make(BITS);
    expect(second).toEqual({ artefacts: first.artefacts, compilations: 0 });
    expect(await listLeftovers()).toEqual([]);
  });

  it('carry the names of wires where they are asked for', async () => {
    const { artefacts } = await make(BITS, { symbols: true });
    expect(await readFile(artefacts.symbolsPath!, 'utf8')).toContain('main.out[7]');
  });

  it('are the same in every byte wherever they are made', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'solvent-compile-'));
    const here = await make(BITS);
    const there = await make(BITS, { cacheDirectory: elsewhere });
    expect(there.compilations).toBe(1);
    expect(there.artefacts.r1csSha256).toBe(here.artefacts.r1csSha256);
    expect(await readFile(there.artefacts.wasmPath)).toEqual(await readFile(here.artefacts.wasmPath));
    await rm(elsewhere, { recursive: true });
  });

  it('have a place of their own for other sources and for other flags', async () => {
    const indexes = await Promise.all([
      make(BITS),
      make(BITS, { symbols: true }),
      make(BITS.replace('8', '9')),
      make(`${BITS}// Only a comment.\n`),
    ]);
    expect(new Set(indexes.map(({ artefacts }) => dirname(artefacts.r1csPath))).size).toBe(4);
  });

  it.each([
    ['a changed constraint system', (found: CircuitArtefacts) => flipByte(found.r1csPath)],
    ['a changed witness generator', (found: CircuitArtefacts) => flipByte(found.wasmPath)],
    ['a constraint system cut short', (found: CircuitArtefacts) => truncate(found.r1csPath, 100)],
    ['a missing witness generator', (found: CircuitArtefacts) => rm(found.wasmPath)],
    ['a record that is no record', (found: CircuitArtefacts) => writeFile(recordOf(found), '{"key":"')],
    ['a record without files', (found: CircuitArtefacts) => writeFile(recordOf(found), '{"files":{}}')],
    ['a missing record, as of a process that was killed', (found: CircuitArtefacts) => rm(recordOf(found))],
  ])('are made again in place of %s', async (_, damage) => {
    const { artefacts } = await make(BITS);
    await damage(artefacts);
    expect(await make(BITS)).toEqual({ artefacts, compilations: 1 });
    expect(await make(BITS)).toEqual({ artefacts, compilations: 0 });
  });

  it('come whole to everyone who asks at once', async () => {
    const main = BITS.replace('8', '10');
    const results = await Promise.all([make(main), make(main), make(main)]);
    expect(new Set(results.map(({ artefacts }) => artefacts.r1csSha256)).size).toBe(1);
    expect((await make(main)).compilations).toBe(0);
    expect(await listLeftovers()).toEqual([]);
  });

  it('are refused with the compiler’s own words where a circuit does not compile, and leave nothing', async () => {
    const failure = await make(BROKEN).catch((error: unknown) => error);
    expect(failure).toEqual(refusal('circuit-compilation-failed'));
    expect(String((failure as SolventError).cause)).toContain('nothing');
    expect(await listLeftovers()).toEqual([]);
  });

  it('are refused where an included file is missing', async () => {
    await expect(loadSources('include "Missing.circom";')).rejects.toEqual(refusal('circuit-source-missing'));
  });

  it('sweep away what killed processes left behind, once it is a day old', async () => {
    const circuits = join(cacheDirectory, 'circuits');
    const [old, fresh] = [join(circuits, '.tmp-old'), join(circuits, '.tmp-fresh')];
    await mkdir(old);
    await mkdir(fresh);
    const twoDaysAgo = new Date(Date.now() - 2 * 24 * 60 * 60 * 1000);
    await utimes(old, twoDaysAgo, twoDaysAgo);
    await make(BITS.replace('8', '11'));
    await expect(stat(old)).rejects.toThrow('ENOENT');
    expect(await listLeftovers()).toEqual(['.tmp-fresh']);
    await rm(fresh, { recursive: true });
  });
});

function recordOf(artefacts: CircuitArtefacts): string {
  return join(dirname(artefacts.r1csPath), 'circuit.json');
}

async function flipByte(path: string): Promise<void> {
  const bytes = await readFile(path);
  bytes[bytes.length - 1]! ^= 1;
  await writeFile(path, bytes);
}
