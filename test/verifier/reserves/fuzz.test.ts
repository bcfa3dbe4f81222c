import { sha256 } from '@noble/hashes/sha2.js';
import { beforeAll, describe, expect, it } from 'vitest';

import { bytesToHex, concatBytes, encodeJsonLine } from '../../../src/protocol/index.js';
import { parseReserves, type ReserveEntry } from '../../../src/protocol/reserves/index.js';
import { signReserves, type ReservesFiles } from '../../../src/reserves/index.js';
import { recoverWithLibauth } from '../../../src/verifier/node/signer-recovery.js';
import { surveyReserves } from '../../../src/verifier/reserves/making.js';
import { makeBitcoinWorld } from './bitcoin/world.js';
import {
  build,
  liabilities,
  makeWorld,
  platformKey,
  publish,
  publishLie,
  verify,
  type Built,
} from './world.js';

/** Mutated directories; `npm run test:reserves` asks for more. */
const MUTATIONS = Number(process.env.SOLVENT_RESERVES_MUTATIONS ?? 200);
const SEED = Number(process.env.SOLVENT_RESERVES_SEED ?? 20_261_128);

/** Numbers from a seed (mulberry32): the same ones each time. */
function makeRandom(seed: number) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { below: (bound: number) => Math.floor(next() * bound) };
}
type Random = ReturnType<typeof makeRandom>;

/** One change of the bytes of a file. */
function mutateBytes(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.below(bytes.length);
  const length = Math.min(1 + random.below(40), bytes.length - at);
  const piece = bytes.slice(at, at + length);
  const [before, after] = [bytes.slice(0, at), bytes.slice(at + length)];
  switch (random.below(7)) {
    case 0:
      return bytes.with(at, bytes[at]! ^ (1 << random.below(8)));
    case 1:
      return bytes.with(at, random.below(256));
    case 2:
      return concatBytes(before, after);
    case 3:
      return concatBytes(before, piece, piece, after);
    case 4:
      return before;
    case 5:
      return concatBytes(before, piece.toReversed(), after);
    default: {
      const from = random.below(bytes.length);
      return concatBytes(before, bytes.slice(from, from + length), after);
    }
  }
}

/** One change of what an entry says, each of which claims something that is not so. */
function mutateEntry(lines: readonly ReserveEntry[], random: Random): ReserveEntry[] {
  const changed = structuredClone(lines) as ReserveEntry[];
  const index = random.below(changed.length);
  const [entry, other] = [changed[index]!, changed[random.below(changed.length)]!];
  const raised = BigInt(entry.amount) + (1n << BigInt(random.below(250)));
  switch (random.below(8)) {
    case 0:
      entry.amount = raised.toString();
      break;
    case 1:
      entry.amount = `${entry.amount}0`;
      break;
    case 2:
      entry.asset = ['BTC', 'ETH', 'USDT', 'USDC', 'SOL'][random.below(5)]!;
      break;
    case 3:
      changed.splice(index, 0, { ...entry });
      break;
    case 4:
      if (entry.kind === 'wallet' && other.kind === 'wallet') entry.address = other.address;
      if (entry.kind === 'output' && other.kind === 'output') entry.address = other.address;
      break;
    case 5:
      if (entry.kind === 'wallet' && other.kind === 'wallet') entry.contract = other.contract;
      if (entry.kind === 'output' && other.kind === 'output') {
        [entry.transaction, entry.index] = [other.transaction, other.index];
      }
      break;
    case 6:
      // What is not free counts at no level, so that a lesser one for it is no lie.
      if ((entry.kind === 'wallet' || entry.kind === 'output') && entry.encumbrance === null)
        entry.balance = entry.balance === 'proven' ? 'reproducible' : 'proven';
      break;
    default:
      if (entry.kind === 'wallet')
        entry.control = (['signed', 'owners', 'stated'] as const)[random.below(3)]!;
      if (entry.kind === 'output') entry.control = (['signed', 'spent', 'stated'] as const)[random.below(3)]!;
  }
  return changed;
}

/** The files with one replaced, listed and signed as the platform would. */
function resign(files: ReservesFiles, name: string, bytes: Uint8Array): ReservesFiles {
  const reserves = parseReserves(files.get('reserves.json')!);
  const file = reserves.files.find((listed) => listed.name === name)!;
  Object.assign(file, { sizeBytes: bytes.length, sha256: bytesToHex(sha256(bytes)) });
  return new Map([
    ...files,
    [name, bytes],
    ['reserves.json', encodeJsonLine(reserves)],
    ['reserves.sig.json', signReserves(reserves, platformKey)],
  ]);
}

const areSame = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;

/** An honest platform's files, and what its reader has pinned: of EVM chains with a custodian, or of a Bitcoin network. */
type Directory = {
  readonly files: ReservesFiles;
  readonly entries: readonly ReserveEntry[];
  readonly reader: Pick<Built, 'pins' | 'world'>;
};

async function makeEvmDirectory(): Promise<Directory> {
  const world = makeWorld();
  // What nothing is checked of may say anything: it has no place here.
  world.entries = world.entries.filter(({ kind }) => kind !== 'other');
  const reader = await build(world);
  return { files: await publish(reader), entries: reader.draft.entries, reader };
}

async function makeBitcoinDirectory(): Promise<Directory> {
  const { draft, pins } = makeBitcoinWorld();
  const assets = liabilities.assets.filter(({ asset }) => asset === 'BTC');
  const world = { ...makeWorld(), liabilities: { ...liabilities, assets } };
  const survey = await surveyReserves(draft, { pins, liabilities: world.liabilities });
  return { files: publishLie(draft, survey), entries: draft.entries, reader: { pins, world } };
}

let directories: readonly Directory[];
beforeAll(async () => {
  directories = [await makeEvmDirectory(), await makeBitcoinDirectory()];
});

type Mutated = Pick<Directory, 'files' | 'reader'> & { readonly how: string };

/** A changed directory, and how it was changed; undefined where the change changed nothing. */
function mutate(random: Random): Mutated | undefined {
  const { files, entries, reader } = directories[random.below(directories.length)]!;
  const names = [...files.keys()];
  const name = names[random.below(names.length)]!;
  const bytes = files.get(name)!;
  const isSigned = name !== 'reserves.json' && name !== 'reserves.sig.json';
  if (name === 'entries.ndjson' && random.below(2) === 0) {
    const changed = concatBytes(...mutateEntry(entries, random).map(encodeJsonLine));
    if (areSame(changed, bytes)) return undefined;
    return { files: resign(files, name, changed), reader, how: 'an entry' };
  }
  const changed = mutateBytes(bytes, random);
  if (areSame(changed, bytes)) return undefined;
  return isSigned && random.below(4) > 0
    ? { files: resign(files, name, changed), reader, how: `bytes of ${name}, signed again` }
    : { files: new Map([...files, [name, changed]]), reader, how: `bytes of ${name}` };
}

describe(`${MUTATIONS} mutated directories of reserves, seed ${SEED}`, () => {
  it('are all refused, each by a code and none by an exception', async () => {
    for (const { files, reader } of directories) {
      expect(await verify(files, reader)).toMatchObject({ valid: true });
    }
    const random = makeRandom(SEED);
    const [codes, changed] = [new Map<string, number>(), new Map<string, number>()];
    const accepted: string[] = [];
    let made = 0;
    for (let index = 0; made < MUTATIONS; index++) {
      const mutated = mutate(random);
      if (mutated === undefined) continue;
      const { files, reader, how } = mutated;
      made += 1;
      const report = await verify(files, reader, { recover: recoverWithLibauth, level: 'stated' });
      if (report.valid) accepted.push(`mutation ${index}: ${how}`);
      codes.set(report.code, (codes.get(report.code) ?? 0) + 1);
      changed.set(how, (changed.get(how) ?? 0) + 1);
    }
    expect(accepted).toEqual([]);
    expect(codes.size).toBeGreaterThan(MUTATIONS >= 200 ? 10 : 1);
    if (MUTATIONS > 200) {
      const list = (counts: ReadonlyMap<string, number>) =>
        [...counts].sort(([, a], [, b]) => b - a).map(([what, count]) => `${count} ${what}\n`);
      const head = `${made} mutated directories (seed ${SEED}), ${accepted.length} accepted\n`;
      process.stdout.write([head, ...list(codes), 'changed:\n', ...list(changed)].join(''));
    }
  });
});
