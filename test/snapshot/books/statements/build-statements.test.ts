import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  COMPONENT_KINDS,
  encodeCanonicalJson,
  formatSignedDecimal,
  hashStatement,
  MAX_STATEMENT_LINES,
  parseStatement,
  STATEMENT_FORMAT,
  sumStatement,
  type AccountStatement,
  type ComponentKind,
  type Valuation,
} from '../../../../src/protocol/index.js';
import {
  buildStatements,
  readStatements,
} from '../../../../src/snapshot/books/statements/build-statements.js';

import { makeDirectory } from '../../../directory.js';
import {
  ASSETS,
  makeComponent,
  openBooks,
  quotePerpetual,
  type BookAccount,
  type Component,
  type QuotedInstrument,
} from './books.js';

type Books = {
  accounts: readonly BookAccount[];
  components: readonly Component[];
  instruments?: readonly QuotedInstrument[];
};
type Stored = { userId: string; json: string; hash: string };

/** The statements of these books, as their file holds them. */
async function build(books: Books): Promise<{ stored: Stored[]; hashes: unknown; directory: string }> {
  const directory = await makeDirectory();
  const outPath = join(directory, 'statements.parquet');
  const scratch = await openBooks(directory, books);
  try {
    const count = await buildStatements(scratch, { outPath });
    const stored: Stored[] = [];
    for await (const { userId, json, hash } of readStatements({ directory })) {
      stored.push({ userId, json: Buffer.from(json).toString(), hash: Buffer.from(hash).toString('hex') });
    }
    expect(stored).toHaveLength(count);
    const hashes = await scratch.select('../../../test/snapshot/books/statements/queries/select-hashes');
    return { stored, hashes, directory };
  } finally {
    scratch.close();
  }
}

const refusal = async (books: Books) => {
  const directory = await makeDirectory();
  const scratch = await openBooks(directory, books);
  try {
    const outPath = join(directory, 'statements.parquet');
    const error: unknown = await buildStatements(scratch, { outPath }).catch((caught: unknown) => caught);
    expect(await readdir(directory)).toEqual(['scratch']);
    return error;
  } finally {
    scratch.close();
  }
};

/** The statement of one user, worked out in TypeScript. */
function deriveTwin(userId: string, { accounts, components, instruments = [] }: Books): AccountStatement {
  const own = accounts.filter((account) => account.userId === userId).map(({ account }) => account);
  const keyOf = ({ account, bucket, assetIndex, kind, reference }: Component) => [
    Buffer.from(account),
    Buffer.from(bucket),
    Buffer.of(assetIndex),
    Buffer.of(COMPONENT_KINDS.indexOf(kind as ComponentKind)),
    Buffer.from(reference),
  ];
  const compare = (a: Component, b: Component) => {
    const [left, right] = [keyOf(a), keyOf(b)];
    return left.map((part, index) => Buffer.compare(part, right[index]!)).find((order) => order !== 0) ?? 0;
  };
  return {
    format: STATEMENT_FORMAT,
    lines: components
      .filter(({ account }) => own.includes(account))
      .sort(compare)
      .map((component) => ({
        account: component.account,
        asset: ASSETS[component.assetIndex]!.symbol,
        bucket: component.bucket,
        kind: component.kind as ComponentKind,
        reference: component.reference,
        valuation: deriveValuation(component, instruments),
        value: formatSignedDecimal({
          coefficient: component.valueUnits,
          fractionDigits: ASSETS[component.assetIndex]!.decimals,
        }),
      })),
  };
}

function deriveValuation(
  { instrument, quantity, entryPrice }: Component,
  instruments: readonly QuotedInstrument[],
): Valuation {
  const write = (coefficient: bigint) => formatSignedDecimal({ coefficient, fractionDigits: 18 });
  if (quantity === null) return { of: 'net' };
  const stated = { quantity: write(quantity), rounding: 'up' } as const;
  if (instrument === null) return { of: 'amount', ...stated };
  const quoted = instruments.find(({ instrument: { name } }) => name === instrument)!;
  const entry = entryPrice === null ? null : write(entryPrice);
  return { of: 'position', ...quoted, entryPrice: entry, ...stated };
}

const text = fc.oneof(
  fc.constantFrom('a', 'B', 'a"b', 'back\\slash', '\\"', 'é', '\uff5e', '\u{1f600}', ' x ', 'null', "it's"),
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
    .filter((value) => !/[\p{C}\p{Zl}\p{Zp}]/u.test(value)),
);
const INSTRUMENTS = ['BTC-PERP', 'a"b', 'back\\slash', '\u{1f600}'].map((name) =>
  quotePerpetual(name, { source: `feed of ${name}` }),
);
const amount = fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }).map((big) => big / 10n ** 9n);
const component = fc.record({
  account: fc.constantFrom('a-1', 'a-2', 'b"1', '\u{1f600}', '\uff5e', 'house'),
  bucket: fc.oneof(fc.constant('cross'), text),
  assetIndex: fc.nat(2),
  kind: fc.constantFrom<string>(...COMPONENT_KINDS),
  reference: fc.oneof(fc.constant(''), text),
  instrument: fc.option(fc.constantFrom(...INSTRUMENTS.map(({ instrument: { name } }) => name))),
  quantity: fc.option(amount),
  entryPrice: fc.option(amount),
  valueUnits: fc.oneof(
    fc.constantFrom(0n, 1n, -1n, 10n, -100n, 10n ** 8n, -(10n ** 18n)),
    fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
  ),
});
const ACCOUNTS: readonly BookAccount[] = [
  { account: 'a-1', userId: 'ann@example.org' },
  { account: 'a-2', userId: 'ann@example.org' },
  { account: 'b"1', userId: 'b "quoted" \\ user' },
  { account: '\u{1f600}', userId: '\uff5e' },
  { account: '\uff5e', userId: '\u{1f600}' },
  { account: 'empty', userId: 'zoe@example.org' },
  { account: 'house', userId: null },
];
const USERS = ['ann@example.org', 'b "quoted" \\ user', 'zoe@example.org', '\uff5e', '\u{1f600}'];

describe('statements', () => {
  it('are those of a slow twin, byte for byte and hash for hash, for any components', async () => {
    const components = fc.uniqueArray(component, {
      minLength: 30,
      maxLength: 60,
      selector: (row) => JSON.stringify([row.account, row.bucket, row.assetIndex, row.kind, row.reference]),
    });
    await fc.assert(
      fc.asyncProperty(components, async (rows) => {
        const books = { accounts: ACCOUNTS, components: rows, instruments: INSTRUMENTS };
        const { stored, hashes } = await build(books);
        const expected = USERS.map((userId) => {
          const twin = deriveTwin(userId, books);
          const hash = hashStatement(twin).toString(16).padStart(62, '0');
          return { userId, json: Buffer.from(encodeCanonicalJson(twin)).toString(), hash };
        });
        expect(stored).toEqual(expected);
        expect(hashes).toEqual(expected.map(({ userId, hash }) => ({ user_id: userId, hash })));
      }),
      { seed: 7, numRuns: 12, endOnFailure: true },
    );
  });

  it('are read by the protocol, in its order, and add up to what their components do', async () => {
    const components = [
      makeComponent({ valueUnits: 150_000_000n }),
      makeComponent({ kind: 'loan', valueUnits: -50_000_000n, reference: 'l-0' }),
      makeComponent({ bucket: 'p-2', kind: 'isolated-margin', valueUnits: 7n, reference: 'p-2' }),
      makeComponent({ bucket: 'p-2', kind: 'funding', valueUnits: -9n, reference: 'p-2' }),
      makeComponent({ account: 'a-2', assetIndex: 2, kind: 'loan', valueUnits: -3n, reference: 'l-1' }),
      makeComponent({ account: 'house', valueUnits: 10n ** 20n }),
    ];
    const { stored } = await build({ accounts: ACCOUNTS, components });
    const statement = parseStatement(Buffer.from(stored[0]!.json));
    expect(statement.lines.map(({ value }) => value)).toEqual([
      '1.5',
      '-0.5',
      '-0.00000009',
      '0.00000007',
      '-3',
    ]);
    expect(sumStatement(statement.lines, ASSETS)).toEqual([
      { assetIndex: 1, equityUnits: 100_000_000n, debtUnits: 2n },
      { assetIndex: 2, equityUnits: 0n, debtUnits: 3n },
    ]);
  });

  it('have no line for a user without components, and there is none for the house', async () => {
    const { stored, directory } = await build({ accounts: ACCOUNTS, components: [] });
    expect(stored.map(({ userId }) => userId)).toEqual(USERS);
    expect(new Set(stored.map(({ json }) => json))).toEqual(
      new Set(['{"format":"solvent/statement/v2","lines":[]}']),
    );
    expect(await readdir(directory)).toEqual(['scratch', 'statements.parquet']);
    expect((await stat(join(directory, 'statements.parquet'))).mode & 0o777).toBe(0o600);
  });

  it('are the same bytes however the components come', async () => {
    const rows = fc.sample(component, { numRuns: 40, seed: 9 });
    const components = rows.map((row, index) => ({ ...row, reference: `r-${index}` }));
    const books = { accounts: ACCOUNTS, components, instruments: INSTRUMENTS };
    const { stored } = await build(books);
    const again = await build({ ...books, components: [...components].reverse() });
    expect(again.stored).toEqual(stored);
  });

  it.each<[string, Partial<Component>]>([
    ['an account with a line feed', { account: 'a\nb' }],
    ['a bucket with a zero byte', { bucket: 'a\u0000b' }],
    ['a reference with a line separator', { reference: 'a\u2028b' }],
    ['a reference of 257 bytes', { reference: 'é'.repeat(128) + 'x' }],
  ])('are refused for %s', async (_, changes) => {
    const odd = makeComponent(changes);
    const accounts = [...ACCOUNTS, { account: odd.account, userId: 'ann@example.org' }];
    const books = {
      accounts: accounts.filter(
        ({ account }, at) => accounts.findIndex((other) => other.account === account) === at,
      ),
      components: [makeComponent({ reference: 'r' }), odd],
    };
    expect(await refusal(books)).toMatchObject({
      errorClass: 'source',
      code: 'statement-text-unsuitable',
      details: { count: 1 },
    });
  });

  it.each<[string, QuotedInstrument]>([
    ['an empty instrument', quotePerpetual('')],
    ['an instrument of 257 bytes', quotePerpetual('x'.repeat(257))],
    ['an underlying with a line feed', quotePerpetual('X', { underlying: 'a\nb' })],
    ['a price source with an escape', quotePerpetual('X', { source: 'a\u001b[2J' })],
  ])('are refused for %s, once for each line of it', async (_, quoted) => {
    const { name: instrument } = quoted.instrument;
    const components = ['p-1', 'p-2'].map((reference) =>
      makeComponent({ kind: 'futures', instrument, entryPrice: 1n, reference }),
    );
    const books = {
      accounts: ACCOUNTS,
      components: [makeComponent({}), ...components],
      instruments: [quoted],
    };
    expect(await refusal(books)).toMatchObject({
      errorClass: 'source',
      code: 'statement-text-unsuitable',
      details: { count: 2 },
    });
  });

  it('are refused for a user with more lines, or bytes, than a statement may have', async () => {
    const most = Array.from({ length: MAX_STATEMENT_LINES }, (_, index) =>
      makeComponent({ reference: `r-${index}` }),
    );
    const tooLong = { errorClass: 'source', code: 'statement-too-long', details: { count: 1 } };
    const beyond = [...most, makeComponent({ reference: 'one more' })];
    expect(await refusal({ accounts: ACCOUNTS, components: beyond })).toMatchObject(tooLong);
    const quoted = quotePerpetual('X'.repeat(256), { source: 'x'.repeat(256) });
    const { name: instrument } = quoted.instrument;
    const wide = most.map((row) => ({ ...row, kind: 'futures', instrument, entryPrice: 1n }));
    expect(await refusal({ accounts: ACCOUNTS, components: wide, instruments: [quoted] })).toMatchObject(
      tooLong,
    );
  });
});
