import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';

import { Transaction } from '@scure/btc-signer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { bytesToHex, utf8ToBytes } from '../../src/protocol/index.js';
import { parsePins, type Pins } from '../../src/protocol/reserves/index.js';
import { buildProgram } from '../../src/cli/program.js';
import type { ReservesReport } from '../../src/verifier/reserves/index.js';
import { listReservesCases } from '../../conformance/adversary/all.js';
import {
  askNodes,
  captureOutputs,
  captureSpends,
  composeCarrier,
  composeReserves,
  composeWork,
  importFile,
  importSignatures,
  listPsbtRequests,
  listRequests,
  loadWork,
  openRpcNode,
  replaceOutputs,
  saveWork,
  settleOutputs,
  type CapturedOutput,
  type ReservesWork,
} from '../../src/reserves/index.js';
import { encodeCount } from '../../src/verifier/reserves/bitcoin/transaction.js';
import { HeaderChain } from '../../src/verifier/reserves/bitcoin/headers.js';
import { idOf, type Miner } from '../../scripts/reserves/bitcoin-miner.js';
import { signBip127, signBip137, signBip322, spend } from '../../scripts/reserves/bitcoin-wallets.js';
import {
  BLOCK,
  carry,
  coinOf,
  entryOf,
  makeBitcoinWorld,
  NETWORK,
  TIP,
  WALLETS,
  type Name,
} from '../../conformance/adversary/reserves/bitcoin/world.js';
import { makeDirectory } from '../directory.js';
import {
  liabilities,
  platformKey,
  publishLie,
  TAKEN_AT,
  verify,
} from '../../conformance/adversary/reserves/world.js';
import { formCanonical, surveyReserves } from '../../src/verifier/reserves/making.js';

type Answers = Readonly<Record<string, (params: readonly (string | number | boolean)[]) => unknown>>;

/** What a Bitcoin node answers, of the blocks of a miner up to a height. */
function answersOf(miner: Miner, state: { height: number; spent: ReadonlySet<string> }): Answers {
  const numbers = new Map(miner.blocks.map(({ number }) => [miner.hashOf(number), number]));
  const chain = new HeaderChain(miner.headers(0), '207fffff');
  return {
    getblockcount: () => state.height,
    getblockhash: ([number]) => miner.hashOf(number as number),
    getblockheader: ([hash, isVerbose]) => {
      const number = numbers.get(hash as string)!;
      if (isVerbose === false) return bytesToHex(miner.blocks[number]!.header);
      return { height: number, mediantime: chain.medianTimePast(number) };
    },
    getblock: ([hash]) => {
      const { header, transactions } = miner.blocks[numbers.get(hash as string)!]!;
      return (
        bytesToHex(header) +
        bytesToHex(encodeCount(transactions.length)) +
        transactions.map(bytesToHex).join('')
      );
    },
    gettxout: ([id, index]) => {
      const block = miner.blocks.find(({ transactions }) => transactions.some((bytes) => idOf(bytes) === id));
      if (block === undefined || state.spent.has(`${String(id)}:${String(index)}`)) return null;
      return { bestblock: miner.hashOf(state.height), confirmations: state.height - block.number + 1 };
    },
  };
}

/** A server that gives such answers behind a password, and the URL that it is asked by. */
async function serve(answers: Answers): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const isKnown =
        request.headers.authorization === `Basic ${Buffer.from('ann:pass word').toString('base64')}`;
      const { id, method, params } = JSON.parse(Buffer.concat(pieces).toString()) as {
        id: number;
        method: string;
        params: string[];
      };
      const body = isKnown
        ? { id, error: null, result: answers[method]!(params) }
        : { id, error: { code: -1 } };
      response.end(JSON.stringify(body));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { server, url: `http://ann:pass%20word@127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

const OWNED: readonly Name[] = ['hot', 'old', 'nested'];
const assets = liabilities.assets.filter(({ asset }) => asset === 'BTC');

describe('outputs that a platform captures from its node', () => {
  let server: Server;
  let url: string;
  const world = makeBitcoinWorld();
  const state = { height: BLOCK + 1, spent: new Set<string>() };
  const owed = { ...liabilities, assets };
  const nameOf = (name: Name) => entryOf(world.funding, name);
  beforeAll(async () => {
    ({ server, url } = await serve(answersOf(world.miner, state)));
  });
  afterAll(() => server.close());

  const basePins: Pins = { ...world.pins, bitcoin: [{ ...world.pins.bitcoin![0]!, block: null }] };
  const outputs: CapturedOutput[] = OWNED.map((name) => {
    const { transaction, index } = nameOf(name);
    return { transaction, index, control: 'signed', custodian: null, encumbrance: null };
  });
  const capture = () =>
    captureOutputs(openRpcNode(url), { chain: NETWORK, takenAt: TAKEN_AT, outputs, asset: 'BTC' });

  it('are published once their keys have signed or they have moved, and settled by one more question', async () => {
    const { platform, takenAt, snapshotHash, signingKey } = liabilities;
    const captured = await capture();
    expect(captured.block).toMatchObject({ number: BLOCK, hash: world.miner.hashOf(BLOCK) });
    const composed = composeWork({ platform, takenAt, snapshotHash, signingKey }, [], {
      pins: basePins,
      encumbrances: [],
      bitcoin: [captured],
    });
    expect(composed.challenge).toBe(world.challenge);
    expect(composeCarrier(composed.challenge)).toEqual(carry(world.challenge));
    const path = join(await makeDirectory(), 'work');
    await saveWork(path, composed);
    const work = await loadWork(path);
    const messages = new Map(listRequests(work).map(({ address, message }) => [address, message]));
    expect([...messages.keys()].sort()).toEqual(OWNED.map((name) => WALLETS[name].address).sort());
    const { hot, old, nested } = WALLETS;
    const csv = [
      'address,signature',
      `${old.address},${signBip137(messages.get(old.address)!, old)}`,
      `${nested.address},${signBip322('smp', messages.get(nested.address)!, { wallet: nested })}`,
    ].join('\n');
    const signed = { ...work, ...importSignatures(work, utf8ToBytes(`${csv}\n`)) };
    expect(() => importSignatures(work, utf8ToBytes(csv.replace(old.address, nested.address)))).toThrow(
      expect.objectContaining({ code: 'control-not-shown' }),
    );

    state.height = TIP;
    state.spent.add(`${nameOf('hot').transaction}:${nameOf('hot').index}`);
    const found = await captureSpends(openRpcNode(url), captured, { script: composeCarrier(work.challenge) });
    expect(found.entries.map(({ address, balance, control }) => [address, balance, control]).sort()).toEqual(
      [
        [hot.address, 'proven', 'spent'],
        [old.address, 'reproducible', 'signed'],
        [nested.address, 'reproducible', 'signed'],
      ].sort(),
    );
    const moved = replaceOutputs(signed, [found]);
    const own = { ...liabilities, assets };
    const files = await composeReserves(moved, {
      liabilities: own,
      signer: platformKey,
      previousReservesHash: null,
      unsignedAsStated: false,
    });
    const report = await verify(
      files,
      { pins: moved.pins, world: { liabilities: own } as never },
      { level: 'reproducible' },
    );
    expect(report).toMatchObject({ valid: true, assets: [{ held: '30000007' }] });
    expect(report.notShown.join('\n')).toContain('bitcoin-cli gettxout');

    const asked = found.entries.filter(({ balance }) => balance === 'reproducible');
    const block = { number: BLOCK, hash: world.miner.hashOf(BLOCK) };
    expect(await settleOutputs(openRpcNode(url), { ...block, outputs: asked })).toMatchObject({
      unspent: 2,
      others: [],
    });
    expect(await settleOutputs(openRpcNode(url), { ...block, outputs: found.entries })).toMatchObject({
      unspent: 2,
      others: [`${nameOf('hot').transaction}:${nameOf('hot').index}`],
    });
    await expect(
      settleOutputs(openRpcNode(url), { number: BLOCK, hash: '00'.repeat(32), outputs: asked }),
    ).rejects.toMatchObject({ code: 'block-not-there' });
  });

  it('are asked of a node by whoever verifies: what it confirms counts, what has moved is stated', async () => {
    const survey = await surveyReserves(world.draft, { pins: world.pins, liabilities: owed });
    const files = publishLie(world.draft, survey);
    const ask = (address: string, spent = state.spent) => {
      state.spent = spent;
      return verify(
        files,
        { pins: world.pins, world: { liabilities: owed } as never },
        { level: 'reproducible', askNode: askNodes([{ chain: NETWORK, url: address }]) },
      );
    };
    const all = await ask(url, new Set());
    expect(all.assets[0]!.held).toBe('100000045');
    expect(all.verdict).toContain('confirmed in this run');
    expect(all.notShown.join('\n')).not.toContain('unspent');
    const moved = await ask(url, new Set([`${nameOf('old').transaction}:${nameOf('old').index}`]));
    expect(BigInt(all.assets[0]!.held) - BigInt(moved.assets[0]!.held)).toBe(BigInt(nameOf('old').amount));
    expect(moved.assets[0]!.byLevel.stated).toBe(all.assets[0]!.byLevel.stated);
    expect(moved.notShown.join('\n')).toMatch(
      /That 1 amount of bip122:\S+ was there at block 130: your node/,
    );
    const pins = { ...world.pins, bitcoin: [{ ...world.pins.bitcoin![0]! }] };
    const { tip } = pins.bitcoin[0]!.block!;
    state.height = tip.number;
    const other = await verify(
      files,
      { pins, world: { liabilities: owed } as never },
      { askNode: () => Promise.resolve({ hashes: ['00'.repeat(32)], amounts: new Map() }) },
    );
    expect(other).toMatchObject({ valid: false, code: 'node-differs', assets: [] });
  });

  it('are refused where the node has no such unspent output', async () => {
    state.spent.add(`${nameOf('hot').transaction}:${nameOf('hot').index}`);
    await expect(capture()).rejects.toMatchObject({ code: 'output-not-unspent' });
  });
});

describe('solvent reserves check', () => {
  /** Whether the reader's node has the outputs that are only signed. */
  const check = async (directory: string, { isSpent }: { readonly isSpent: boolean }) => {
    const pins = parsePins(await readFile(join(directory, 'pins.json')));
    const [{ chain, block }] = pins.bitcoin as [NonNullable<Pins['bitcoin']>[number]];
    const { number, hash, tip } = block!;
    const { server, url } = await serve({
      getblockcount: () => tip.number,
      getblockhash: ([asked]) => (asked === number ? hash : tip.hash),
      gettxout: () => (isSpent ? null : { bestblock: tip.hash, confirmations: tip.number - number + 1 }),
    });
    try {
      let out = '';
      const output = { write: (text: string) => (out += text), end: () => undefined };
      const at = (name: string) => join(directory, name);
      const words = [
        ...['reserves', 'check', at('reserves'), '--bundle', at('bundle'), '--trust', at('trust.json')],
        ...['--pins', at('pins.json'), '--allow-development-keys', '--json', '--node', `${chain}=${url}`],
      ];
      const program = await buildProgram(output, words);
      await program.parseAsync(words, { from: 'user' });
      return { chain, report: JSON.parse(out) as ReservesReport };
    } finally {
      server.close();
    }
  };

  it('asks the reader’s own Bitcoin node of what is only signed: what it has counts, and what it has not is stated', async () => {
    const directory = await makeDirectory();
    const [honest] = await listReservesCases('honest twin: outputs of Bitcoin');
    for (const [path, bytes] of Object.entries(honest!.files)) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), bytes);
    }
    const { chain, report: there } = await check(directory, { isSpent: false });
    expect(there).toMatchObject({ valid: true });
    expect(there.checks.find(({ title }) => title.startsWith('Nodes of the caller'))).toMatchObject({
      result: 'passed',
      compared: expect.stringContaining(`the pinned blocks of ${chain}`) as string,
    });
    const { report: gone } = await check(directory, { isSpent: true });
    const btc = ({ assets }: ReservesReport) => assets.find(({ asset }) => asset === 'BTC')!;
    // Levels hold the stronger ones too.
    expect(BigInt(btc(there).byLevel.reproducible)).toBeGreaterThan(BigInt(btc(there).byLevel.proven));
    expect(btc(gone).byLevel.reproducible).toBe(btc(there).byLevel.proven);
    expect(btc(gone).byLevel.stated).toBe(btc(there).byLevel.stated);
    expect(gone.notShown.join('\n')).toContain('your node');
  });
});

const refusal = (code: string) => expect.objectContaining({ code }) as Error;

describe('transactions and PSBTs as files', () => {
  const world = makeBitcoinWorld();
  const { platform, takenAt, snapshotHash, signingKey } = liabilities;
  const { nodes, headers, bitcoin, ...draft } = world.draft;
  const work: ReservesWork = {
    ...{ ...draft, platform, takenAt, snapshotHash, signingKey, challenge: world.challenge },
    ...{ safes: [], delegations: [], pins: world.pins, evidence: [], headers, nodes },
    ...(bitcoin === undefined ? {} : { bitcoin }),
  };
  const messageOf = (name: Name) =>
    listRequests(work).find(({ address }) => address === WALLETS[name].address)!.message;
  const text = (hex: string) => utf8ToBytes(`${hex}\n`);
  const bytesOf = (signed: string) => Uint8Array.from(Buffer.from(signed.slice(3), 'base64'));
  const funds = () =>
    signBip322('pof', messageOf('fund'), {
      wallet: WALLETS.fund,
      coins: [coinOf(world.funding, 'funds')],
    });

  it('are asked for as PSBTs that another library signs, and taken from it as they are', () => {
    for (const name of ['nested', 'old'] as const) {
      const wallet = WALLETS[name];
      const { psbt } = listPsbtRequests(work).find(({ address }) => address === wallet.address)!;
      const open = Transaction.fromPSBT(psbt, {
        allowUnknown: true,
        allowUnknownOutputs: true,
        allowUnknownVersion: true,
        allowLegacyWitnessUtxo: true,
      });
      expect(() => importFile(work, psbt)).toThrow(refusal('psbt-not-final'));
      open.updateInput(0, { ...wallet.redeem });
      open.signIdx(wallet.secrets[0]!, 0);
      open.finalize();
      expect(importFile(work, open.toPSBT()).evidence).toMatchObject([
        { kind: 'bitcoin', address: wallet.address, form: 'bip-322' },
      ]);
    }
  });

  it('are taken in each spelling of theirs, as the evidence that text would be', () => {
    const pof = funds();
    const least = formCanonical({ form: 'bip-322', signature: pof })!;
    expect(least.length).toBeLessThan(pof.length);
    const proven = { kind: 'bitcoin', address: WALLETS.fund.address, form: 'bip-322', signature: least };
    for (const spelled of [
      bytesOf(pof),
      text(pof.slice(3)),
      text(Buffer.from(bytesOf(pof)).toString('hex').toUpperCase()),
    ])
      expect(importFile(work, spelled)).toMatchObject({ signatureCount: 1, evidence: [proven] });
    const ful = signBip322('ful', messageOf('shared'), { wallet: WALLETS.shared });
    expect(importFile(work, text(bytesToHex(bytesOf(ful)))).evidence).toMatchObject([
      { address: WALLETS.shared.address, form: 'bip-322', signature: ful },
    ]);
    const proof = signBip127(messageOf('proof'), [coinOf(world.funding, 'proof')]);
    const taken = importFile(work, text(proof)).evidence;
    expect(taken).toMatchObject([
      {
        address: WALLETS.proof.address,
        form: 'bip-127',
        signature: formCanonical({ form: 'bip-127', signature: proof }),
      },
    ]);
    // The same file again is the same evidence.
    expect(importFile({ ...work, evidence: taken }, text(proof)).evidence).toEqual(taken);
  });

  it.each([
    [
      'of a message that nobody asked for',
      'transaction-not-asked',
      () => text(signBip127('another', [coinOf(world.funding, 'proof')])),
    ],
    [
      'that only spends an output',
      'transaction-not-asked',
      () =>
        text(
          bytesToHex(
            spend([coinOf(world.funding, 'hot')], [{ script: carry(world.challenge), amount: 0n }]).extract(),
          ),
        ),
    ],
    [
      'whose signature was changed',
      'control-not-shown',
      () => {
        const bytes = bytesOf(signBip322('ful', messageOf('shared'), { wallet: WALLETS.shared }));
        // In the first signature of its input.
        return text(bytesToHex(bytes.with(60, bytes[60]! ^ 1)));
      },
    ],
    [
      'cut short',
      'transaction-malformed',
      () => text(signBip127(messageOf('proof'), [coinOf(world.funding, 'proof')]).slice(0, -2)),
    ],
    ['as a PSBT that is cut short', 'transaction-malformed', () => bytesOf(funds()).slice(0, -1)],
  ] as const)('are refused %s', (_, code, make) => {
    expect(() => importFile(work, make())).toThrow(refusal(code));
  });
});
