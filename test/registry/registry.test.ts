import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { batches, honest, platform } from '../../conformance/adversary/case.js';
import { publish, toSource, type Published } from '../../conformance/adversary/world.js';
import { ANVIL, startAnvil, type LocalChain } from '../../scripts/reserves/local-chain.js';
import { buildProgram } from '../../src/cli/program.js';
import { rotateIdentity } from '../../src/identity/index.js';
import { encodeRotation, formatManifestHash, parseInstantNs } from '../../src/protocol/index.js';
import type { Pins } from '../../src/protocol/reserves/index.js';
import { REGISTRY_CODE_HASH } from '../../src/registry/index.js';
import { createPairing, verifyBundle, type Report } from '../../src/verifier/index.js';
import { runCommand } from '../../src/verifier/command/program.js';
import { writeBundle } from '../verifier/bundle-files.js';
import { makeSigningKey } from '../verifier/manifests.js';

const CHAIN = 'eip155:31337';
/** A public key of every local chain, with ether from its first block. */
const KEY = '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d';
const WRITER = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8';
/** A contract is written at most so dearly. */
const MAX_GAS = 60_000;

const pairing = await createPairing();
let directory = '';
let chain: LocalChain;
let contract = '';
const at = (...names: string[]) => join(directory, ...names);

/** Other books of the same platform, signed and proven as the honest ones. */
const publishAt = (takenAt: string, scope = 'spot and margin accounts') =>
  publish(platform, batches, {
    manifest: (manifest) => {
      manifest.takenAt = takenAt;
      manifest.scope.included = scope;
      for (const asset of manifest.assets) Object.assign(asset, { pricedAt: null, maxPriceAgeMs: null });
    },
  });
const second = publishAt(honest.manifest.takenAt, 'all accounts but those that complain');
const later = publishAt('2026-07-30T00:00:00Z');
const close = publishAt('2026-06-30T00:00:00.001Z');

async function run(...args: string[]): Promise<Record<string, unknown>> {
  let out = '';
  const words = ['registry', ...args, '--rpc', `${CHAIN}=${chain.url}`, '--json'];
  const program = await buildProgram({ write: (text) => (out += text), end: () => undefined }, words);
  await program.parseAsync(words, { from: 'user' });
  return JSON.parse(out) as Record<string, unknown>;
}
const write = (bundle: string, ...args: string[]) =>
  run('publish', at(bundle), '--contract', contract, ...args) as Promise<{
    written: { line: string; sent: { gasUsed: number } | null }[];
  }>;
const prove = (bundle: string, out: string, ...args: string[]) =>
  run(
    'prove',
    at(bundle),
    '--contract',
    contract,
    '--out',
    at(out),
    '--block',
    'latest',
    ...args,
  ) as Promise<{
    block: string;
  }>;
const codeOf = async (ended: Promise<unknown>) =>
  ended.then(
    () => undefined,
    (error: unknown) => (error as { code?: string }).code,
  );

const pinsOf = (block: string): Pins => ({
  ...{ format: 'solvent/pins/v1', chains: [], tokens: [], wallets: [], delegates: [], custodians: [] },
  registries: [
    {
      platform: honest.manifest.platform,
      ...{ chain: CHAIN, contract, codeHash: REGISTRY_CODE_HASH, writer: WRITER, block },
    },
  ],
});

/** The verdict of a reader without a network, who pins a block. */
async function read(published: Published, out: string, block: string): Promise<Report> {
  return verifyBundle(toSource(published), platform.trust, {
    pairing,
    allowDevelopmentKeys: true,
    publication: { registry: await readFile(at(out)), pins: pinsOf(block), isRequired: true },
  });
}

const word = (value: bigint | string) =>
  (typeof value === 'string' ? value : value.toString(16)).padStart(64, '0');
/** Writes with no command of ours in between. */
const callAs = (from: string, data: string) =>
  chain.node.call('eth_estimateGas', [{ from, to: contract, data }]);

describe.skipIf(ANVIL === undefined)('a registry on a local Ethereum node (anvil)', () => {
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'solvent-registry-'));
    chain = await startAnvil();
    process.env.SOLVENT_REGISTRY_KEY = KEY;
    await writeBundle(at('bundle'), honest);
    await writeBundle(at('second'), second);
    await writeBundle(at('later'), later);
    await writeBundle(at('close'), close);
    ({ contract } = (await run('deploy', '--least-distance', '1d')) as { contract: string });
  });
  afterAll(async () => {
    delete process.env.SOLVENT_REGISTRY_KEY;
    chain.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('holds a manifest once, for at most 60,000 gas, and finds its work done', async () => {
    const { written } = await write('bundle');
    expect(written).toMatchObject([{ line: 'manifest' }]);
    expect(written[0]!.sent!.gasUsed).toBeLessThanOrEqual(MAX_GAS);
    expect((await write('bundle')).written).toEqual([{ line: 'manifest', sent: null }]);
  });

  it('shows a reader without a network that others were shown the same, and that it is the newest', async () => {
    const { block } = await prove('bundle', 'registry.json');
    const report = await read(honest, 'registry.json', block);
    expect(report).toMatchObject({ valid: true, code: 'valid', comparedBy: ['registry'] });
    expect(report.registered).toMatchObject({ lastInstant: honest.manifest.takenAt, reservesHash: null });
    const check = report.checks.find(({ title }) => title.startsWith('The manifest was compared'));
    expect(check).toMatchObject({ result: 'passed' });
    expect(report.notShown.join()).not.toContain('compared');
    await writeFile(at('pins.json'), `${JSON.stringify(pinsOf(block))}\n`);
  });

  it('refuses a second manifest for the instant, by command and by contract, and so does a reader', async () => {
    expect(await codeOf(write('second'))).toBe('registered-already');
    const data = `0x23d8e13b${word(parseInstantNs(second.manifest.takenAt))}${formatManifestHash(second.manifest)}`;
    expect(await codeOf(callAs(WRITER, data))).toBe('rpc-failed');
    const { block } = await prove('bundle', 'registry.json');
    const report = await read(second, 'registry.json', block);
    expect(report).toMatchObject({ valid: false, code: 'registered-manifest-differs', comparedBy: [] });
  });

  it('refuses an instant a millisecond after the last, one of its future, and every other writer', async () => {
    expect(await codeOf(write('close'))).toBe('registry-too-close');
    const publishing = (instantNs: bigint) => `0x23d8e13b${word(instantNs)}${'11'.repeat(32)}`;
    const closeNs = parseInstantNs(close.manifest.takenAt);
    expect(await codeOf(callAs(WRITER, publishing(closeNs)))).toBe('rpc-failed');
    expect(await codeOf(callAs(WRITER, publishing(parseInstantNs('2126-01-01T00:00:00Z'))))).toBe(
      'rpc-failed',
    );
    const laterNs = parseInstantNs(later.manifest.takenAt);
    expect(await codeOf(callAs(chain.sender, publishing(laterNs)))).toBe('rpc-failed');
    expect(await codeOf(callAs(WRITER, publishing(laterNs)))).toBeUndefined();
  });

  it('holds reserves after their manifest and once, for at most 60,000 gas', async () => {
    const reserving = (takenAt: string) => `0x9d816084${word(parseInstantNs(takenAt))}${'22'.repeat(32)}`;
    expect(await codeOf(callAs(WRITER, reserving(later.manifest.takenAt)))).toBe('rpc-failed');
    await chain.node.call('anvil_impersonateAccount', [WRITER]);
    const data = reserving(honest.manifest.takenAt);
    const sent = await chain.node.call('eth_sendTransaction', [{ from: WRITER, to: contract, data }]);
    await chain.confirm(sent);
    const receipt = (await chain.node.call('eth_getTransactionReceipt', [sent])) as Record<string, string>;
    expect(receipt.status).toBe('0x1');
    expect(Number(receipt.gasUsed)).toBeLessThanOrEqual(MAX_GAS);
    expect(await codeOf(callAs(WRITER, data))).toBe('rpc-failed');
    const { block } = await prove('bundle', 'reserves-registered.json');
    const report = await read(honest, 'reserves-registered.json', block);
    expect(report.registered).toMatchObject({ reservesHash: '22'.repeat(32) });
  });

  it('holds a change of the signing key after its last manifest, and no other', async () => {
    const newKey = makeSigningKey();
    const rotate = (lastManifestHash: string) =>
      rotateIdentity({
        ...{ platform: honest.manifest.platform, oldKey: makeSigningKey(), newKey, lastManifestHash },
        at: '2026-07-01T00:00:00Z',
      });
    await writeFile(at('other.json'), encodeRotation(rotate(formatManifestHash(second.manifest))));
    await writeFile(at('rotation.json'), encodeRotation(rotate(formatManifestHash(honest.manifest))));
    expect(await codeOf(write('bundle', '--rotation', at('other.json')))).toBe('manifest-unregistered');
    const { written } = await write('bundle', '--rotation', at('rotation.json'));
    expect(written.at(-1)).toMatchObject({ line: 'rotation' });
    const { block } = await prove('bundle', 'rotated.json');
    const report = await read(honest, 'rotated.json', block);
    expect(report).toMatchObject({ valid: true, registered: { nextKey: newKey.publicKey } });
  });

  it('shows nothing at a block that the chain gave up', async () => {
    const snapshot = await chain.node.call('evm_snapshot', []);
    await write('later');
    const given = await prove('later', 'given-up.json');
    expect(await read(later, 'given-up.json', given.block)).toMatchObject({ valid: true, code: 'valid' });
    await chain.node.call('evm_revert', [snapshot]);
    await chain.node.call('anvil_mine', ['0x2']);
    const kept = await prove('later', 'kept.json');
    expect(await read(later, 'given-up.json', kept.block)).toMatchObject({ code: 'registry-block-differs' });
    expect(await read(later, 'kept.json', kept.block)).toMatchObject({ code: 'manifest-not-registered' });
  });

  it('names the later snapshot to whoever is shown an older one, and takes a signer in place of a key', async () => {
    const { contract: signed, writer } = (await run(
      ...['deploy', '--least-distance', '1h', '--signer', chain.url, '--from', chain.sender],
    )) as { contract: string; writer: string };
    expect([writer, signed === contract]).toEqual([chain.sender.toLowerCase(), false]);
    await write('later');
    const { block } = await prove('bundle', 'old.json');
    const report = await read(honest, 'old.json', block);
    expect(report).toMatchObject({ valid: true, registered: { lastInstant: later.manifest.takenAt } });
    expect(report.notShown.join()).toContain(`the registry holds one of ${later.manifest.takenAt}`);
  });

  it('is read by solvent-verify, with its pins from a file and its answer for programs', async () => {
    const { block } = await prove('bundle', 'by-command.json');
    const pins = at('pins.json');
    const { encodePins } = await import('../../src/protocol/reserves/index.js');
    await writeFile(pins, encodePins(pinsOf(block)));
    const { encodeJsonLine } = await import('../../src/protocol/index.js');
    await writeFile(at('trust.json'), encodeJsonLine(platform.trust));
    const verify = async (...args: string[]) => {
      let out = '';
      const write = (text: string) => (out += text);
      const common = ['bundle', at('bundle'), '--trust', at('trust.json'), '--allow-development-keys'];
      const exitCode = await runCommand([...common, '--json', ...args], {
        ...{ write, writeError: write, readLine: () => Promise.resolve('') },
      });
      return { exitCode, report: JSON.parse(out) as Report };
    };
    const compared = await verify('--registry', at('by-command.json'), '--pins', pins, '--require-published');
    expect(compared).toMatchObject({ exitCode: 0, report: { comparedBy: ['registry'] } });
    expect(await verify('--require-published')).toMatchObject({
      exitCode: 3,
      report: { code: 'not-published', comparedBy: [] },
    });
    expect(await verify('--registry', at('by-command.json'))).toMatchObject({
      exitCode: 3,
      report: { code: 'registry-not-pinned' },
    });
  });
});

describe('solvent registry, before anything is sent', () => {
  it('refuses a key that is none, without showing it', async () => {
    const { openKeyWriter } = await import('../../src/registry/index.js');
    for (const text of [undefined, 'a secret', `0x${'00'.repeat(32)}`, `0x${'ff'.repeat(32)}`]) {
      expect(() => openKeyWriter(text)).toThrow(
        expect.objectContaining({ code: 'writer-key-missing' }) as Error,
      );
    }
    expect(openKeyWriter(KEY).address).toBe(WRITER);
    expect(() => openKeyWriter('a secret')).not.toThrow('a secret');
  });
});
