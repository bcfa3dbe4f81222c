import { readFileSync } from 'node:fs';

import { beforeAll, describe, expect, it } from 'vitest';

import { concatBytes } from '../../../../src/protocol/index.js';
import {
  composeMessage,
  deriveChallenge,
  keyOfEntry,
  keyOfEvidence,
  type Evidence,
  type OutputEntry,
  type Pins,
} from '../../../../src/protocol/reserves/index.js';
import {
  captureOutputs,
  captureSpends,
  composeCarrier,
  settleOutputs,
  type BitcoinCapture,
  type CapturedOutput,
} from '../../../../src/reserves/index.js';
import {
  encodeTransaction,
  parseTransaction,
  surveyReserves,
  type ReservesDraft,
} from '../../../../src/verifier/reserves/making.js';
import { EASIEST_BITS, idOf, sortPlaced, unwork } from '../../../../scripts/reserves/bitcoin-miner.js';
import {
  NODE_COINS,
  replayNode,
  type NodeAnswers,
  type NodeCoinName,
} from '../../../../scripts/reserves/bitcoin-node.js';
import { signBip322 } from '../../../../scripts/reserves/bitcoin-wallets.js';
import {
  liabilities,
  publishLie,
  TAKEN_AT,
  verify,
} from '../../../../conformance/adversary/reserves/world.js';

type Place = { readonly number: number; readonly hash: string };

/** What `npm run test:chains` wrote of a node that checks consensus. */
const recorded = JSON.parse(
  readFileSync(new URL('../../../vectors/reserves/bitcoin.json', import.meta.url), 'utf8'),
) as {
  readonly owned: readonly CapturedOutput[];
  readonly gone: Pick<OutputEntry, 'transaction' | 'index'>;
  readonly block: Place;
  readonly left: Place;
  readonly best: Place;
  readonly moved: readonly string[];
  readonly refused: readonly { readonly name: string; readonly reason: string }[];
  readonly answers: { readonly left: NodeAnswers; readonly best: NodeAnswers };
};

const NETWORK = 'bip122:0f9188f13cb7b2c71f2a335e3a4fc328';
const owed = { ...liabilities, assets: liabilities.assets.filter(({ asset }) => asset === 'BTC') };
const blocks = [{ chain: NETWORK, ...recorded.block }];
const challenge = deriveChallenge({ ...liabilities, blocks });
const script = composeCarrier(challenge);
const nodes = { left: replayNode(recorded.answers.left), best: replayNode(recorded.answers.best) };

const nameOf = ({ address }: OutputEntry) =>
  (Object.keys(NODE_COINS) as NodeCoinName[]).find((name) => NODE_COINS[name].address === address)!;

function pinsOf(tip: Place): Pins {
  const { number, hash } = recorded.block;
  return {
    format: 'solvent/pins/v1',
    chains: [],
    bitcoin: [
      {
        chain: NETWORK,
        native: { asset: 'BTC', kind: 'issued' },
        easiestBits: EASIEST_BITS.toString(16),
        block: { number, hash, tip },
      },
    ],
    ...{ tokens: [], wallets: [], delegates: [], custodians: [] },
  };
}

/** The account of what was captured, with the new coins that could not be spent yet left out, and signed messages for the rest. */
function draftOf(capture: BitcoinCapture): ReservesDraft {
  const [, immature] = recorded.owned.slice(-2);
  const entries = capture.entries
    .filter(({ transaction }) => transaction !== immature!.transaction)
    .sort((a, b) => (keyOfEntry(a) < keyOfEntry(b) ? -1 : 1));
  const signed = entries.filter(({ control }) => control === 'signed');
  const evidence = signed.map((entry): Evidence => {
    const { chain, address } = entry;
    const message = composeMessage(liabilities, challenge, entry);
    const signature = signBip322('ful', message, { wallet: NODE_COINS[nameOf(entry)] });
    return { kind: 'bitcoin', chain, address, form: 'bip-322', signature };
  });
  const { platform, takenAt, manifestHash, snapshotHash } = owed;
  return {
    ...{ format: 'solvent/reserves/v1', purpose: 'snapshot', platform, takenAt, manifestHash, snapshotHash },
    ...{ previousReservesHash: null, blocks, custodians: [], encumbrances: [], headers: new Map() },
    ...{ nodes: new Map(), entries, bitcoin: new Map([[NETWORK, capture.contents]]) },
    evidence: evidence.sort((a, b) => (keyOfEvidence(a) < keyOfEvidence(b) ? -1 : 1)),
  };
}

/** What a reader says of a draft whose maker does not check it. */
async function read(draft: ReservesDraft, pins: Pins) {
  const files = publishLie(draft, { totals: [], nodes: new Map() });
  return verify(files, { pins, world: { liabilities: owed } as never });
}

describe('outputs on a network that a consensus-checking node mined and reorganised', () => {
  let onLeft: BitcoinCapture;
  let onBest: BitcoinCapture;
  let honest: ReservesDraft;
  beforeAll(async () => {
    const outputs = recorded.owned;
    const captured = await captureOutputs(nodes.left, {
      ...{ chain: NETWORK, takenAt: TAKEN_AT, asset: 'BTC', outputs },
    });
    onLeft = await captureSpends(nodes.left, captured, { script, tipNumber: recorded.left.number });
    onBest = await captureSpends(nodes.best, captured, { script });
    honest = draftOf(onBest);
  });

  const contentsOf = (draft: ReservesDraft) => draft.bitcoin!.get(NETWORK)!;
  const withContents = (change: Partial<BitcoinCapture['contents']>): ReservesDraft => ({
    ...honest,
    bitcoin: new Map([[NETWORK, { ...contentsOf(honest), ...change }]]),
  });
  const withEntry = (name: NodeCoinName, change: Partial<OutputEntry>): ReservesDraft => ({
    ...honest,
    entries: honest.entries
      .map((entry) => (entry.kind === 'output' && nameOf(entry) === name ? { ...entry, ...change } : entry))
      .sort((a, b) => (keyOfEntry(a) < keyOfEntry(b) ? -1 : 1)),
  });
  const reasonOf = (name: string) => recorded.refused.find((each) => each.name === name)?.reason;

  it('are read from the node’s own answers, though a block has a transaction of 64 bytes', () => {
    expect(onBest.entries.map((entry) => [nameOf(entry), entry.balance, entry.control]).sort()).toEqual([
      ['back', 'reproducible', 'signed'],
      ['both', 'proven', 'spent'],
      ['coinbase', 'proven', 'spent'],
      ['coinbase', 'proven', 'spent'],
      ['cold', 'proven', 'spent'],
      ['hot', 'proven', 'spent'],
      ['nested', 'proven', 'spent'],
      ['old', 'proven', 'spent'],
      ['quiet', 'proven', 'signed'],
      ['shared', 'proven', 'spent'],
      ['twice', 'proven', 'signed'],
    ]);
  });

  it('are proven by what the node took, and signed for by their wallets', async () => {
    const pins = pinsOf(recorded.best);
    const survey = await surveyReserves(honest, { pins, liabilities: owed });
    const report = await verify(publishLie(honest, survey), { pins, world: { liabilities: owed } as never });
    expect(report.checks.filter(({ result }) => result === 'failed')).toEqual([]);
    expect(report.assets[0]!.cells).toEqual([
      // 50 bitcoin of the first blocks, halved twice by block 351.
      { balance: 'proven', control: 'spent', amount: String(6 * 10_000_000 + 15 + 1_250_000_000) },
      { balance: 'proven', control: 'signed', amount: String(2 * 10_000_000 + 13) },
      { balance: 'reproducible', control: 'signed', amount: '10000008' },
    ]);
  });

  it('are unspent where the node says that they are', async () => {
    const { number, hash } = recorded.block;
    const asked = await settleOutputs(nodes.best, { number, hash, outputs: recorded.owned });
    expect(asked.others).toEqual(recorded.moved);
    const proven = onBest.entries.filter(({ balance }) => balance === 'proven');
    expect(proven.map(({ transaction, index }) => `${transaction}:${index}`).sort()).toEqual(
      [...asked.others].sort(),
    );
  });

  it('are not shown by an end that the network left, which was believed before', async () => {
    const draft = draftOf(onLeft);
    const survey = await surveyReserves(draft, { pins: pinsOf(recorded.left), liabilities: owed });
    const files = publishLie(draft, survey);
    const world = { liabilities: owed } as never;
    const before = await verify(files, { pins: pinsOf(recorded.left), world });
    expect(before).toMatchObject({ valid: true });
    const after = await verify(files, { pins: pinsOf(recorded.best), world });
    expect(after).toMatchObject({ valid: false, code: 'header-differs' });
  });

  it('are not shown by a transaction of the end that was left', async () => {
    const ids = new Set(contentsOf(honest).transactions.map(({ bytes }) => idOf(bytes)));
    const lost = onLeft.contents.transactions.filter(({ bytes }) => !ids.has(idOf(bytes)));
    expect(lost.length).toBeGreaterThan(1);
    const transactions = sortPlaced([...contentsOf(honest).transactions, ...lost]);
    const report = await read(withContents({ transactions }), pinsOf(recorded.best));
    expect(report).toMatchObject({ code: 'transaction-not-in-block' });
  });

  it('are refused where consensus refuses the spend: new coins one block too early', async () => {
    expect(reasonOf('new coins one block too early')).toBe('bad-txns-premature-spend-of-coinbase');
    const early = onBest.entries.find(
      ({ transaction }) => transaction === recorded.owned.at(-1)!.transaction,
    )!;
    const entries = [...honest.entries, early].sort((a, b) => (keyOfEntry(a) < keyOfEntry(b) ? -1 : 1));
    const report = await read({ ...honest, entries }, pinsOf(recorded.best));
    expect(report).toMatchObject({ code: 'coinbase-immature' });
  });

  it.each([
    ['a coin that was spent before the instant', 'bad-txns-inputs-missingorspent', 'output-not-shown'],
    ['one satoshi more than the output has', 'bad-txns-in-belowout', 'balance-differs'],
    ['a spend with the key of a stranger', 'mandatory-script-verify-flag-failed', 'control-not-shown'],
    ['a block whose last transaction is there twice', 'bad-txns-duplicate', 'transaction-not-in-block'],
    ['a header without its work', 'high-hash', 'work-too-low'],
  ] as const)('are refused where consensus refuses it: %s', async (name, reason, code) => {
    expect(reasonOf(name)).toBe(reason);
    expect(await read(lies[name](), pinsOf(recorded.best))).toMatchObject({ valid: false, code });
  });

  const lies = {
    'a coin that was spent before the instant': () =>
      withEntry('hot', { ...recorded.gone, address: NODE_COINS.gone.address, amount: '10000009' }),
    'one satoshi more than the output has': () => withEntry('old', { amount: '10000003' }),
    'a spend with the key of a stranger': () =>
      withContents({
        transactions: contentsOf(honest).transactions.map((placed) => {
          if (placed.block!.number !== recorded.block.number + 1 || placed.block!.position === 0)
            return placed;
          const transaction = parseTransaction(placed.bytes);
          const [first, second] = transaction.inputs;
          const [signature] = first!.witness;
          // Both inputs are of wallets with one key: each with the key of the other.
          const inputs = [
            { ...first!, witness: [signature!, second!.witness[1]!] },
            { ...second!, witness: [second!.witness[0]!, first!.witness[1]!] },
          ];
          return { ...placed, bytes: encodeTransaction({ ...transaction, inputs }) };
        }),
      }),
    'a block whose last transaction is there twice': () =>
      withContents({
        transactions: contentsOf(honest).transactions.map((placed) =>
          placed.block!.number === recorded.block.number + 3 && placed.block!.position === 4
            ? { ...placed, block: { ...placed.block!, position: 5 } }
            : placed,
        ),
      }),
    'a header without its work': () => {
      const { firstNumber, bytes } = contentsOf(honest).headers;
      const changed = concatBytes(bytes.subarray(0, -80), unwork(bytes.slice(-80)));
      return withContents({ headers: { firstNumber, bytes: changed } });
    },
  };
});
