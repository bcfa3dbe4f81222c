import { readFileSync } from 'node:fs';

import { ed25519, ristretto255 } from '@noble/curves/ed25519.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { blake2b } from '@noble/hashes/blake2.js';
import { describe, expect, it } from 'vitest';

import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '../../../../src/protocol/index.js';
import {
  ACCOUNT_CHAINS,
  ACCOUNT_FORMS,
  composeMessage,
  type AccountEvidence,
} from '../../../../src/protocol/reserves/index.js';
import { decodeAccount, encodeAccount } from '../../../../src/verifier/reserves/accounts/addresses.js';
import {
  checkAccountEvidence,
  checkAccountSignature,
} from '../../../../src/verifier/reserves/accounts/control.js';
import { spellCoseSign1 } from '../../../../src/verifier/reserves/accounts/cose.js';
import { hash160 } from '../../../../src/verifier/reserves/bitcoin/script.js';
import { signCose } from './world.js';

type Fixture = Omit<AccountEvidence, 'kind'> & {
  readonly library: string;
  readonly name: string;
  readonly verdict: 'valid' | 'invalid';
};
const FIXTURES = JSON.parse(readFileSync('test/vectors/reserves/accounts.json', 'utf8')) as {
  readonly libraries: Readonly<Record<string, string>>;
  readonly head: { readonly platform: string; readonly takenAt: string; readonly challenge: string };
  readonly cases: readonly Fixture[];
};
const { head, libraries, cases } = FIXTURES;

const lineOf = ({ chain, address, form, publicKey, signature }: Omit<AccountEvidence, 'kind'>) =>
  ({ kind: 'account', chain, address, form, publicKey, signature }) as const;
const messageOf = ({ chain, address }: Pick<AccountEvidence, 'chain' | 'address'>) =>
  utf8ToBytes(composeMessage(head, head.challenge, { chain, address }));
const check = (line: Omit<AccountEvidence, 'kind'>) => checkAccountSignature(lineOf(line), messageOf(line));
const validOf = (form: string) =>
  cases.filter((each) => each.form === form && each.verdict === 'valid' && each.name === 'the message');
/** Bytes of a signature changed. */
const change = (line: Fixture, edit: (bytes: Uint8Array) => Uint8Array): Fixture => ({
  ...line,
  signature: bytesToHex(edit(hexToBytes(line.signature))),
});
const numberOf = (bytes: Uint8Array) => BigInt(`0x${bytesToHex(bytes)}`);
const word = (value: bigint) => hexToBytes(value.toString(16).padStart(64, '0'));

describe('signatures that the libraries of chains made', () => {
  it('are of every form, and name their library and its version', () => {
    expect([...new Set(cases.map(({ form }) => form))].sort()).toEqual(Object.keys(ACCOUNT_FORMS).sort());
    for (const { library } of cases) expect(libraries[library]).toMatch(/^[0-9]+\.[0-9]+\.[0-9]+$/);
  });

  it.each(cases.map((each) => [`${each.chain} ${each.form}`, each.name, each] as const))(
    '%s: %s',
    (_, __, fixture) => {
      expect(check(fixture)).toBe(fixture.verdict);
    },
  );

  it('are refused under every other form and chain of the same family', () => {
    for (const fixture of cases.filter(({ verdict }) => verdict === 'valid')) {
      const { family } = ACCOUNT_FORMS[fixture.form];
      for (const form of Object.keys(ACCOUNT_FORMS) as AccountEvidence['form'][]) {
        if (form === fixture.form || ACCOUNT_FORMS[form].family !== family) continue;
        expect([form, check({ ...fixture, form })]).not.toContain('valid');
      }
      for (const [chain, known] of Object.entries(ACCOUNT_CHAINS)) {
        if (known.family === family && chain !== fixture.chain) {
          expect([chain, check({ ...fixture, chain })]).toContain('invalid');
        }
      }
    }
  });

  it('say by code what is another message, and what is another spelling', () => {
    const [fixture] = validOf('tip-191') as [Fixture];
    const refusal = (line: Fixture) => {
      try {
        checkAccountEvidence(lineOf(line), 'evidence.ndjson line 1', head);
        return 'valid';
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    expect(refusal(fixture)).toBe('valid');
    expect(refusal(cases.find((each) => each.verdict === 'invalid')!)).toBe('control-not-shown');
    expect(refusal(change(fixture, (bytes) => bytes.with(64, bytes[64]! - 27)))).toBe(
      'signature-not-canonical',
    );
  });
});

describe('another spelling of a signature', () => {
  const N = secp256k1.Point.Fn.ORDER;
  const L = ed25519.Point.Fn.ORDER;
  const highS = (bytes: Uint8Array, mark: (byte: number) => number) =>
    concatBytes(
      bytes.subarray(0, 32),
      word(N - numberOf(bytes.subarray(32, 64))),
      Uint8Array.from(bytes.subarray(64), mark),
    );
  const der = (bytes: Uint8Array) => {
    const parsed = secp256k1.Signature.fromBytes(bytes, 'der');
    return new secp256k1.Signature(parsed.r, N - parsed.s).toBytes('der');
  };
  const aboveOrder = (bytes: Uint8Array) => {
    const s = numberOf(bytes.slice(32).reverse()) + L;
    return concatBytes(bytes.subarray(0, 32), word(s).reverse());
  };

  it('of CIP-8 is written in the one that is read, where a wallet gives another', () => {
    for (const fixture of cases.filter(({ form, verdict }) => form === 'cip-8' && verdict === 'valid')) {
      const bytes = hexToBytes(fixture.signature);
      const isHashed = fixture.name.includes('hashed');
      for (const other of [
        bytes,
        concatBytes(Uint8Array.of(0xd2), bytes),
        ...(isHashed ? [] : [unsay(bytes)]),
      ])
        expect(bytesToHex(spellCoseSign1(other))).toBe(fixture.signature);
    }
    for (const other of ['', '84', 'd2', '8458', 'a0', '84a0a0'])
      expect(spellCoseSign1(hexToBytes(other)).length).toBeLessThan(12);
  });

  it.each([
    ['tip-191', 's in the upper half', (bytes: Uint8Array) => highS(bytes, (byte) => 55 - byte)],
    ['tip-191', 'v of 0 or 1', (bytes: Uint8Array) => bytes.with(64, bytes[64]! - 27)],
    ['tip-191', 'no v', (bytes: Uint8Array) => bytes.subarray(0, 64)],
    ['adr-36', 's in the upper half', (bytes: Uint8Array) => highS(bytes, (byte) => byte)],
    ['adr-36', 'a byte more', (bytes: Uint8Array) => concatBytes(bytes, Uint8Array.of(0))],
    ['xrpl', 's in the upper half', der],
    ['xrpl', 'a number of DER with a zero too many', (bytes: Uint8Array) => padDer(bytes)],
    ['substrate-ecdsa', 's in the upper half', (bytes: Uint8Array) => highS(bytes, (byte) => 1 - byte)],
    ['substrate-ecdsa', 'the mark of Ethereum', (bytes: Uint8Array) => bytes.with(64, bytes[64]! + 27)],
    ['substrate-sr25519', 'no mark of schnorrkel', (bytes: Uint8Array) => bytes.with(63, bytes[63]! & 0x7f)],
    ['substrate-ed25519', 's above the order', aboveOrder],
    ['sep-53', 's above the order', aboveOrder],
    ['solana-message', 's above the order', aboveOrder],
    ['cip-8', 'the tag of COSE_Sign1', (bytes: Uint8Array) => concatBytes(Uint8Array.of(0xd2), bytes)],
    ['cip-8', 'no word on whether it is hashed', (bytes: Uint8Array) => unsay(bytes)],
    ['cip-8', 'a length that is longer than it need be', (bytes: Uint8Array) => lengthen(bytes)],
  ] as const)('%s is refused with %s', (form, _, edit) => {
    const [fixture] = validOf(form) as [Fixture];
    expect(check(change(fixture, edit))).toBe('other-spelling');
  });

  function padDer(bytes: Uint8Array): Uint8Array {
    const length = bytes[3]!;
    const r = bytes.subarray(4, 4 + length);
    return concatBytes(Uint8Array.of(0x30, bytes[1]! + 1, 2, length + 1, 0), r, bytes.subarray(4 + length));
  }
  /** The open header without `hashed`. */
  function unsay(bytes: Uint8Array): Uint8Array {
    const at = 3 + bytes[2]!;
    expect(bytesToHex(bytes.subarray(at, at + 9))).toBe('a166686173686564f4');
    return concatBytes(bytes.subarray(0, at), Uint8Array.of(0xa0), bytes.subarray(at + 9));
  }
  /** The protected header's length in two bytes where one does. */
  function lengthen(bytes: Uint8Array): Uint8Array {
    expect([...bytes.subarray(0, 2)]).toEqual([0x84, 0x58]);
    return concatBytes(Uint8Array.of(0x84, 0x59, 0), bytes.subarray(2));
  }
});

describe('accounts under keys that anyone signs for', () => {
  /** A signature that holds of many messages, where a key of small order is taken: R = s · B, with nothing of the message. */
  const forge = (s: bigint) => concatBytes(ed25519.Point.BASE.multiply(s).toBytes(), word(s).reverse());

  /** The eight points of small order, and the spellings of them whose y is not below the prime. */
  const SMALL = [
    '0100000000000000000000000000000000000000000000000000000000000000',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    '0000000000000000000000000000000000000000000000000000000000000000',
    '0000000000000000000000000000000000000000000000000000000000000080',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
    'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
    'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
    '0100000000000000000000000000000000000000000000000000000000000080',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  ].map(hexToBytes);

  it.each([
    ['solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp', 'solana-message'],
    ['stellar:pubnet', 'sep-53'],
    ['polkadot:91b171bb158e2d3848fa23a9f1c25182', 'substrate-ed25519'],
    ['xrpl:0', 'xrpl'],
    ['cip34:1-764824073', 'cip-8'],
  ] as const)('%s: a key of small order is refused, whatever is signed', (chain, form) => {
    const texts = Array.from({ length: 16 }, (_, index) => utf8ToBytes(`${index}`));
    let taken = 0;
    for (const bytes of SMALL) {
      const marked = concatBytes(Uint8Array.of(0xed), bytes);
      const cardano = concatBytes(Uint8Array.of(0x61), blake2b(bytes, { dkLen: 28 }));
      const account = form === 'xrpl' ? hash160(marked) : form === 'cip-8' ? cardano : bytes;
      const publicKey = form === 'xrpl' ? bytesToHex(marked) : form === 'cip-8' ? bytesToHex(bytes) : null;
      const line = {
        kind: 'account',
        chain,
        address: encodeAccount(chain, account),
        form,
        publicKey,
      } as const;
      for (const text of texts) {
        if (ed25519.verify(forge(1n), text, bytes, { zip215: true })) taken += 1;
        const signature = form === 'cip-8' ? signCose(text, cardano, () => forge(1n)) : forge(1n);
        const found = checkAccountSignature({ ...line, signature: bytesToHex(signature) }, text);
        expect(found).toBe('invalid');
      }
    }
    // A laxer rule takes them: that what is refused here is none by chance.
    expect(taken).toBeGreaterThan(SMALL.length);
  });

  it('the identity is refused as a key of schnorrkel', () => {
    const chain = 'polkadot:91b171bb158e2d3848fa23a9f1c25182';
    const address = encodeAccount(chain, new Uint8Array(32));
    const signature = concatBytes(
      ristretto255.Point.BASE.toBytes(),
      Uint8Array.of(1, ...new Uint8Array(30), 0x80),
    );
    const line = { kind: 'account', chain, address, form: 'substrate-sr25519', publicKey: null } as const;
    expect(checkAccountSignature({ ...line, signature: bytesToHex(signature) }, utf8ToBytes('any'))).toBe(
      'invalid',
    );
  });
});

describe('an address of an account chain', () => {
  const addresses = [
    ...new Map(cases.map(({ chain, address }) => [`${chain} ${address}`, { chain, address }])),
  ];

  it.each(addresses)('%s is read, and written again the same', (_, { chain, address }) => {
    const bytes = decodeAccount(chain, address)!;
    expect(encodeAccount(chain, bytes)).toBe(address);
  });

  it.each(addresses)(
    '%s is refused with a character changed, or of another chain',
    (_, { chain, address }) => {
      // An address of Solana has no checksum: one with a character changed is another account, which this key does not sign for.
      for (const at of chain.startsWith('solana:') ? [] : [2, 10, address.length - 1]) {
        const other = address[at] === 'x' ? 'z' : 'x';
        const changed = address.slice(0, at) + other + address.slice(at + 1);
        expect(decodeAccount(chain, changed)).toBe(undefined);
      }
      if (/^(?:addr|stake|cosmos|osmo)/.test(address)) {
        expect(decodeAccount(chain, address.toUpperCase())).toBe(undefined);
      }
      expect(decodeAccount(chain, `1${address}`)).toBe(undefined);
      expect(decodeAccount('eip155:1', address)).toBe(undefined);
    },
  );

  it.each([
    ['an X-address of the XRP Ledger', 'xrpl:0', 'X7AcgcsBL6XDcUb289X4mJ8djcdyKaB5hJDWMArnXr61cqZ'],
    [
      'a muxed account of Stellar',
      'stellar:pubnet',
      'MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVAAAAAAAAAAAAAJLK',
    ],
    [
      'another network’s prefix of Polkadot',
      'polkadot:91b171bb158e2d3848fa23a9f1c25182',
      '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
    ],
    [
      'a script’s address of Cardano',
      'cip34:1-764824073',
      'addr1w8phkx6acpnf78fuvxn0mkew3l0fd058hzquvz7w36x4gtcyjy7wx',
    ],
    [
      'the test network of Cardano',
      'cip34:0-1',
      'addr1vx2fxv2umyhttkxyxp8x0dlpdt3k6cwng5pxj3jhsydzers66hrl8',
    ],
    ['a Bitcoin address', 'tron:0x2b6653dc', '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa'],
  ])('%s is none that an account is listed by', (_, chain, address) => {
    expect(decodeAccount(chain, address)).toBe(undefined);
  });

  it('is that of published vectors', () => {
    const vectors = [
      [
        'stellar:pubnet',
        'GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ',
        '3f0c34bf93ad0d9971d04ccc90f705511c838aad9734a4a2fb0d7a03fc7fe89a',
      ],
      ['tron:0x2b6653dc', 'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t', 'a614f803b6fd780986a42c78ec9c7f77e6ded13c'],
      ['xrpl:0', 'rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh', 'b5f762798a53d543a014caf8b297cff8f2f937e8'],
      [
        'cip34:1-764824073',
        'addr1vx2fxv2umyhttkxyxp8x0dlpdt3k6cwng5pxj3jhsydzers66hrl8',
        '619493315cd92eb5d8c4304e67b7e16ae36d61d34502694657811a2c8e',
      ],
      [
        'polkadot:91b171bb158e2d3848fa23a9f1c25182',
        '15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5',
        'd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d',
      ],
    ] as const;
    for (const [chain, address, bytes] of vectors) {
      expect([address, bytesToHex(decodeAccount(chain, address) ?? new Uint8Array())]).toEqual([
        address,
        bytes,
      ]);
    }
  });
});
