import { ed25519 } from '@noble/curves/ed25519.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { blake2b } from '@noble/hashes/blake2.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { beforeAll, describe, expect, it } from 'vitest';

import {
  bytesToHex,
  concatBytes,
  encodeJsonLine,
  hexToBytes,
  utf8ToBytes,
} from '../../../src/protocol/index.js';
import {
  ACCOUNT_FORMS,
  encodeBitcoinHeaders,
  encodeTransactions,
  keyOfEntry,
  keyOfEvidence,
  parseBitcoinHeaders,
  parseEvidence,
  parseReserves,
  parseTransactions,
  type AccountForm,
  type Evidence,
  type PlacedTransaction,
  type ReserveEntry,
} from '../../../src/protocol/reserves/index.js';
import { signReserves, type ReservesFiles } from '../../../src/reserves/index.js';
import { recoverWithLibauth } from '../../../src/verifier/node/signer-recovery.js';
import { surveyReserves } from '../../../src/verifier/reserves/making.js';
import {
  encodeTransaction,
  parseTransaction,
  type BitcoinTransaction,
} from '../../../src/verifier/reserves/bitcoin/transaction.js';
import { encodeBase58 } from '../../../src/verifier/reserves/encodings.js';
import { decodeAccount } from '../../../src/verifier/reserves/making.js';
import { makeEveryAccountWorld } from './accounts/world.js';
import { makeBitcoinWorld } from '../../../conformance/adversary/reserves/bitcoin/world.js';
import {
  build,
  liabilities,
  makeWorld,
  platformKey,
  publish,
  publishLie,
  verify,
  type Built,
} from '../../../conformance/adversary/reserves/world.js';

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
  switch (random.below(10)) {
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
      if (entry.kind === 'account' && other.kind === 'account') entry.address = other.address;
      break;
    case 5:
      if (entry.kind === 'wallet' && other.kind === 'wallet') entry.contract = other.contract;
      if (entry.kind === 'account' && other.kind === 'account') entry.contract = other.contract;
      if (entry.kind === 'output' && other.kind === 'output') {
        [entry.transaction, entry.index] = [other.transaction, other.index];
      }
      break;
    case 6:
      // What is not free counts at no level, so that a lesser one for it is no lie.
      if ((entry.kind === 'wallet' || entry.kind === 'output') && entry.encumbrance === null)
        entry.balance = entry.balance === 'proven' ? 'reproducible' : 'proven';
      if (entry.kind === 'account')
        entry.balance = entry.balance === 'attested' ? 'reproducible' : 'attested';
      break;
    case 7:
      entry.encumbrance = entry.encumbrance === null ? 0 : null;
      break;
    case 8: {
      // The same again, under a name that may be read as another.
      const again = respell(entry, random);
      if (again === undefined) break;
      changed.push(again);
      changed.sort((a, b) => (keyOfEntry(a) < keyOfEntry(b) ? -1 : 1));
      break;
    }
    default:
      if (entry.kind === 'account')
        entry.control = (['signed', 'custodian', 'stated'] as const)[random.below(3)]!;

      if (entry.kind === 'wallet')
        entry.control = (['signed', 'owners', 'stated'] as const)[random.below(3)]!;
      if (entry.kind === 'output') entry.control = (['signed', 'spent', 'stated'] as const)[random.below(3)]!;
  }
  return changed;
}

/** An entry in another spelling of its address, or among what nothing is checked of. */
function respell(entry: ReserveEntry, random: Random): ReserveEntry | undefined {
  if (entry.kind !== 'account' && entry.kind !== 'wallet' && entry.kind !== 'output') return undefined;
  const { chain, address, asset } = entry;
  const bytes = entry.kind === 'account' ? decodeAccount(chain, address)! : utf8ToBytes(address);
  const other = { kind: 'other', chain, asset, amount: '1', encumbrance: null } as const;
  switch (random.below(5)) {
    case 0:
      return { ...entry, address: address.toUpperCase() };
    case 1: {
      // Of SS58, with its prefix in two bytes.
      const prefix = chain.includes('b0a8') ? [0x40, 0x80] : [0x40, 0x00];
      const key = concatBytes(Uint8Array.from(prefix), bytes);
      const sum = blake2b(concatBytes(utf8ToBytes('SS58PRE'), key)).subarray(0, 2);
      return { ...entry, address: encodeBase58(concatBytes(key, sum)) };
    }
    case 2:
      return { ...entry, address: `1${address}` };
    case 3:
      return { ...other, account: `wallet ${address}!` };
    default:
      return { ...other, account: entry.kind === 'account' ? bytesToHex(bytes) : `${chain}:${address}` };
  }
}

const pick = <T>(list: readonly T[], random: Random): T => list[random.below(list.length)]!;

/** Hexadecimal with a bit changed, cut, longer, or with its last 32 or 33 bytes as the other half of secp256k1's order has them. */
function mutateHex(text: string, random: Random): string {
  const bytes = hexToBytes(text);
  switch (random.below(5)) {
    case 0:
      return text.slice(2);
    case 1:
      return `${text}00`;
    case 2:
      return bytesToHex(addOrder(bytes, random));
    default: {
      const at = random.below(bytes.length);
      return bytesToHex(bytes.with(at, bytes[at]! ^ (1 << random.below(8))));
    }
  }
}

/** The s of a signature as another number of the same value: n - s of secp256k1, or s + l of Ed25519. */
function addOrder(bytes: Uint8Array, random: Random): Uint8Array {
  if (bytes.length < 64) return bytes.toReversed();
  const [head, s, rest] = [bytes.slice(0, 32), bytes.slice(32, 64), bytes.slice(64)];
  const isEd = random.below(2) === 0;
  const ordered = isEd ? s.toReversed() : s;
  const value = BigInt(`0x${bytesToHex(ordered)}`);
  const changed = isEd ? value + ed25519.Point.Fn.ORDER : secp256k1.Point.Fn.ORDER - value;
  const word = changed < 0n || changed >> 256n > 0n ? s : hexToBytes(changed.toString(16).padStart(64, '0'));
  return concatBytes(
    head,
    isEd ? word.toReversed() : word,
    rest.length === 1 ? rest.with(0, rest[0]! ^ 1) : rest,
  );
}

/** One change of what a piece of evidence says. */
function mutateEvidence(lines: readonly Evidence[], random: Random): Evidence[] {
  const changed = structuredClone(lines) as Evidence[];
  const [line, other] = [pick(changed, random), pick(changed, random)];
  switch (random.below(7)) {
    case 0:
      changed.splice(changed.indexOf(line), 1);
      break;
    case 1:
      changed.splice(changed.indexOf(line), 0, structuredClone(line));
      break;
    case 2:
      if ('signature' in line && 'signature' in other) line.signature = other.signature;
      break;
    case 3:
      if ('address' in line && 'address' in other) line.address = other.address;
      break;
    case 4:
      if (line.kind === 'account') line.form = pick(Object.keys(ACCOUNT_FORMS) as AccountForm[], random);
      break;
    case 5:
      if (line.kind === 'account') {
        if (line.publicKey === null) line.publicKey = 'ab'.repeat(32);
        else line.publicKey = random.below(2) === 0 ? null : mutateHex(line.publicKey, random);
      }
      break;
    default:
      if ('signature' in line && /^(?:[0-9a-f]{2})+$/.test(line.signature))
        line.signature = mutateHex(line.signature, random);
  }
  return random.below(4) === 0
    ? changed
    : changed.sort((a, b) => (keyOfEvidence(a) < keyOfEvidence(b) ? -1 : 1));
}

/** One change of what headers are there, or of a field of one. */
function mutateHeaders(file: Uint8Array, random: Random): Uint8Array {
  const { firstNumber, bytes } = parseBitcoinHeaders(file);
  const headers = Array.from({ length: bytes.length / 80 }, (_, at) => bytes.slice(80 * at, 80 * at + 80));
  const at = random.below(headers.length);
  const own = headers[at]!;
  switch (random.below(6)) {
    case 0:
      headers.splice(at, 1);
      break;
    case 1:
      headers.splice(at, 0, own);
      break;
    case 2:
      headers.splice(at, 1, pick(headers, random));
      break;
    case 3:
      return encodeBitcoinHeaders({ firstNumber: firstNumber + 1 + random.below(3), bytes });
    case 4:
      headers.length = at + 1;
      break;
    default: {
      // Of version, parent, root, time, bits and nonce.
      const start = pick([0, 4, 36, 68, 72, 76], random);
      headers.splice(at, 1, own.with(start, own[start]! ^ (1 << random.below(8))));
    }
  }
  return encodeBitcoinHeaders({ firstNumber, bytes: concatBytes(...headers) });
}

/** One change of which transactions are shown, where one of them stands, or what is in it. */
function mutateTransactions(file: Uint8Array, random: Random): Uint8Array {
  const list = parseTransactions(file);
  const at = random.below(list.length);
  const [placed, other] = [list[at]!, pick(list, random)];
  const block = placed.block!;
  const put = (changed: PlacedTransaction) => void list.splice(at, 1, changed);
  const move = (changed: Partial<typeof block>) => {
    put({ ...placed, block: { ...block, ...changed } });
  };
  switch (random.below(10)) {
    case 0:
      list.splice(at, 1);
      break;
    case 1:
      list.splice(at, 0, placed);
      break;
    case 2:
      list.splice(at, 1, other);
      break;
    case 3:
      put({ ...placed, block: random.below(2) === 0 ? null : other.block });
      break;
    case 4:
      move({ number: block.number + pick([-1, 1, 5, 1000], random) });
      break;
    case 5:
      move({ position: block.position ^ (1 << random.below(4)) });
      break;
    case 6:
      move({ branch: block.branch.slice(1) });
      break;
    case 7:
      move({
        branch: [...block.branch, ...block.branch, new Uint8Array(32)].slice(0, block.branch.length + 1),
      });
      break;
    case 8:
      move({ branch: [...block.branch].reverse() });
      break;
    default:
      put({ ...placed, bytes: encodeTransaction(mutateTransaction(parseTransaction(placed.bytes), random)) });
  }
  return encodeTransactions(list);
}

function mutateTransaction(transaction: BitcoinTransaction, random: Random): BitcoinTransaction {
  const inputs = transaction.inputs.map((input) => ({ ...input }));
  const outputs = transaction.outputs.map((output) => ({ ...output }));
  const [input, output] = [pick(inputs, random), pick(outputs, random)];
  switch (random.below(7)) {
    case 0:
      output.amountSatoshi += 1n;
      break;
    case 1:
      output.script = pick(outputs, random).script;
      break;
    case 2:
      input.index += 1;
      break;
    case 3:
      input.witness = [...input.witness, Uint8Array.of(1)];
      break;
    case 4:
      input.witness = [];
      break;
    case 5:
      return { ...transaction, inputs, outputs, lockTime: transaction.lockTime + 1 };
    default:
      input.witness = input.witness.map((part) => (part.length < 9 ? part : part.with(8, part[8]! ^ 1)));
  }
  return { ...transaction, inputs, outputs };
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

/** Accounts of every family of account chains, signed in every form but schnorrkel's. */
async function makeAccountDirectory(): Promise<Directory> {
  const { draft, pins, world } = makeEveryAccountWorld();
  const survey = await surveyReserves(draft, { pins, liabilities });
  return { files: publishLie(draft, survey), entries: draft.entries, reader: { pins, world } };
}

let directories: readonly Directory[];
beforeAll(async () => {
  directories = [await makeEvmDirectory(), await makeBitcoinDirectory(), await makeAccountDirectory()];
});

/** What is changed of a file as its readers read it, and signed again. */
function mutateParts(
  name: string,
  { files, entries }: Directory,
  random: Random,
): { readonly changed: Uint8Array; readonly how: string } | undefined {
  const bytes = files.get(name)!;
  if (name === 'entries.ndjson')
    return { changed: concatBytes(...mutateEntry(entries, random).map(encodeJsonLine)), how: 'an entry' };
  if (name === 'evidence.ndjson') {
    const lines = new TextDecoder().decode(bytes).split('\n').slice(0, -1);
    const evidence = mutateEvidence(
      lines.map((line) => parseEvidence(utf8ToBytes(line))),
      random,
    );
    return { changed: concatBytes(...evidence.map(encodeJsonLine)), how: 'a piece of evidence' };
  }
  if (!name.includes('.bip122-')) return undefined;
  return name.startsWith('headers')
    ? { changed: mutateHeaders(bytes, random), how: 'a header of Bitcoin' }
    : { changed: mutateTransactions(bytes, random), how: 'a transaction of Bitcoin' };
}

type Mutated = Pick<Directory, 'files' | 'reader'> & { readonly how: string };

/** A changed directory, and how it was changed; undefined where the change changed nothing. */
function mutate(random: Random): Mutated | undefined {
  const directory = directories[random.below(directories.length)]!;
  const { files, reader } = directory;
  const names = [...files.keys()];
  const name = names[random.below(names.length)]!;
  const bytes = files.get(name)!;
  const isSigned = name !== 'reserves.json' && name !== 'reserves.sig.json';
  const parts = random.below(2) === 0 ? mutateParts(name, directory, random) : undefined;
  if (parts !== undefined) {
    const { changed, how } = parts;
    return areSame(changed, bytes) ? undefined : { files: resign(files, name, changed), reader, how };
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
