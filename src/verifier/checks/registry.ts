import {
  hexToBytes,
  formatInstantNs,
  parseInstantNs,
  parseRegistryEvidence,
  SolventError,
  within,
  type Manifest,
  type RegistryEvidence,
} from '../../protocol/index.js';
import { makePrintable } from '../../presentation/index.js';
import type { Pins, RegistryPin } from '../../protocol/reserves/index.js';
import type { Passed, Registered } from '../checklist.js';
import type { FailureCode } from '../codes.js';
import { miss, refuse } from '../failure.js';
import { parseEvmHeader } from '../reserves/evm/header.js';
import { ProvenState } from '../reserves/evm/state.js';
import { NodeSet } from '../reserves/evm/trie.js';
import { deriveRegistrySlot, REGISTRY_SLOTS } from '../reserves/evm/registry.js';

/** What a registry holds of one instant, and its writer's last, as of a block. */
export type RegistryState = {
  readonly codeHash: string;
  readonly writer: string;
  /** Nanoseconds since 1970 UTC; 0 before the first. */
  readonly lastInstantNs: bigint;
  readonly leastDistanceSeconds: bigint;
  /** 64 hexadecimal digits each; null where nothing is held. */
  readonly manifestHash: string | null;
  readonly reservesHash: string | null;
  readonly nextKey: string | null;
};

const NS_PER_SECOND = 1_000_000_000n;
const MS_PER_SECOND = 1000;
const MAX_INSTANT_NS = (1n << 64n) - 1n;
const [WRITER_BITS, INSTANT_BITS] = [160n, 64n];

/** 2: the pinned registry holds this manifest for its instant, by the state of a pinned block. */
export function checkRegistry(
  { manifest, manifestHash }: { readonly manifest: Manifest; readonly manifestHash: string },
  { evidence: bytes, pins }: { readonly evidence: Uint8Array; readonly pins: Pins | undefined },
): Passed<Registered> {
  const evidence = within('registry.json', () => parseRegistryEvidence(bytes));
  const pin = pins?.registries?.find(({ platform }) => platform === manifest.platform);
  if (pin === undefined || pin.block === null) {
    const what = pin === undefined ? 'a registry of the platform' : 'a block of the registry';
    throw miss('registry-not-pinned', `expected ${what} in your pins, got none`);
  }
  assertContract('chain', pin.chain, evidence.chain);
  assertContract('contract', pin.contract, evidence.contract);
  const { header, state } = openState(evidence, pin.block);
  const takenAtNs = parseInstantNs(manifest.takenAt);
  if (takenAtNs < 1n || takenAtNs > MAX_INSTANT_NS) {
    throw refuse('manifest-not-registered', 'expected an instant that a registry can hold, got another');
  }
  const held = inProof(() => readRegistry(state.proven, evidence.contract, takenAtNs));
  inProof(() => {
    state.nodes.assertAllReached();
  });
  assertContract('code', pin.codeHash, held.codeHash);
  assertContract('writer', pin.writer, held.writer);
  assertHeld(held, { manifest, manifestHash, block: pin.block });
  const registered: Registered = {
    lastInstant: formatInstantNs(held.lastInstantNs),
    asOf: formatInstantNs(header.timestampSeconds * NS_PER_SECOND),
    reservesHash: held.reservesHash,
    nextKey: held.nextKey,
  };
  return { value: registered, compared: describeRegistered(pin, registered, manifest) };
}

/**
 * Reads what a registry holds of an instant.
 * @throws SolventError `node-missing` and the like, of class `verification`.
 */
export function readRegistry(state: ProvenState, contract: string, instantNs: bigint): RegistryState {
  const head = state.readSlot(contract, REGISTRY_SLOTS.head);
  const read = (mapping: 'manifest' | 'reserves' | 'nextKey') => {
    const value = state.readSlot(contract, deriveRegistrySlot(mapping, instantNs));
    return value === 0n ? null : value.toString(16).padStart(64, '0');
  };
  const [manifestHash, reservesHash, nextKey] = [read('manifest'), read('reserves'), read('nextKey')];
  return {
    codeHash: state.readCodeHash(contract),
    writer: `0x${(head & ((1n << WRITER_BITS) - 1n)).toString(16).padStart(40, '0')}`,
    lastInstantNs: (head >> WRITER_BITS) & MAX_INSTANT_NS,
    leastDistanceSeconds: head >> (WRITER_BITS + INSTANT_BITS),
    ...{ manifestHash, reservesHash, nextKey },
  };
}

function openState({ header: text, nodes }: RegistryEvidence, block: string) {
  const header = inProof(() => parseEvmHeader(hexToBytes(text.slice(2))));
  if (header.hash !== block) {
    throw refuse(
      'registry-block-differs',
      `expected the header of the pinned block ${block}, got ${header.hash}`,
    );
  }
  const set = inProof(() => new NodeSet(nodes.map((node) => hexToBytes(node.slice(2)))));
  return { header, state: { nodes: set, proven: new ProvenState(set, header.stateRoot) } };
}

function assertContract(what: string, pinned: string, found: string): void {
  if (pinned === found) return;
  throw refuse('registry-contract-differs', `expected the pinned ${what} ${pinned}, got ${found}`);
}

function assertHeld(
  held: RegistryState,
  {
    manifest,
    manifestHash,
    block,
  }: { readonly manifest: Manifest; readonly manifestHash: string; readonly block: string },
): void {
  const leastMs = Number(held.leastDistanceSeconds) * MS_PER_SECOND;
  if (leastMs < manifest.leastDistanceMs) {
    throw refuse(
      'registry-distance',
      `expected instants at least ${manifest.leastDistanceMs} ms apart in the registry, got ${leastMs} ms`,
    );
  }
  if (held.manifestHash === null) {
    throw refuse(
      'manifest-not-registered',
      `expected a manifest of ${manifest.takenAt} at ${block}, got none`,
    );
  }
  if (held.manifestHash !== manifestHash) {
    throw refuse(
      'registered-manifest-differs',
      `expected the manifest ${held.manifestHash} that is registered for ${manifest.takenAt}, got ${manifestHash}`,
    );
  }
}

function describeRegistered(
  { chain, contract, writer, block }: RegistryPin,
  { lastInstant, asOf, reservesHash, nextKey }: Registered,
  { takenAt }: Manifest,
): string {
  const parts = [
    `the manifest of ${takenAt} in ${contract} on ${chain}, by ${writer}, at block ${block!} of ${asOf}`,
    `its last instant is ${lastInstant === takenAt ? 'this one' : lastInstant}`,
    reservesHash === null ? 'no reserves are registered for it' : `reserves ${reservesHash}`,
    ...(nextKey === null ? [] : [`the signing key after it is ${nextKey}`]),
  ];
  return makePrintable(parts.join('; '));
}

/** What the rooms of headers and states refuse is a fault of the proof. */
function inProof<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SolventError) || (error as SolventError).errorClass === 'invariant') throw error;
    const code: FailureCode = 'registry-proof-invalid';
    throw refuse(code, (error as SolventError).message, error);
  }
}
