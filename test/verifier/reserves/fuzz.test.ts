import { sha256 } from '@noble/hashes/sha2.js';
import { beforeAll, describe, expect, it } from 'vitest';

import { bytesToHex, concatBytes, encodeJsonLine } from '../../../src/protocol/index.js';
import { parseReserves, type ReserveEntry } from '../../../src/protocol/reserves/index.js';
import { signReserves, type ReservesFiles } from '../../../src/reserves/index.js';
import { recoverWithLibauth } from '../../../src/verifier/node/libauth.js';
import { build, makeWorld, platformKey, publish, verify, type Built } from './world.js';

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
  switch (random.below(7)) {
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
      break;
    case 5:
      if (entry.kind === 'wallet' && other.kind === 'wallet') entry.contract = other.contract;
      break;
    default:
      if (entry.kind === 'wallet')
        entry.control = (['signed', 'owners', 'stated'] as const)[random.below(3)]!;
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

let honest: Built;
let files: ReservesFiles;
beforeAll(async () => {
  const world = makeWorld();
  // What nothing is checked of may say anything: it has no place here.
  world.entries = world.entries.filter(({ kind }) => kind !== 'other');
  honest = await build(world);
  files = await publish(honest);
});

/** A changed directory, and how it was changed; undefined where the change changed nothing. */
function mutate(random: Random): { readonly files: ReservesFiles; readonly how: string } | undefined {
  const names = [...files.keys()];
  const name = names[random.below(names.length)]!;
  const bytes = files.get(name)!;
  const isSigned = name !== 'reserves.json' && name !== 'reserves.sig.json';
  if (name === 'entries.ndjson' && random.below(2) === 0) {
    const changed = concatBytes(...mutateEntry(honest.draft.entries, random).map(encodeJsonLine));
    return areSame(changed, bytes) ? undefined : { files: resign(files, name, changed), how: 'an entry' };
  }
  const changed = mutateBytes(bytes, random);
  if (areSame(changed, bytes)) return undefined;
  return isSigned && random.below(4) > 0
    ? { files: resign(files, name, changed), how: `bytes of ${name}, signed again` }
    : { files: new Map([...files, [name, changed]]), how: `bytes of ${name}` };
}

describe(`${MUTATIONS} mutated directories of reserves, seed ${SEED}`, () => {
  it('are all refused, each by a code and none by an exception', async () => {
    expect(await verify(files, honest)).toMatchObject({ valid: true });
    const random = makeRandom(SEED);
    const codes = new Map<string, number>();
    const accepted: string[] = [];
    let made = 0;
    for (let index = 0; made < MUTATIONS; index++) {
      const mutated = mutate(random);
      if (mutated === undefined) continue;
      made += 1;
      const report = await verify(mutated.files, honest, { recover: recoverWithLibauth, level: 'stated' });
      if (report.valid) accepted.push(`mutation ${index}: ${mutated.how}`);
      codes.set(report.code, (codes.get(report.code) ?? 0) + 1);
    }
    expect(accepted).toEqual([]);
    expect(codes.size).toBeGreaterThan(MUTATIONS >= 200 ? 10 : 1);
    if (MUTATIONS > 200) {
      const table = [...codes].sort(([, a], [, b]) => b - a).map(([code, count]) => `${count} ${code}`);
      process.stdout.write(`${made} mutated directories, ${accepted.length} accepted\n${table.join('\n')}\n`);
    }
  });
});
