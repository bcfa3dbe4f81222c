import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';

import { bytesToHex } from '../../src/protocol/index.js';
import { encodePins } from '../../src/protocol/reserves/index.js';
import {
  listRequests,
  loadWork,
  rebaseWork,
  saveWork,
  type ReservesWork,
  type WorkHead,
} from '../../src/reserves/index.js';
import { projectRoot } from '../../src/system/index.js';
import { signDemoOutput, sweepDemoOutput } from './demo-bitcoin.js';
import { hashEvm, parseEvmHeader } from '../../src/verifier/reserves/making.js';
import { DEMO_KEYS } from './demo-keys.js';

/** What `capture-demo` made of the default demonstration. */
const CAPTURED = join(projectRoot(), 'conformance/demonstration-reserves');

/**
 * Makes the work of a demonstration of the captured wallets and outputs, one of which is swept with its challenge.
 * Writes what their public test keys sign for it, as CSV, and the pins of its readers: demonstration tokens and coins,
 * which are worth nothing.
 * @param without leaves out the wallet of this index.
 */
export async function makeDemoWork(
  head: WorkHead,
  paths: { readonly work: string; readonly signatures: string; readonly pins: string },
  { without }: { readonly without?: number } = {},
): Promise<void> {
  const captured = sweepDemoOutput(rebaseWork(await loadWork(CAPTURED), head));
  const left = without === undefined ? undefined : DEMO_KEYS[without]!.address;
  const work = {
    ...captured,
    entries: captured.entries.filter((entry) => entry.kind !== 'wallet' || entry.address !== left),
  };
  await saveWork(paths.work, work);
  await writeFile(paths.pins, encodePins(work.pins));
  const keys = new Map(DEMO_KEYS.map((key) => [key.address, key]));
  const rows = listRequests(work).map(
    ({ address, signer, message }) =>
      `${address},${keys.get(signer)?.sign(message) ?? signDemoOutput(message)}\n`,
  );
  await writeFile(paths.signatures, `address,signature\n${rows.join('')}`);
}

/** The block of the captured chain that has wallets; the other has outputs. */
function requireEvmBlock(blocks: ReservesWork['blocks']) {
  return blocks.find(({ chain }) => chain.startsWith('eip155:'))!;
}

/** The variable that says where the node of the captured chain is. */
export const DEMO_NODE_VARIABLE = 'SOLVENT_DEMO_NODE';
/** The program that signs with the public test keys, as built. */
const SIGNER = join(projectRoot(), 'dist/scripts/reserves/sign-demo.js');

/**
 * Writes what `solvent operate` captures the demonstration's reserves from, but for the node: the list of wallets, and the pins.
 * @returns `reserves` of `operation.yaml`, whose paths are relative to the directory.
 */
export async function writeDemoReserves(
  directory: string,
  { wallets, pins }: { readonly wallets: string; readonly pins: string },
): Promise<string> {
  const { blocks, pins: captured } = await loadWork(CAPTURED);
  const { chain } = requireEvmBlock(blocks);
  await writeFile(join(directory, pins), encodePins(captured));
  const rows = DEMO_KEYS.map(({ address }) => `${chain},${address}\n`);
  await writeFile(join(directory, wallets), `chain,address\n${rows.join('')}`);
  const sign = JSON.stringify([process.execPath, SIGNER]);
  return `{ wallets: ${wallets}, pins: ${pins}, nodes: { '${chain}': ${DEMO_NODE_VARIABLE} }, sign: ${sign} }`;
}

/**
 * Answers by JSON-RPC, on loopback, what a node of the captured chain would: the block at the instant and the one after it, and
 * proofs under the first. Of blocks before them only that they are earlier is known.
 */
export async function serveDemoChain(): Promise<{ readonly url: string; readonly stop: () => void }> {
  const { blocks, headers, nodes } = await loadWork(CAPTURED);
  const { chain, number } = requireEvmBlock(blocks);
  const { block, next } = headers.get(chain)!;
  const { stateRoot } = parseEvmHeader(block);
  const held = nodes.get(chain)!.map((node) => ({ text: `0x${bytesToHex(node)}`, hash: hashEvm(node) }));
  const root = held.find(({ hash }) => hash === stateRoot)!;
  // A node lists of a proof what it takes; whoever asks keeps what they do not have.
  const proof = [root, ...held.filter((one) => one !== root)].map(({ text }) => text);
  const describe = (header: Uint8Array, at: number) => ({
    hash: hashEvm(header),
    number: `0x${at.toString(16)}`,
    timestamp: `0x${parseEvmHeader(header).timestampSeconds.toString(16)}`,
  });
  const answers: Readonly<Record<string, (first: unknown) => unknown>> = {
    eth_getBlockByNumber: (tag) => {
      const at = tag === 'latest' ? number + 1 : Number(tag);
      if (at >= number) return describe(at === number ? block : next, at);
      return { hash: `0x${'0'.repeat(64)}`, number: tag, timestamp: '0x0' };
    },
    debug_getRawHeader: (tag) => `0x${bytesToHex(Number(tag) === number ? block : next)}`,
    eth_getProof: () => ({ accountProof: proof, storageProof: [] }),
  };
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      const { id, method, params } = body as { id: number; method: string; params: unknown[] };
      const answer = answers[method];
      const rest = answer === undefined ? { error: { code: -32601 } } : { result: answer(params[0]) };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ jsonrpc: '2.0', id, ...rest }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
