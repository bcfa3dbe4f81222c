import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { encodeCanonicalJson, type Account } from '../../src/protocol/index.js';
import { prove, type ProveOptions, type ProveStep, type ProvingCircuit } from '../../src/prover/index.js';
import { loadBatch } from '../../src/prover/commit/batch-file.js';
import { spreadSeed } from '../../src/prover/commit/run-seeds.js';
import { runPaths } from '../../src/prover/run/paths.js';
import { debt, equity } from './exchange.js';
import { PRIVATE_KEY_DER, proveExchange, readBundle, runOptions, SIGNER, type Exchange } from './fixture.js';
import { makeCircuitKeys, TINY } from './tiny-keys.js';

const LONG_MS = 1_200_000;

const ACCOUNTS = [
  { userId: 'alice', holdings: [equity(0, 900_000n), debt(1, 5n)] },
  { userId: 'bob', holdings: [equity(2, 7n)] },
];

let root: string;
let circuits: readonly ProvingCircuit[];
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'solvent-rows-'));
  circuits = await makeCircuitKeys();
}, LONG_MS);
afterAll(() => rm(root, { recursive: true, force: true }));

const exchange = (name: string): Exchange => ({
  directory: join(root, name),
  accounts: ACCOUNTS,
  assetCount: 3,
  circuits,
});

/** Lines of proofs without what Groth16 draws afresh for each proof. */
function withoutPoints(lines: Uint8Array): string[] {
  return Buffer.from(lines)
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.stringify({ ...(JSON.parse(line) as object), proof: null }));
}

/** Runs a process that is killed when a step is told of. */
async function proveUntil(options: ProveOptions, step: ProveStep['step'], number: number) {
  const { signingKey, accounts, ...rest } = options;
  const path = join(root, 'options.json');
  const written = {
    options: rest,
    accounts: [...(accounts() as Iterable<Account>)],
    publicKey: signingKey.publicKey,
    privateKey: PRIVATE_KEY_DER,
  };
  await writeFile(
    path,
    JSON.stringify(written, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)),
  );
  const script = join(import.meta.dirname, 'prove-child.mjs');
  const child = spawn(process.execPath, [script, path, step, String(number)], { stdio: 'inherit' });
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
}

describe('a run that is killed before and after each of its steps', () => {
  it(
    'goes on to the bundle of a run that was not, and keeps every proof that it had',
    async () => {
      const killed = exchange('killed');
      const options = runOptions(killed);
      const steps: [ProveStep['step'], number][] = [
        ['rows-cut', 1],
        ['batch-committed', 1],
        ['batch-committed', 4],
        ['commitments-stored', 1],
        ['manifest-sealed', 1],
        ['totals-weighed', 1],
        ['proof-kept', 2],
      ];
      for (const [step, number] of steps) await proveUntil(options, step, number);
      const paths = runPaths(killed.directory);
      const kept = await Promise.all(
        [0, 1, 2, 3].map((index) => readFile(paths.proof(index), 'utf8').catch(() => undefined)),
      );
      expect(kept.filter((proof) => proof !== undefined).length).toBeGreaterThanOrEqual(2);
      await prove(options);

      // The same secret and salt in a run that nobody disturbs; without its pin a secret would be refused.
      const whole = exchange('whole');
      const wholePaths = runPaths(whole.directory);
      await mkdir(wholePaths.private, { recursive: true });
      await copyFile(paths.secret, wholePaths.secret);
      await copyFile(paths.salt, wholePaths.salt);
      await copyFile(paths.pin, wholePaths.pin);
      await proveExchange(whole);
      const [one, other] = [await readBundle(killed.directory), await readBundle(whole.directory)];
      for (const name of ['manifest', 'signature', 'commitments', 'weights'] as const) {
        expect(Buffer.from(one[name]!).equals(other[name]!), name).toBe(true);
      }
      expect(withoutPoints(one.proofs)).toEqual(withoutPoints(other.proofs));
      const lines = Buffer.from(one.proofs).toString().split('\n');
      kept.forEach((stored, index) => {
        if (stored === undefined) return;
        const { proof } = JSON.parse(stored) as { proof: unknown };
        expect((JSON.parse(lines[index]!) as { proof: unknown }).proof).toEqual(proof);
      });

      // A kept proof that was damaged is made again: a point that is another in each coordinate's last digit.
      const damaged = await readFile(paths.proof(0), 'utf8');
      await writeFile(
        paths.proof(0),
        damaged.replace(/"a":\["(\d)/, (_, digit: string) => `"a":["${(Number(digit) % 2) + 1}`),
      );
      expect(await readFile(paths.proof(0), 'utf8')).not.toBe(damaged);
      await rm(paths.bundle, { recursive: true });
      await prove(options);
      const repaired = await readBundle(killed.directory);
      expect(withoutPoints(repaired.proofs)).toEqual(withoutPoints(one.proofs));
      expect(Buffer.from(repaired.proofs).toString().split('\n').slice(1)).toEqual(lines.slice(1));
      expect(await readFile(paths.proof(0), 'utf8')).not.toBe(damaged);

      // Once more: nothing is left to do, and no byte changes.
      await prove(options);
      expect(await readBundle(killed.directory)).toEqual(repaired);
    },
    LONG_MS,
  );
});

describe('a run that is resumed with other inputs', () => {
  const sealed = () => exchange('sealed');
  const refusal = (code: string) => expect.objectContaining({ code }) as Error;
  beforeAll(async () => {
    await proveUntil(runOptions(sealed()), 'totals-weighed', 1);
  }, LONG_MS);

  const statement = encodeCanonicalJson({
    format: 'solvent/statement/v2',
    lines: [
      {
        account: 'main',
        asset: 'A0002',
        bucket: 'cross',
        kind: 'cash',
        reference: '',
        valuation: { of: 'amount', quantity: '0.0007', rounding: 'up' },
        value: '0.0007',
      },
    ],
  });

  it.each<[string, (options: ProveOptions) => Partial<ProveOptions>]>([
    [
      'an amount',
      () => ({
        accounts: () => [ACCOUNTS[0]!, { userId: 'bob', holdings: [equity(0, 1n), equity(2, 7n)] }],
        snapshot: runOptions({
          ...sealed(),
          accounts: [ACCOUNTS[0]!, { userId: 'bob', holdings: [equity(0, 1n), equity(2, 7n)] }],
        }).snapshot,
      }),
    ],
    ['a statement', () => ({ accounts: () => [ACCOUNTS[0]!, { ...ACCOUNTS[1]!, statement }] })],
    ['an id', () => ({ accounts: () => [ACCOUNTS[0]!, { ...ACCOUNTS[1]!, userId: 'bobby' }] })],
    [
      'a price',
      ({ snapshot }) => ({
        snapshot: {
          ...snapshot,
          assets: snapshot.assets.map((asset, index) => (index === 2 ? { ...asset, price: '76' } : asset)),
        },
      }),
    ],
    ['a text', ({ snapshot }) => ({ snapshot: { ...snapshot, scope: { included: 'All.', excluded: [] } } })],
    ['the circuits', () => ({ circuits: circuits.slice(0, 3) })],
  ])('is refused for %s that changed, before anything is proven', async (_, change) => {
    const options = runOptions(sealed());
    await expect(prove({ ...options, ...change(options) })).rejects.toThrow(refusal('run-inputs-changed'));
    await expect(readBundle(sealed().directory)).rejects.toThrow();
  });

  it('is refused where its secret or salt is another or lost', async () => {
    const { secret, salt } = runPaths(sealed().directory);
    for (const [path, other] of [
      [secret, 'run-file-malformed'],
      [salt, 'run-inputs-changed'],
    ] as const) {
      const bytes = await readFile(path);
      await writeFile(path, new Uint8Array(32).fill(1));
      await expect(proveExchange(sealed())).rejects.toThrow(refusal(other));
      await unlink(path);
      await expect(proveExchange(sealed())).rejects.toThrow(refusal('run-file-malformed'));
      await writeFile(path, bytes, { mode: 0o600 });
    }
  });

  it('shares no mask with a new run of the same accounts', async () => {
    const again = exchange('again');
    await proveUntil(runOptions(again), 'totals-weighed', 1);
    const secretsOf = async ({ directory }: Exchange) =>
      Promise.all(
        TINY.layouts.map(async (layout, index) => {
          const { seed, rows } = await loadBatch(runPaths(directory).batch(index), layout);
          const { masks, maskBlinds, rowBlinds } = spreadSeed({ layout }, seed);
          const { blind, total, groups } = masks;
          return [...groups.flat(), ...maskBlinds, ...rowBlinds, ...rows.map(({ id }) => id.join())].concat([
            blind,
            total,
          ]);
        }),
      );
    const first = (await secretsOf(sealed())).flat();
    const second = new Set((await secretsOf(again)).flat());
    expect(first.length).toBeGreaterThan(200);
    expect(first.filter((value) => second.has(value))).toEqual([]);
    expect(await readFile(runPaths(again.directory).manifest)).not.toEqual(
      await readFile(runPaths(sealed().directory).manifest),
    );
  });
});

describe('circuits that are not of one profile with their own keys', () => {
  it.each<[string, (given: readonly ProvingCircuit[]) => readonly ProvingCircuit[], number]>([
    ['circuit-mismatch', ([first, second]) => [first!, { ...first!, name: second!.name }], 3],
    ['circuit-mismatch', ([first]) => [first!, first!], 3],
    ['circuit-mismatch', ([first]) => [{ ...first!, fingerprint: 'ab'.repeat(32) }], 3],
    [
      'circuit-mismatch',
      ([first, second]) => [{ ...first!, verificationKey: second!.verificationKey }, second!],
      3,
    ],
    ['too-many-assets', (given) => given, 1025],
  ])('are refused as %s before anything is written', async (code, change, assetCount) => {
    const options = runOptions(exchange('unfit'));
    const [asset] = options.snapshot.assets;
    const assets = Array.from({ length: assetCount }, () => asset!);
    const snapshot = { ...options.snapshot, assets };
    await expect(prove({ ...options, snapshot, circuits: change(circuits) })).rejects.toThrow(
      expect.objectContaining({ code }) as Error,
    );
    await expect(readFile(runPaths(options.runDirectory).secret)).rejects.toThrow();
  });
});

describe('a run that cannot be signed', () => {
  it(
    'publishes nothing, and is finished under the right key',
    async () => {
      const unsigned = exchange('killed');
      await rm(runPaths(unsigned.directory).bundle, { recursive: true });
      const signer = { ...SIGNER, publicKey: '00'.repeat(32) };
      await expect(proveExchange(unsigned, { signingKey: signer })).rejects.toThrow(
        expect.objectContaining({ code: 'signing-key-unsuitable' }) as Error,
      );
      await expect(readBundle(unsigned.directory)).rejects.toThrow();
      await proveExchange(unsigned);
      expect((await readBundle(unsigned.directory)).signature.length).toBeGreaterThan(0);
    },
    LONG_MS,
  );
});
