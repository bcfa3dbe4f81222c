import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';

import {
  bytesToHex,
  concatBytes,
  encodeBase64,
  encodeLogEntry,
  encodeRegistryEvidence,
  encodeUint,
  formatManifestHash,
  formatVerifierKey,
  hexToBytes,
  NOTE_SIGNATURE,
  parseInstantNs,
  parseVerifierKey,
  REGISTRY_EVIDENCE_FORMAT,
  utf8ToBytes,
  type Manifest,
} from '../../src/protocol/index.js';
import type { Pins } from '../../src/protocol/reserves/index.js';
import { encodeRlpList } from '../../src/reserves/index.js';
import type { PublicationOptions } from '../../src/verifier/index.js';
import {
  deriveRegistrySlot,
  NodeSet,
  ProvenState,
  readRegistry,
  REGISTRY_SLOTS,
  sortNodes,
} from '../../src/verifier/reserves/making.js';
import { honest, platform, sealed, type Attack, type BundleCase } from './case.js';
import { reseal } from './world.js';

/** As in `twins.ts`, which takes these in. */
type BundleTwin = { readonly name: string; readonly make: () => Attack };

const CHAIN = 'eip155:31337';
const CONTRACT = `0x${'5a'.repeat(20)}`;
const WRITER = `0x${'7b'.repeat(20)}`;
const CODE = utf8ToBytes('the code of a registry');
const TAKEN_AT = honest.manifest.takenAt;
const HASH = formatManifestHash(honest.manifest);
const MINUTE = 60n;

const hash = (bytes: Uint8Array) => `0x${bytesToHex(keccak_256(bytes))}`;

/** A registry as its chain holds it; what is not said is the honest one. */
type Held = {
  readonly contract?: string;
  readonly code?: Uint8Array;
  readonly writer?: string;
  readonly lastInstant?: string;
  readonly leastDistanceSeconds?: bigint;
  /** By instant. */
  readonly manifests?: Readonly<Record<string, string>>;
  readonly reserves?: Readonly<Record<string, string>>;
};

/** What a case changes in the file of evidence and in the reader’s pins. */
type Changes = {
  readonly evidence?: (evidence: {
    chain: string;
    contract: string;
    header: string;
    nodes: string[];
  }) => void;
  /** The instant that is proven. */
  readonly instant?: string;
  readonly pin?: Partial<NonNullable<Pins['registries']>[number]>;
};

/** Evidence of a registry with its reader’s pins; both are right unless `changes` says otherwise. */
export function proveRegistered(
  held: Held = {},
  { evidence: change, pin = {}, instant = TAKEN_AT }: Changes = {},
): PublicationOptions {
  const { contract = CONTRACT, code = CODE, writer = WRITER, lastInstant = TAKEN_AT } = held;
  const { leastDistanceSeconds = MINUTE, manifests = { [TAKEN_AT]: HASH }, reserves = {} } = held;
  const at = parseInstantNs(instant);
  const head = BigInt(writer) | (parseInstantNs(lastInstant) << 160n) | (leastDistanceSeconds << 224n);
  const slots: [string, Uint8Array][] = [[REGISTRY_SLOTS.head, encodeUint(head, 32)]];
  for (const [mapping, lines] of [
    ['manifest', manifests],
    ['reserves', reserves],
  ] as const) {
    for (const [instant, value] of Object.entries(lines)) {
      slots.push([deriveRegistrySlot(mapping, parseInstantNs(instant)), hexToBytes(value)]);
    }
  }
  const storage = makeTrie(
    slots.map(([slot, value]) => [hexToBytes(slot.slice(2)), encodeRlpBytes(stripZeros(value))]),
  );
  const account = encodeRlpList([Uint8Array.of(1), new Uint8Array(), storage.root, keccak_256(code)]);
  const state = makeTrie([[hexToBytes(contract.slice(2)), account]]);
  const header = makeHeader(state.root);
  const evidence = {
    format: REGISTRY_EVIDENCE_FORMAT,
    chain: CHAIN,
    contract: CONTRACT,
    header: `0x${bytesToHex(header)}`,
    nodes: listRead([...state.nodes, ...storage.nodes], state.root, at),
  };
  change?.(evidence);
  const pinned = {
    platform: honest.manifest.platform,
    chain: CHAIN,
    contract: CONTRACT,
    codeHash: hash(CODE),
  };
  return {
    registry: encodeRegistryEvidence(evidence),
    pins: pins({ registries: [{ ...pinned, writer: WRITER, block: hash(header), ...pin }] }),
  };
}

/** The nodes that a reader walks for an instant. */
function listRead(nodes: readonly Uint8Array[], root: Uint8Array, instantNs: bigint): string[] {
  const set = new NodeSet(sortNodes(nodes));
  readRegistry(new ProvenState(set, `0x${bytesToHex(root)}`), CONTRACT, instantNs);
  return set.listReached().map((node) => `0x${bytesToHex(node)}`);
}

function pins(change: Partial<Pins>): Pins {
  return {
    ...{ format: 'solvent/pins/v1', chains: [], tokens: [], wallets: [], delegates: [], custodians: [] },
    ...change,
  };
}

/** A header of 15 fields with a time after the snapshot. */
function makeHeader(stateRoot: Uint8Array): Uint8Array {
  const fields: Uint8Array[] = Array.from({ length: 15 }, (_, field) => new Uint8Array(field === 0 ? 32 : 0));
  fields[3] = stateRoot;
  fields[8] = Uint8Array.of(9);
  fields[11] = encodeUint(parseInstantNs(TAKEN_AT) / 1_000_000_000n + 600n, 4);
  return encodeRlpList(fields);
}

type Leaf = { readonly nibbles: readonly number[]; readonly value: Uint8Array };

/** A trie with hashed keys, whose nodes all have 32 bytes or more. */
function makeTrie(entries: readonly (readonly [Uint8Array, Uint8Array])[]): {
  readonly root: Uint8Array;
  readonly nodes: readonly Uint8Array[];
} {
  const nodes: Uint8Array[] = [];
  const keep = (items: readonly Uint8Array[]) => {
    const node = encodeRlpList(items);
    nodes.push(node);
    return keccak_256(node);
  };
  const build = (leaves: readonly Leaf[], depth: number): Uint8Array => {
    const [first] = leaves as readonly [Leaf];
    if (leaves.length === 1) return keep([packPath(first.nibbles.slice(depth), true), first.value]);
    let end = depth;
    while (leaves.every(({ nibbles }) => nibbles[end] === first.nibbles[end])) end += 1;
    if (end > depth) return keep([packPath(first.nibbles.slice(depth, end), false), build(leaves, end)]);
    const children = Array.from({ length: 16 }, (_, nibble) => {
      const below = leaves.filter(({ nibbles }) => nibbles[depth] === nibble);
      return below.length === 0 ? new Uint8Array() : build(below, depth + 1);
    });
    return keep([...children, new Uint8Array()]);
  };
  const leaves = entries.map(([key, value]) => ({
    nibbles: Array.from(bytesToHex(keccak_256(key)), (digit) => parseInt(digit, 16)),
    value,
  }));
  return { root: build(leaves, 0), nodes };
}

function packPath(nibbles: readonly number[], isLeaf: boolean): Uint8Array {
  const flag = (isLeaf ? 2 : 0) + (nibbles.length % 2);
  const all = nibbles.length % 2 === 1 ? [flag, ...nibbles] : [flag, 0, ...nibbles];
  return hexToBytes(all.map((nibble) => nibble.toString(16)).join(''));
}

/** Bytes as an item alone: what a list of it holds behind its head. */
function encodeRlpBytes(bytes: Uint8Array): Uint8Array {
  const list = encodeRlpList([bytes]);
  return list.subarray(list[0]! <= 0xf7 ? 1 : 2);
}

function stripZeros(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(bytes.findIndex((byte) => byte !== 0));
}

const ORIGIN = 'log.example/2026';

/** A key of a log or of a witness. */
function makeNoteKey(name: string, type: 1 | 4) {
  const secret = sha256(utf8ToBytes(`solvent adversary note key ${name}`));
  const key = formatVerifierKey(name, type, ed25519.getPublicKey(secret));
  return { name, key, id: parseVerifierKey(key).keyId, secret };
}
type NoteKey = ReturnType<typeof makeNoteKey>;

const LOG = makeNoteKey(ORIGIN, NOTE_SIGNATURE.text);
const WITNESSES = ['one', 'two', 'three'].map((name) =>
  makeNoteKey(`witness.example/${name}`, NOTE_SIGNATURE.cosignature),
);
const STRANGER = makeNoteKey('witness.example/stranger', NOTE_SIGNATURE.cosignature);

const signLine = ({ name, id }: NoteKey, signature: Uint8Array) =>
  `— ${name} ${encodeBase64(concatBytes(hexToBytes(id), signature))}\n`;
const signText = (key: NoteKey, text: string) => signLine(key, ed25519.sign(utf8ToBytes(text), key.secret));
const cosign = (key: NoteKey, text: string, time = 1_782_777_700) => {
  const message = utf8ToBytes(`cosignature/v1\ntime ${time}\n${text}`);
  return signLine(key, concatBytes(encodeUint(time, 8), ed25519.sign(message, key.secret)));
};

/** What a case changes of a log’s proof. */
type LogChanges = {
  readonly entry?: Uint8Array;
  readonly index?: number;
  readonly signatures?: (text: string) => string;
  readonly text?: (proof: string) => string;
  readonly logs?: Pins['logs'];
};

/** The proof of an entry, third of a log of seven, with the pins of its reader: two of three witnesses. */
export function proveLogged(change: LogChanges = {}): PublicationOptions {
  const own = encodeLogEntry(honest.manifest, {
    signingKey: platform.trust.signingKey,
    manifestHash: HASH,
  });
  const entries: Uint8Array[] = Array.from({ length: 7 }, (_, index) => utf8ToBytes(`entry ${index}`));
  entries[2] = change.entry ?? own;
  const leaves = entries.map((entry) => sha256(concatBytes(Uint8Array.of(0), entry)));
  const pair = (left: Uint8Array, right: Uint8Array) => sha256(concatBytes(Uint8Array.of(1), left, right));
  const [a, b, d] = [
    pair(leaves[0]!, leaves[1]!),
    pair(leaves[2]!, leaves[3]!),
    pair(leaves[4]!, leaves[5]!),
  ];
  const right = pair(d, leaves[6]!);
  const root = pair(pair(a, b), right);
  const path = [leaves[3]!, a, right].map((node) => `${encodeBase64(node)}\n`).join('');
  const text = `${ORIGIN}\n7\n${encodeBase64(root)}\n`;
  const witnessed = (body: string) => cosign(WITNESSES[0]!, body) + cosign(WITNESSES[2]!, body);
  const signatures = signText(LOG, text) + (change.signatures ?? witnessed)(text);
  const proof = `c2sp.org/tlog-proof@v1\nindex ${change.index ?? 2}\n${path}\n${text}\n${signatures}`;
  const pinned = {
    origin: ORIGIN,
    key: LOG.key,
    witnesses: WITNESSES.map(({ key }) => key).sort(),
    threshold: 2,
  };
  return {
    log: utf8ToBytes(change.text?.(proof) ?? proof),
    pins: pins({ logs: change.logs ?? [pinned] }),
  };
}

const twin = (name: string, make: () => PublicationOptions): BundleTwin => ({
  name,
  make: () => ({ options: { publication: make() } }),
});
const attack = (name: string, code: BundleCase['code'], make: () => PublicationOptions): BundleCase => ({
  name,
  code,
  attack: (): Attack => ({ options: { publication: make() } }),
});

/** A millisecond after the honest instant. */
const AFTER = '2026-06-30T00:00:00.001Z';
const LATER = '2026-07-30T00:00:00Z';

/** What looks like the attacks below and is none. */
export const PUBLICATION_TWINS: readonly BundleTwin[] = [
  twin('in a registry', () => proveRegistered()),
  twin('in a registry that holds reserves, and a later snapshot', () =>
    proveRegistered({
      lastInstant: LATER,
      manifests: { [TAKEN_AT]: HASH, [LATER]: 'ef'.repeat(32) },
      reserves: { [TAKEN_AT]: 'ab'.repeat(32) },
    }),
  ),
  twin('in a log, seen by two of three witnesses', () => proveLogged()),
  twin('in a log, under a cosignature of a stranger besides', () =>
    proveLogged({
      signatures: (text) =>
        cosign(STRANGER, text) + cosign(WITNESSES[1]!, text) + cosign(WITNESSES[0]!, text),
    }),
  ),
  twin('in a log, with extra words that nobody signed', () =>
    proveLogged({ text: (proof) => proof.replace('\nindex', '\nextra aGVsbG8=\nindex') }),
  ),
  twin('in both, where that is required', () => {
    const [registry, log] = [proveRegistered(), proveLogged()];
    return { ...registry, ...log, pins: { ...registry.pins!, logs: log.pins!.logs }, isRequired: true };
  }),
];

const REGISTRY_CASES: readonly BundleCase[] = [
  attack('registry: it holds another manifest for the instant', 'registered-manifest-differs', () =>
    proveRegistered({ manifests: { [TAKEN_AT]: 'ef'.repeat(32) } }),
  ),
  attack('registry: it holds none for the instant', 'manifest-not-registered', () =>
    proveRegistered({ lastInstant: LATER, manifests: { [LATER]: HASH } }),
  ),
  {
    name: 'registry: another book, a millisecond after the registered one',
    code: 'manifest-not-registered',
    attack: (published) => {
      published.manifest.takenAt = AFTER;
      for (const asset of published.manifest.assets)
        Object.assign(asset, { pricedAt: null, maxPriceAgeMs: null });
      reseal(platform, published);
      return { options: { publication: proveRegistered({}, { instant: AFTER }) } };
    },
  },
  attack('registry: instants may be a second apart', 'registry-distance', () =>
    proveRegistered({ leastDistanceSeconds: 1n }),
  ),
  attack('registry: another writer than the pinned one', 'registry-contract-differs', () =>
    proveRegistered({ writer: `0x${'66'.repeat(20)}` }),
  ),
  attack('registry: other code at the address', 'registry-contract-differs', () =>
    proveRegistered({ code: utf8ToBytes('code that writes twice') }),
  ),
  attack('registry: a contract of the platform’s own beside it', 'registry-contract-differs', () =>
    proveRegistered({}, { evidence: (evidence) => (evidence.contract = WRITER) }),
  ),
  attack('registry: no contract at the pinned address', 'registry-contract-differs', () =>
    proveRegistered({ contract: WRITER }),
  ),
  attack('registry: the state of another chain', 'registry-contract-differs', () =>
    proveRegistered({}, { evidence: (evidence) => (evidence.chain = 'eip155:1') }),
  ),
  attack('registry: a block that the chain gave up', 'registry-block-differs', () =>
    proveRegistered({}, { pin: { block: `0x${'12'.repeat(32)}` } }),
  ),
  attack('registry: a header with one bit of the state root changed', 'registry-block-differs', () =>
    proveRegistered({}, { evidence: (evidence) => (evidence.header = flip(evidence.header, 80)) }),
  ),
  attack('registry: a node changed', 'registry-proof-invalid', () =>
    proveRegistered({}, { evidence: ({ nodes }) => (nodes[0] = flip(nodes[0]!, 20)) }),
  ),
  attack('registry: a node left out', 'registry-proof-invalid', () =>
    proveRegistered({}, { evidence: ({ nodes }) => nodes.pop() }),
  ),
  attack('registry: a node too many', 'registry-proof-invalid', () =>
    proveRegistered(
      {},
      {
        evidence: (evidence) => {
          const nodes = [...evidence.nodes, '0xc0'].map((node) => hexToBytes(node.slice(2)));
          evidence.nodes = sortNodes(nodes).map((node) => `0x${bytesToHex(node)}`);
        },
      },
    ),
  ),
  attack('registry: a node twice', 'registry-proof-invalid', () =>
    proveRegistered({}, { evidence: ({ nodes }) => nodes.push(nodes.at(-1)!) }),
  ),
  attack('registry: a header that is none', 'registry-proof-invalid', () =>
    proveRegistered({}, { evidence: (evidence) => (evidence.header = '0xc0') }),
  ),
  attack('registry: evidence with a field more', 'schema-violated', () => ({
    ...proveRegistered(),
    registry: utf8ToBytes(
      `${new TextDecoder().decode(proveRegistered().registry).slice(0, -2)},"platform":"Example Exchange"}\n`,
    ),
  })),
  attack('registry: evidence, and pins of another platform', 'registry-not-pinned', () =>
    proveRegistered({}, { pin: { platform: 'Another Exchange' } }),
  ),
  attack('registry: evidence, and pins without a block', 'registry-not-pinned', () =>
    proveRegistered({}, { pin: { block: null } }),
  ),
  attack('registry: evidence, and no pins', 'registry-not-pinned', () => ({
    registry: proveRegistered().registry,
  })),
];

const LOG_CASES: readonly BundleCase[] = [
  attack('log: the entry of another manifest of the instant', 'log-proof-invalid', () =>
    proveLogged({
      entry: encodeLogEntry(honest.manifest, {
        signingKey: platform.trust.signingKey,
        manifestHash: 'ef'.repeat(32),
      }),
    }),
  ),
  attack('log: the entry of another signing key', 'log-proof-invalid', () =>
    proveLogged({
      entry: encodeLogEntry(honest.manifest, { signingKey: 'ef'.repeat(32), manifestHash: HASH }),
    }),
  ),
  attack('log: another index', 'log-proof-invalid', () => proveLogged({ index: 3 })),
  attack('log: an index behind its end', 'log-proof-invalid', () => proveLogged({ index: 9 })),
  attack('log: a hash of the path left out', 'log-proof-invalid', () =>
    proveLogged({ text: (proof) => proof.replace(/(index 2\n)[^\n]+\n/, '$1') }),
  ),
  attack('log: a hash too many', 'log-proof-invalid', () =>
    proveLogged({ text: (proof) => proof.replace(/(index 2\n)([^\n]+\n)/, '$1$2$2') }),
  ),
  attack('log: a larger tree of the same root', 'log-proof-invalid', () =>
    proveLogged({ text: (proof) => proof.replace('\n7\n', '\n8\n') }),
  ),
  attack('log: no signature of the log', 'log-proof-invalid', () =>
    proveLogged({ text: (proof) => proof.replace(/— log\.example[^\n]+\n/u, '') }),
  ),
  attack('log: a time that the witness did not sign', 'log-proof-invalid', () =>
    proveLogged({
      signatures: (text) => cosign(WITNESSES[0]!, text) + backdate(WITNESSES[2]!, text),
    }),
  ),
  attack('log: a witness that signed as the log does', 'log-proof-invalid', () =>
    proveLogged({ signatures: (text) => cosign(WITNESSES[0]!, text) + signText(WITNESSES[2]!, text) }),
  ),
  attack('log: one witness twice, where two are asked for', 'log-witnesses-missing', () =>
    proveLogged({ signatures: (text) => cosign(WITNESSES[0]!, text).repeat(2) }),
  ),
  attack('log: strangers in place of witnesses', 'log-witnesses-missing', () =>
    proveLogged({ signatures: (text) => cosign(WITNESSES[0]!, text) + cosign(STRANGER, text) }),
  ),
  attack('log: no pins', 'log-not-pinned', () => ({ log: proveLogged().log })),
  attack('log: another log of the platform’s own', 'log-not-pinned', () =>
    proveLogged({ text: (proof) => proof.replaceAll(`\n${ORIGIN}\n`, '\nlog.example/own\n') }),
  ),
  attack('log: base64 in another form', 'log-proof-invalid', () =>
    proveLogged({ text: (proof) => proof.replace(/=\n/, '\n') }),
  ),
  attack('log: no text', 'log-proof-invalid', () => ({ ...proveLogged(), log: Uint8Array.of(0xff, 0x0a) })),
  attack('published: nothing to compare with, where it is required', 'not-published', () => ({
    isRequired: true,
  })),
  sealed('instant: of the year 2999', 'instant-in-future', (manifest: Manifest) => {
    manifest.takenAt = '2999-01-01T00:00:00Z';
    for (const asset of manifest.assets) Object.assign(asset, { pricedAt: null, maxPriceAgeMs: null });
  }),
];

export const PUBLICATION_CASES: readonly BundleCase[] = [...REGISTRY_CASES, ...LOG_CASES];

/** Changes one bit of a byte. */
function flip(hex: string, position: number): string {
  const bytes = hexToBytes(hex.slice(2));
  bytes[position]! ^= 1;
  return `0x${bytesToHex(bytes)}`;
}

/** A cosignature of one time that says another. */
function backdate(key: NoteKey, text: string): string {
  const message = utf8ToBytes(`cosignature/v1\ntime 1782777700\n${text}`);
  return signLine(key, concatBytes(encodeUint(1_700_000_000, 8), ed25519.sign(message, key.secret)));
}
