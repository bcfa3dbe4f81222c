import { beforeAll, describe, expect, it } from 'vitest';

import { encodeJsonLine, utf8ToBytes } from '../../src/protocol/index.js';
import {
  encodeRequests,
  importConfirmation,
  importSignatures,
  listRequests,
  parseWallets,
  type ReservesWork,
} from '../../src/reserves/index.js';
import {
  build,
  CHAIN,
  confirm,
  CONTRACTS,
  KEYS,
  makeWorld,
  signText,
  type Built,
} from '../../conformance/adversary/reserves/world.js';

let built: Built;
let work: ReservesWork;
beforeAll(async () => {
  built = await build(makeWorld());
  const { draft, pins, challenge } = built;
  const owners = [KEYS.ann.address, KEYS.bob.address, KEYS.cid.address];
  work = {
    ...draft,
    signingKey: built.world.liabilities.signingKey,
    challenge,
    safes: [{ chain: CHAIN, address: CONTRACTS.safe, owners, threshold: 2 }],
    delegations: [{ chain: CHAIN, address: KEYS.smart.address, delegate: CONTRACTS.delegate }],
    pins,
    evidence: [],
  };
});

const messageOf = (address: string) =>
  listRequests(work).find((request) => request.address === address)!.message;
const signatureOf = (address: string, key = KEYS.token) => signText(messageOf(address), key);
const importCsv = (text: string) => importSignatures(work, utf8ToBytes(text));
const codeOf = (run: () => unknown) => {
  try {
    run();
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

describe('requests to sign', () => {
  it('are one for each key: that of the address, or each owner of a wallet contract', () => {
    const requests = listRequests(work);
    expect(requests.filter(({ address }) => address === CONTRACTS.safe).map(({ signer }) => signer)).toEqual([
      KEYS.ann.address,
      KEYS.bob.address,
      KEYS.cid.address,
    ]);
    expect(requests.some(({ address }) => address === KEYS.kept.address)).toBe(false);
    expect(encodeRequests(requests).split('\n')[0]).toBe('chain,address,signer,message');
  });

  it('name the wallet, the platform and the instant in words, and the challenge in a sentence', () => {
    expect(messageOf(KEYS.hot.address)).toBe(
      [
        `Example Exchange shows that it controls eip155:1:${KEYS.hot.address}`,
        'as of 2026-11-28T00:00:00Z',
        'for its users only, for no other platform',
        `solvent/reserves/v1 ${work.challenge}`,
      ].join('\n'),
    );
  });
});

describe('signatures from CSV', () => {
  it('are taken by address, in any case, with columns in any order', () => {
    const { address } = KEYS.token;
    const { evidence } = importCsv(
      `Note,SIGNATURE,Address\r\n"a, ""b""",${signatureOf(address)},${address.toUpperCase().replace('X', 'x')}\r\n`,
    );
    expect(evidence).toEqual([
      { kind: 'signature', chain: CHAIN, address, signature: signatureOf(address), delegate: null },
    ]);
  });

  it('are taken from the columns that OKX publishes, behind its summary by coin', () => {
    const { address } = KEYS.token;
    const [first, second] = [KEYS.ann, KEYS.cid].map((key) => signatureOf(CONTRACTS.safe, key)) as [
      string,
      string,
    ];
    const header =
      'coin,Network,Snapshot Height,address,amount,message,signature1,signature2,redeem script/ public key, eoa1, eoa2';
    const summary = 'coin,snapshot height,amount\nETH(ALL),-,6\nETH,16005122, 5.2834\n\n';
    const rows = [
      `ETH,ETH,20914735,${address},0.1,as asked,${signatureOf(address)},,`,
      `ETH,ETH,20914735,${CONTRACTS.safe},0.1,as asked,${first},${second},,${KEYS.ann.address},${KEYS.cid.address}`,
    ];
    const { evidence, signatureCount } = importCsv(`${summary}${header}\n${rows.join('\n')}\n`);
    expect(signatureCount).toBe(3);
    expect(evidence.map(({ kind }) => kind).sort()).toEqual(['safe', 'signature']);
    const moved = rows[0]!.replace(address, KEYS.hot.address);
    const refused = () => importCsv(`${summary}${header}\n${rows[1]!}\n${moved}\n`);
    expect(codeOf(refused)).toBe('signature-of-other');
    expect(refused).toThrow('at line 7');
    // Rows may be cut in such a file alone.
    expect(codeOf(() => importCsv(`${header}\n${rows[0]!}\n`))).toBe('row-malformed');
  });

  it('are taken in other spellings, and written in the canonical one', () => {
    const { address } = KEYS.token;
    const canonical = signatureOf(address);
    const v = Number.parseInt(canonical.slice(-2), 16) - 27;
    const s = BigInt(`0x${canonical.slice(66, 130)}`);
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const pad = (value: bigint) => value.toString(16).padStart(64, '0');
    for (const spelled of [
      canonical.slice(2).toUpperCase(),
      `${canonical.slice(0, -2)}0${v}`,
      `${canonical.slice(0, 66)}${pad(order - s)}${(28 - v).toString(16)}`,
      `${canonical.slice(0, 66)}${pad(s + (v === 1 ? 1n << 255n : 0n))}`,
    ]) {
      const [line] = importCsv(`address,signature\n${address},${spelled}\n`).evidence;
      expect(line).toMatchObject({ signature: canonical });
    }
  });

  it('of an account that runs a reviewed contract are marked with it (EIP-7702), of owners too', () => {
    const { address } = KEYS.smart;
    const [line] = importCsv(`address,signature\n${address},${signatureOf(address, KEYS.smart)}\n`).evidence;
    expect(line).toMatchObject({ kind: 'signature', address, delegate: CONTRACTS.delegate });
    const delegations = [{ chain: CHAIN, address: KEYS.ann.address, delegate: CONTRACTS.delegate }];
    const csv = `address,signature\n${CONTRACTS.safe},${signatureOf(CONTRACTS.safe, KEYS.ann)}\n`;
    expect(importSignatures({ ...work, delegations }, utf8ToBytes(csv)).evidence).toMatchObject([
      { kind: 'safe', signatures: [{ owner: KEYS.ann.address, delegate: CONTRACTS.delegate }] },
    ]);
  });

  it('of owners are gathered, from one row of several columns or from several rows', () => {
    const [ann, cid] = [signatureOf(CONTRACTS.safe, KEYS.ann), signatureOf(CONTRACTS.safe, KEYS.cid)];
    const one = importCsv(`address,signature1,signature2\n${CONTRACTS.safe},${ann},${cid}\n`);
    const two = importCsv(`address,signature\n${CONTRACTS.safe},${cid}\n${CONTRACTS.safe},${ann}\n`);
    expect(one.evidence).toEqual(two.evidence);
    expect(one.evidence[0]).toMatchObject({ kind: 'safe', address: CONTRACTS.safe });
    expect((one.evidence[0] as { signatures: unknown[] }).signatures.length).toBe(2);
  });

  it.each([
    ['without the column of addresses', 'account,signature\na,b\n', 'columns-missing'],
    ['with a column twice', 'address,signature,signature\na,b,c\n', 'columns-missing'],
    ['with a row of other length', `address,signature\n${KEYS.token.address}\n`, 'row-malformed'],
    ['with an open quote', 'address,signature\n"a,b\n', 'row-malformed'],
    ['with a signature that is none', `address,signature\n${KEYS.token.address},0x12\n`, 'row-malformed'],
    ['without a signature at all', `address,signature\n${KEYS.token.address},\n`, 'row-malformed'],
    [
      'with a wallet that nobody asked',
      `address,signature\n${KEYS.stranger.address},0x${'1'.repeat(130)}\n`,
      'wallet-not-asked',
    ],
  ])('are refused %s', (_, text, code) => {
    expect(codeOf(() => importCsv(text))).toBe(code);
  });

  it('are refused where another key, or another text, was signed', () => {
    const { address } = KEYS.token;
    for (const wrong of [
      signatureOf(address, KEYS.stranger),
      signText(messageOf(KEYS.hot.address), KEYS.token),
    ]) {
      expect(codeOf(() => importCsv(`address,signature\n${address},${wrong}\n`))).toBe('signature-of-other');
    }
  });
});

describe('a confirmation of a custodian', () => {
  it('is taken where it is signed for this challenge, and its amounts become entries', () => {
    const { entries, evidence } = importConfirmation(
      work,
      encodeJsonLine(confirm(built.world, work.challenge)),
    );
    expect(evidence.length).toBe(1);
    expect(entries.filter(({ kind }) => kind === 'custody').length).toBe(1);
  });

  it('is refused where it is for another', () => {
    const other = encodeJsonLine(confirm(built.world, '00'.repeat(32)));
    expect(codeOf(() => importConfirmation(work, other))).toBe('signature-of-other');
  });
});

describe('a list of wallets', () => {
  const parse = (text: string) => parseWallets(utf8ToBytes(text));
  it('says for each how its control is shown, and what is not free', () => {
    const { byChain, encumbrances } = parse(
      `chain,address,control,custodian,encumbrance,note\neip155:1,${KEYS.hot.address},,,,\neip155:1,${KEYS.kept.address},custodian,vault,,\neip155:10,${KEYS.hot.address},,,pledged,a loan\n`,
    );
    expect([...byChain.keys()]).toEqual(['eip155:1', 'eip155:10']);
    expect(byChain.get('eip155:1')![1]).toMatchObject({ control: 'custodian', custodian: 'vault' });
    expect(encumbrances).toEqual([{ kind: 'pledged', note: 'a loan', until: null }]);
  });

  it.each([
    ['a chain of another kind', `chain,address\nbitcoin,${KEYS.hot.address}\n`],
    ['an address of another kind', 'chain,address\neip155:1,0x12\n'],
    [
      'a wallet twice',
      `chain,address\neip155:1,${KEYS.hot.address}\neip155:1,${KEYS.hot.address.toUpperCase().replace('X', 'x')}\n`,
    ],
    ['a custodian who does not control', `chain,address,custodian\neip155:1,${KEYS.hot.address},vault\n`],
    ['control that there is not', `chain,address,control\neip155:1,${KEYS.hot.address},spent\n`],
  ])('is refused with %s', (_, text) => {
    expect(codeOf(() => parse(text))).toBe('row-malformed');
  });
});
