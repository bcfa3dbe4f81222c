import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { hashPrices, parseAggregateProof, parseBatchProof, poseidon } from '../../src/protocol/index.js';
import { planAggregates } from '../../src/prover/aggregate/layers.js';
import { loadBatchRows } from '../../src/prover/batch/batch-file.js';
import { commitBatch } from '../../src/prover/batch/commitment.js';
import { prove, type ProveOptions, type ProveProgress } from '../../src/prover/index.js';
import { listBatches, loadPlan } from '../../src/prover/shard/plan.js';
import { shardAccounts } from '../../src/prover/shard/shard.js';
import { pricesOf, sampleAccounts, sealSnapshot, stream, tagBatches } from './exchange.js';
import { makeTinyKeys, TINY } from './tiny-keys.js';

const ACCOUNTS = sampleAccounts(40, 2);
const SNAPSHOT = sealSnapshot(ACCOUNTS);
const PRICES = pricesOf(SNAPSHOT);

let directory: string;
let run: string;
let exchange: string;
let options: ProveOptions;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'solvent-resume-'));
  run = join(directory, 'run');
  exchange = join(directory, 'exchange.json');
  const json = JSON.stringify({ snapshot: SNAPSHOT, accounts: ACCOUNTS }, (_, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
  await writeFile(exchange, json);
  options = {
    snapshot: SNAPSHOT,
    accounts: () => stream(ACCOUNTS),
    profile: TINY,
    ...(await makeTinyKeys(join(directory, 'keys'))),
    runDirectory: run,
    workers: 2,
    engine: 'snarkjs',
  };
});

afterAll(() => rm(directory, { recursive: true, force: true }));

type Step = Partial<ProveProgress> & { readonly stalled?: true; readonly finished?: true };

/** Proves in a process of its own, and kills that at the first step that is the moment. */
async function killAt(
  isMoment: (step: Step) => boolean,
  { stallAfter, beforeKill }: { stallAfter?: number; beforeKill?: () => Promise<void> } = {},
): Promise<void> {
  const script = join(import.meta.dirname, 'prove-child.mjs');
  const stall = stallAfter === undefined ? [] : [String(stallAfter)];
  const child = spawn(process.execPath, [script, run, join(directory, 'keys'), exchange, ...stall], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => {
    child.once('exit', (_, signal) => {
      resolve(signal);
    });
  });
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const step = JSON.parse(line) as Step;
      expect(step.finished).toBeUndefined();
      if (!isMoment(step)) continue;
      await beforeKill?.();
      break;
    }
  } finally {
    child.kill('SIGKILL');
  }
  expect(await ended).toBe('SIGKILL');
}

/** Finished files of one of the run's private folders, by name. */
async function readFolder(folder: string): Promise<Map<string, string>> {
  const path = join(run, 'private', folder);
  const names = (await readdir(path)).filter((name) => !name.startsWith('.'));
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(path, name), 'hex')] as const)),
  );
}

const parseStored = (hex: string) =>
  JSON.parse(Buffer.from(hex, 'hex').toString()) as {
    readonly publicSignals: string[];
    readonly proof: object;
  };

const isWithin = (part: ReadonlyMap<string, string>, whole: ReadonlyMap<string, string>) =>
  [...part].every(([name, content]) => whole.get(name) === content);

/** The digests that the secret of the run and the accounts determine, made without any proof. */
async function deriveDigests(): Promise<{ batches: string[]; aggregates: string[] }> {
  const secret = await readFile(join(run, 'private', 'secret'));
  const circuits = tagBatches(TINY);
  const folder = join(directory, 'expected');
  await shardAccounts(stream(ACCOUNTS), {
    directory: folder,
    circuits,
    secret,
    snapshot: SNAPSHOT,
    prices: PRICES,
    onAccount: () => undefined,
  });
  const plan = (await loadPlan(join(folder, 'plan.json'), circuits))!;
  const nodes = await Promise.all(
    listBatches(plan, circuits).map(async ({ circuit, index }) => {
      const rows = await loadBatchRows(join(folder, `${circuit.name}.${index}`), circuit.parameters.users);
      const context = { circuit, index, secret, platform: SNAPSHOT.platform, prices: PRICES };
      return { ...commitBatch(poseidon, rows, context), tag: circuit.tag };
    }),
  );
  const tag = BigInt(options.circuits.at(-1)!.tag) as ReturnType<typeof hashPrices>;
  const circuit = { name: 'aggregate', parameters: TINY.aggregate, tag };
  const layers = planAggregates(poseidon, nodes, { circuit, secret });
  const digests = (list: readonly { digest: bigint }[]) => list.map(({ digest }) => digest.toString());
  return { batches: digests(nodes), aggregates: digests(layers.flat()) };
}

describe('a run that is killed', () => {
  it('while it cuts batches, leaves no batch, and keeps its secret', async () => {
    await killAt(({ stalled }) => stalled === true, { stallAfter: 5 });
    const names = await readdir(join(run, 'private'));
    expect(names).toContain('secret');
    expect(names).not.toContain('batches');
    expect(names.some((name) => name.startsWith('.tmp-'))).toBe(true);
  });

  it('while it proves batches, keeps those that are finished; nobody else works in it meanwhile', async () => {
    const secret = await readFile(join(run, 'private', 'secret'));
    await killAt(({ stage, done }) => stage === 'proving batches' && done! >= 2, {
      beforeKill: () => expect(prove(options)).rejects.toMatchObject({ code: 'directory-in-use' }),
    });
    expect(await readFile(join(run, 'private', 'secret'))).toEqual(secret);
    expect((await readFolder('proofs')).size).toBeGreaterThanOrEqual(2);
  });

  it('while it proves aggregates, has not made a finished batch again, but those whose files were damaged', async () => {
    const before = { proofs: await readFolder('proofs'), trees: await readFolder('trees') };
    const [damagedProof, otherName] = [...before.proofs.keys()] as [string, string];
    const damagedTree = otherName.replace('.json', '');
    await truncate(join(run, 'private', 'proofs', damagedProof), 100);
    await truncate(join(run, 'private', 'trees', damagedTree), 100);
    await killAt(({ stage, done }) => stage === 'proving aggregates' && done! >= 1);
    const after = await readFolder('proofs');
    // The proof of the damaged file is another, of the same digest.
    const [old, made] = [before.proofs, after].map((proofs) => parseStored(proofs.get(damagedProof)!));
    expect(made!.publicSignals).toEqual(old!.publicSignals);
    expect(made!.proof).not.toEqual(old!.proof);
    before.proofs.delete(damagedProof);
    expect(isWithin(before.proofs, after)).toBe(true);
    expect(isWithin(before.trees, await readFolder('trees'))).toBe(true);
  });

  it('goes on to its bundle, with the digests that its secret determines, and leaves nothing half written', async () => {
    const before = await readFolder('proofs');
    await rm(exchange);
    const result = await prove({
      ...options,
      accounts: () => {
        throw new Error('expected no account to be read again');
      },
    });
    expect(result.wasComplete).toBe(false);
    expect(isWithin(before, await readFolder('proofs'))).toBe(true);
    const readDigests = async (file: string, parse: typeof parseBatchProof | typeof parseAggregateProof) =>
      (await readFile(join(run, 'bundle', file), 'utf8'))
        .trimEnd()
        .split('\n')
        .map((line) => parse(Buffer.from(line)).digest);
    const digests = await deriveDigests();
    expect(await readDigests('batches.ndjson', parseBatchProof)).toEqual(digests.batches);
    expect(await readDigests('aggregates.ndjson', parseAggregateProof)).toEqual(digests.aggregates);
    const names = (await readdir(run, { recursive: true })).map(String);
    expect(names.filter((name) => name.includes('.tmp-') || name.includes('.lock'))).toEqual([]);
  });
});
