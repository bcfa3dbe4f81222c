import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The three instants that random books are written at. */
export const INSTANTS = ['2026-01-29T00:00:00Z', '2026-01-30T00:00:00Z', '2026-01-31T00:00:00Z'] as const;

/** Prices of the assets, one at each instant; OLD is delisted between the first two. */
export const PRICES: Readonly<Record<string, readonly string[]>> = {
  BTC: ['90000', '96000', '91250.5'],
  ETH: ['3000', '3100.25', '3050'],
  USDT: ['1', '0.9995', '1.0002'],
  OLD: ['2.5', '0', '0'],
};
export const DECIMALS: Readonly<Record<string, number>> = { BTC: 8, ETH: 6, USDT: 6, OLD: 4 };

type MadeInstrument = {
  readonly row: string;
  /** At each instant: a mark, or forward and volatility; null where it is not traded any more. */
  readonly marks: readonly (Readonly<Record<string, readonly [price: string, asset: string]>> | null)[];
  /** What one contract is at each instant, if it changes. */
  readonly sizes?: readonly string[];
  readonly entry: string;
};

const mark = (price: string, asset: string) => ({ mark: [price, asset] as const });
const model = (forward: string, volatility: string, asset = 'USD') => ({
  forward: [forward, asset] as const,
  volatility: [volatility, ''] as const,
});
const delivered = (price: string) => ({ settlement: [price, 'USD'] as const });

/**
 * Futures that are linear, inverse and converted; options in the coin and in dollars, with the inputs of Greeks and without,
 * and such that expire between the instants, settled or not; a contract whose size changes.
 */
export const INSTRUMENTS: Readonly<Record<string, MadeInstrument>> = {
  LINEAR: {
    row: 'perpetual,BTC,USDT,0.1,linear,,,',
    marks: [mark('90010.5', 'USDT'), mark('96020', 'USDT'), mark('91260', 'USDT')],
    entry: '88000',
  },
  CONVERTED: {
    row: 'future,BTC,USDT,0.1,linear,,2026-06-26T08:00:00Z,',
    marks: [mark('90500', 'USD'), mark('96600', 'USD'), mark('91800', 'USD')],
    entry: '90000',
  },
  INVERSE: {
    row: 'perpetual,BTC,BTC,100,inverse,,,',
    marks: [mark('90010', 'USD'), mark('96010', 'USD'), mark('91255', 'USD')],
    entry: '91000',
  },
  RESIZED: {
    row: 'perpetual,ETH,USDT,SIZE,linear,,,',
    marks: [mark('3001', 'USDT'), mark('3101', 'USDT'), mark('3051', 'USDT')],
    sizes: ['1', '0.1', '0.1'],
    entry: '2990',
  },
  CALL: {
    row: 'option,BTC,BTC,1,premium-paid,100000,2026-03-27T08:00:00Z,call',
    marks: [model('90900', '0.52'), model('96950', '0.5'), model('92100', '0.535')],
    entry: '0.03',
  },
  PUT: {
    row: 'option,BTC,BTC,1,premium-paid,85000,2026-02-27T08:00:00Z,put',
    marks: [model('90450', '0.55'), model('96500', '0.53'), model('91700', '0.56')],
    entry: '0.02',
  },
  MARGINED: {
    row: 'option,ETH,USDT,1,futures-style,3200,2026-03-27T08:00:00Z,call',
    marks: [model('3020', '0.6', 'USDT'), model('3120', '0.62', 'USDT'), model('3070', '0.61', 'USDT')],
    entry: '200',
  },
  // A mark and nothing else: it implies a volatility.
  MARKED: {
    row: 'option,BTC,BTC,1,premium-paid,120000,2026-03-27T08:00:00Z,call',
    marks: [mark('0.011', 'BTC'), mark('0.016', 'BTC'), mark('0.012', 'BTC')],
    entry: '0.01',
  },
  // Below what exercise would pay: no volatility is implied.
  BELOW: {
    row: 'option,BTC,BTC,1,premium-paid,50000,2026-03-27T08:00:00Z,call',
    marks: [mark('0.3', 'BTC'), mark('0.35', 'BTC'), mark('0.31', 'BTC')],
    entry: '0.3',
  },
  SETTLED: {
    row: 'option,BTC,BTC,1,premium-paid,92000,2026-01-29T08:00:00Z,call',
    marks: [model('90100', '0.7'), null, null],
    entry: '0.01',
  },
  UNSETTLED: {
    row: 'option,BTC,BTC,1,premium-paid,90500,2026-01-29T08:00:00Z,call',
    marks: [model('90100', '0.7'), delivered('91000'), delivered('91000')],
    entry: '0.01',
  },
  EXPIRING: {
    row: 'option,BTC,BTC,1,premium-paid,96000,2026-01-31T08:00:00Z,call',
    marks: [model('90100', '0.6'), model('96020', '0.65'), model('91260', '0.8')],
    entry: '0.005',
  },
};

/** A position at one instant. */
export type MadePosition = {
  readonly account: string;
  readonly id: string;
  readonly instrument: string;
  readonly quantity: string;
  readonly entry: string;
  readonly margin: string | null;
};

export type LedgerRow = {
  readonly account: string;
  readonly asset: string;
  readonly amount: string;
  readonly kind: string;
  readonly at: string;
};

export type RandomBooks = {
  readonly accounts: readonly string[];
  readonly ledger: readonly LedgerRow[];
  /** At each instant. */
  readonly positions: readonly (readonly MadePosition[])[];
  /** The configuration of the books at each instant. */
  readonly configPaths: readonly string[];
};

const KINDS = [
  ...['deposit', 'withdrawal', 'transfer', 'adjustment', 'trade', 'realised'],
  ...['fee', 'funding', 'interest', 'settlement'],
];

/** A generator of whole numbers below a bound. Source: G. Marsaglia's xorshift, 32 bits. */
export function drawFrom(seed: number): (bound: number) => number {
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
}

/** Writes random books at three instants: one ledger, and positions that stay, come, go, grow, and lie apart. */
export async function writeRandomBooks(
  directory: string,
  { seed, accountCount }: { readonly seed: number; readonly accountCount: number },
): Promise<RandomBooks> {
  const draw = drawFrom(seed);
  const accounts = Array.from({ length: accountCount }, (_, index) => `acc-${index}`);
  const ledger = accounts.flatMap((account, index) => drawLedger(draw, account, index));
  const positions = drawPositions(draw, accounts);
  const loans = INSTANTS.map((_, at) =>
    accounts
      .filter((_account, index) => index % 4 === at)
      .map((account) => `${account},loan-${account},USDT,${1 + draw(20)}.25,0.0${draw(1000)}`),
  );
  const configPaths = await writeBooks(directory, { accounts, ledger, positions, loans });
  return { accounts, ledger, positions, configPaths };
}

/** Books at three instants. */
export type MadeBooks = Omit<RandomBooks, 'configPaths'> & {
  /** Rows at each instant. */
  readonly loans?: readonly (readonly string[])[];
  /** Rows of prices and marks between the instants. */
  readonly between?: { readonly prices: readonly string[]; readonly marks: readonly string[] };
};

/** Writes the books of each instant into a directory of their own; the configurations. */
export async function writeBooks(directory: string, books: MadeBooks): Promise<string[]> {
  const configPaths: string[] = [];
  for (const [at, instant] of INSTANTS.entries()) {
    const place = join(directory, `books-${at}`);
    await mkdir(place, { recursive: true });
    for (const [name, text] of Object.entries(formatBooks(books, at)))
      await writeFile(join(place, name), text);
    await writeFile(join(place, 'snapshot.yaml'), formatConfig(instant));
    configPaths.push(join(place, 'snapshot.yaml'));
  }
  return configPaths;
}

function drawLedger(draw: (bound: number) => number, account: string, index: number): LedgerRow[] {
  // One account in ten appears in the second period, another has nothing left of what it began with.
  const appears = index % 10 === 3;
  const rows: LedgerRow[] = [];
  const hours = (from: number) => new Date(Date.parse(INSTANTS[0]) + from * 3_600_000).toISOString();
  const first = appears ? 30 : -48;
  for (const asset of Object.keys(PRICES)) {
    if (draw(3) === 0) continue;
    rows.push({ account, asset, amount: `${1000 + draw(9000)}.5`, kind: 'deposit', at: hours(first) });
    for (let row = draw(6); row > 0; row--) {
      const digits = String(draw(1_000_000_000)).padStart(18, '0');
      const sign = draw(2) === 0 ? '-' : '';
      rows.push({
        ...{ account, asset, kind: KINDS[draw(KINDS.length)]! },
        amount: `${sign}${draw(3)}.${digits}`,
        at: hours(first + 1 + draw(appears ? 17 : 95)),
      });
    }
  }
  return rows;
}

function drawPositions(draw: (bound: number) => number, accounts: readonly string[]): MadePosition[][] {
  const made: MadePosition[][] = [[], [], []];
  for (const [index, account] of accounts.entries()) {
    // One account in six has nothing but cash.
    if (index % 6 === 5) continue;
    for (const [instrument, { entry, marks, sizes }] of Object.entries(INSTRUMENTS)) {
      if (draw(3) > 0) continue;
      const fate = draw(5);
      const quantity = (draw(40) - 20) * 25 + 13;
      const margin = INSTRUMENTS[instrument]!.row.startsWith('perpetual') && draw(4) === 0 ? '50' : null;
      const base = { account, id: `${account}-${instrument}`, instrument, margin };
      for (const place of [0, 1, 2]) {
        if (marks[place] === null) continue;
        // Held throughout, opened after the first, closed before the last, grown, or opened anew at another price.
        if ((fate === 1 && place === 0) || (fate === 2 && place === 2)) continue;
        const grown = fate === 3 && place > 0 ? quantity + 7 * place : quantity;
        const scaled = sizes === undefined || place === 0 ? grown : grown * 10;
        const entered = fate === 4 && place > 0 ? `${entry}${entry.includes('.') ? '' : '.'}5` : entry;
        made[place]!.push({ ...base, quantity: `${scaled / 100}`, entry: entered });
      }
    }
  }
  return made;
}

function formatBooks(
  { accounts, ledger, positions, loans, between }: MadeBooks,
  place: number,
): Record<string, string> {
  const table = (header: string, rows: readonly string[]) =>
    `${header}\n${rows.map((row) => `${row}\n`).join('')}`;
  const just = new Date(Date.parse(INSTANTS[place]!) - 60_000).toISOString();
  const marks = Object.entries(INSTRUMENTS).flatMap(([name, { marks: at }]) =>
    Object.entries(at[place] ?? {}).map(
      ([kind, [price, asset]]) =>
        `${name},${kind},${price},${asset},${kind === 'settlement' ? '2026-01-29T08:00:00Z' : just}`,
    ),
  );
  return {
    'accounts.csv': table('account,user_id,class', [
      ...accounts.map((account) => `${account},${account}@example.com,user`),
      'desk,,house',
    ]),
    'ledger.csv': table('account,asset,amount,kind,at,reference', [
      ...ledger.map(
        ({ account, asset, amount, kind, at }, index) =>
          `${account},${asset},${amount},${kind},${at},r${index}`,
      ),
      `desk,BTC,5,deposit,2026-01-29T10:00:00Z,house`,
    ]),
    'prices.csv': table('asset,price,at', [
      ...Object.entries(PRICES).map(([asset, prices]) => `${asset},${prices[place]!},${just}`),
      ...(between?.prices ?? []),
    ]),
    'instruments.csv': table(
      'instrument,kind,underlying,settlement_asset,contract_size,style,strike,expiry,right',
      Object.entries(INSTRUMENTS).map(
        ([name, { row, sizes }]) => `${name},${row.replace('SIZE', sizes?.[place] ?? '')}`,
      ),
    ),
    'positions.csv': table(
      'account,position_id,instrument,quantity,entry_price,margin_mode,margin,margin_outside_cash',
      positions[place]!.map(
        ({ account, id, instrument, quantity, entry, margin }) =>
          `${account},${id},${instrument},${quantity},${entry},${margin === null ? 'cross,,' : `isolated,${margin},false`}`,
      ),
    ),
    'marks.csv': table('instrument,kind,price,price_asset,at', [...marks, ...(between?.marks ?? [])]),
    'loans.csv': table('account,loan_id,asset,principal,interest', loans?.[place] ?? []),
  };
}

function formatConfig(instant: string): string {
  const source = (role: string, more = '', isTimed = true) =>
    `  ${role}: {files: [${role}.csv], format: csv${isTimed ? `, completeTo: ${instant}` : ''}${more}}`;
  return `format: solvent/books/v1
platform: Random Options
quote: USD
cash: ledger
underwater: write-off
isolatedLoss: limited
maxMarkAge: 10m
modelPrices: {rate: '0.04', dayCount: act/365}
assets:
${Object.entries(DECIMALS)
  .map(
    ([asset, decimals]) =>
      `  - {symbol: ${asset}, decimals: ${decimals}, collateralRatio: 1, maxPriceAge: 10m}`,
  )
  .join('\n')}
sources:
${source('ledger')}
${source('accounts', '', false)}
${source('prices', ', constants: {source: Index}')}
${source('instruments', ", constants: {netted: 'false'}", false)}
${source('positions')}
${source('marks', ', constants: {source: Venue}')}
${source('loans')}
`;
}
