import {
  bytesToHex,
  encodeUint,
  hexToBytes,
  parseInstantNs,
  REGISTRY_EVIDENCE_FORMAT,
  type Manifest,
  type RegistryEvidence,
  type Rotation,
} from '../protocol/index.js';
import { loadHeader, type RpcNode } from '../reserves/index.js';
import {
  deriveRegistrySlot,
  hashEvm,
  NodeSet,
  parseEvmHeader,
  ProvenState,
  readRegistry,
  REGISTRY_SLOTS,
  sortNodes,
} from '../verifier/reserves/making.js';
import { REGISTRY_BYTECODE, REGISTRY_CODE_HASH, REGISTRY_SELECTORS } from './bytecode.js';
import { refuseRegistry } from './errors.js';
import { askNumber, sendTransaction, type Sent, type Writer } from './writer.js';

/** A registry on its chain, by a node. */
export type Registry = { readonly node: RpcNode; readonly chain: string; readonly contract: string };

/** A line that a registry holds, and the transaction that wrote it; null where it was there already. */
export type Written = { readonly line: 'manifest' | 'reserves' | 'rotation'; readonly sent: Sent | null };

const WORD_BYTES = 32;
const PREFIX = 'eip155:';

/**
 * Makes a registry, whose writer is who signs.
 * @param leastDistanceSeconds of two instants, from 1 to 2^32 - 1.
 * @throws SolventError `chain-differs`, and as `sendTransaction`.
 */
export async function deployRegistry(
  { node, chain }: Omit<Registry, 'contract'>,
  writer: Writer,
  leastDistanceSeconds: number,
): Promise<{ readonly contract: string; readonly codeHash: string; readonly sent: Sent }> {
  await assertChain(node, chain);
  const distance = bytesToHex(encodeUint(leastDistanceSeconds, WORD_BYTES));
  const sent = await sendTransaction(node, writer, { to: null, data: `${REGISTRY_BYTECODE}${distance}` });
  const contract = sent.contract ?? '';
  await assertCode({ node, chain, contract });
  return { contract, codeHash: REGISTRY_CODE_HASH, sent };
}

/**
 * Writes the hash of a manifest, unless it is there.
 * @throws SolventError with a `RegistryCode`, and as `RpcNode.call`.
 */
export async function publishManifest(
  registry: Registry,
  writer: Writer,
  { takenAt, manifestHash }: Pick<Manifest, 'takenAt'> & { readonly manifestHash: string },
): Promise<Written> {
  const instantNs = parseInstantNs(takenAt);
  const { lastInstantNs, leastDistanceNs } = await openHead(registry, writer);
  const held = await readMapping(registry, 'manifest', instantNs);
  if (isThere(held, manifestHash, `a manifest for ${takenAt}`)) return { line: 'manifest', sent: null };
  if (instantNs < lastInstantNs + leastDistanceNs) {
    throw refuseRegistry('registry-too-close', {
      expected: `an instant ${(leastDistanceNs / 1_000_000_000n).toString()} s after the registry’s last`,
      found: takenAt,
    });
  }
  return {
    line: 'manifest',
    sent: await call(registry, writer, 'publishManifest', [instantNs, manifestHash]),
  };
}

/** Writes the hash of the reserves of a registered instant, unless it is there. @throws as `publishManifest`. */
export async function publishReservesHash(
  registry: Registry,
  writer: Writer,
  { takenAt, reservesHash }: Pick<Manifest, 'takenAt'> & { readonly reservesHash: string },
): Promise<Written> {
  const instantNs = parseInstantNs(takenAt);
  await openHead(registry, writer);
  if ((await readMapping(registry, 'manifest', instantNs)) === null) throw unregistered(takenAt);
  const held = await readMapping(registry, 'reserves', instantNs);
  if (isThere(held, reservesHash, `reserves for ${takenAt}`)) return { line: 'reserves', sent: null };
  return {
    line: 'reserves',
    sent: await call(registry, writer, 'publishReserves', [instantNs, reservesHash]),
  };
}

/**
 * Writes the key of a rotation that follows the registry's last manifest, unless it is there.
 * @throws as `publishManifest`.
 */
export async function publishRotation(
  registry: Registry,
  writer: Writer,
  { newKey, lastManifestHash }: Rotation,
): Promise<Written> {
  const { lastInstantNs } = await openHead(registry, writer);
  const last = lastInstantNs === 0n ? null : await readMapping(registry, 'manifest', lastInstantNs);
  if (last !== lastManifestHash) throw unregistered('the manifest that the rotation follows, as its last');
  const held = await readMapping(registry, 'nextKey', lastInstantNs);
  if (isThere(held, newKey, 'a rotation after its last instant')) return { line: 'rotation', sent: null };
  return { line: 'rotation', sent: await call(registry, writer, 'rotateKey', [newKey]) };
}

/**
 * Makes the evidence of what a registry holds of an instant, with no node too many.
 * @param at a block, or `finalized`: evidence at a block that the chain gives up is for nothing.
 * @throws SolventError `proof-of-other-state`, as `loadHeader`, and the codes of the verifier.
 */
export async function proveRegistered(
  { node, chain, contract }: Registry,
  { takenAt }: Pick<Manifest, 'takenAt'>,
  at: number | 'latest' | 'finalized',
): Promise<{ readonly evidence: RegistryEvidence; readonly number: number; readonly hash: string }> {
  await assertChain(node, chain);
  const instantNs = parseInstantNs(takenAt);
  const { number, hash, header } = await loadHeader(node, at);
  const { stateRoot } = parseEvmHeader(header);
  const mappings = (['manifest', 'reserves', 'nextKey'] as const).map((mapping) =>
    deriveRegistrySlot(mapping, instantNs),
  );
  const tag = `0x${number.toString(16)}`;
  const answer = await node.call('eth_getProof', [contract, [REGISTRY_SLOTS.head, ...mappings], tag]);
  const set = new NodeSet(sortNodes(listNodes(answer)));
  readRegistry(new ProvenState(set, stateRoot), contract, instantNs);
  const nodes = set.listReached().map((bytes) => `0x${bytesToHex(bytes)}`);
  const evidence = {
    ...{ format: REGISTRY_EVIDENCE_FORMAT, chain, contract },
    ...{ header: `0x${bytesToHex(header)}`, nodes },
  } as const;
  return { evidence, number, hash };
}

/** The last instant and the least distance of a registry that this writer may write into. */
async function openHead(registry: Registry, writer: Writer) {
  await assertChain(registry.node, registry.chain);
  await assertCode(registry);
  const head = await readWord(registry, REGISTRY_SLOTS.head);
  const owner = `0x${(head & ((1n << 160n) - 1n)).toString(16).padStart(40, '0')}`;
  if (owner !== writer.address) {
    throw refuseRegistry('registry-writer-differs', {
      expected: `the writer ${owner}`,
      found: writer.address,
    });
  }
  return {
    lastInstantNs: (head >> 160n) & ((1n << 64n) - 1n),
    leastDistanceNs: (head >> 224n) * 1_000_000_000n,
  };
}

async function assertChain(node: RpcNode, chain: string): Promise<void> {
  const found = `${PREFIX}${(await askNumber(node, 'eth_chainId', [])).toString()}`;
  if (found !== chain) throw refuseRegistry('chain-differs', { expected: `a node of ${chain}`, found });
}

async function assertCode({ node, contract }: Registry): Promise<void> {
  const code = await node.call('eth_getCode', [contract, 'latest']);
  const found = hashEvm(hexToBytes(String(code).slice(2)));
  if (found === REGISTRY_CODE_HASH) return;
  throw refuseRegistry('registry-code-differs', {
    expected: `the code ${REGISTRY_CODE_HASH} at ${contract}`,
    found,
  });
}

async function readWord({ node, contract }: Registry, slot: string): Promise<bigint> {
  return BigInt(String(await node.call('eth_getStorageAt', [contract, slot, 'latest'])));
}

async function readMapping(
  registry: Registry,
  mapping: 'manifest' | 'reserves' | 'nextKey',
  instantNs: bigint,
): Promise<string | null> {
  const word = await readWord(registry, deriveRegistrySlot(mapping, instantNs));
  return word === 0n ? null : word.toString(16).padStart(64, '0');
}

/** Whether a registry holds a hash already. @throws SolventError `registered-already` where it holds another. */
function isThere(held: string | null, hash: string, what: string): boolean {
  if (held === null || held === hash) return held !== null;
  throw refuseRegistry('registered-already', { expected: `${what} of ${hash}`, found: held });
}

function unregistered(what: string) {
  return refuseRegistry('manifest-unregistered', { expected: `${what} in the registry`, found: 'none' });
}

function call(
  { node, contract }: Registry,
  writer: Writer,
  name: keyof typeof REGISTRY_SELECTORS,
  values: readonly (bigint | string)[],
): Promise<Sent> {
  const words = values.map((value) =>
    typeof value === 'string' ? value : bytesToHex(encodeUint(value, WORD_BYTES)),
  );
  return sendTransaction(node, writer, {
    to: contract,
    data: `0x${REGISTRY_SELECTORS[name]}${words.join('')}`,
  });
}

function listNodes(answer: unknown): Uint8Array[] {
  const { accountProof, storageProof } = (answer ?? {}) as {
    accountProof?: unknown;
    storageProof?: unknown;
  };
  const proofs = Array.isArray(storageProof)
    ? storageProof.map((entry) => (entry as { proof?: unknown } | null)?.proof)
    : [undefined];
  return [accountProof, ...proofs].flatMap((nodes) => {
    if (!Array.isArray(nodes) || !nodes.every(isHex)) {
      throw refuseRegistry('proof-of-other-state', {
        expected: 'a proof of the state',
        found: 'another answer',
      });
    }
    return nodes.map((text) => hexToBytes(text.slice(2)));
  });
}

function isHex(text: unknown): text is string {
  return typeof text === 'string' && /^0x(?:[0-9a-f]{2})*$/.test(text);
}
