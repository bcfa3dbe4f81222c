import { parseArgs } from 'node:util';

import { generateExchange } from './exchange.js';
import { CASH_SOURCES } from './venue/config-file.js';
import { isPlant, PLANTS } from './venue/plants.js';
import { BOOK_FORMATS } from './venue/source-files.js';
import { generateVenue } from './venue/venue.js';

const USAGE = `\
usage: node dist/scripts/generate/main.js --users N --seed N --out DIR [--assets N]
         a balance file and a price list: balances.csv, assets.csv
       node dist/scripts/generate/main.js --books --users N --seed N --out DIR [--assets N] [--ledger-rows N]
           [--format ${BOOK_FORMATS.join('|')}] [--cash ${CASH_SOURCES.join('|')}] [--plant NAME]...
         the books of an options venue, with a snapshot.yaml; each plant is one mistake in them:
         ${PLANTS.join('\n         ')}`;

type Size = {
  readonly users: number;
  readonly seed: number;
  readonly assets: number;
  readonly directory: string;
};
type Flags = ReturnType<typeof readFlags>;

/** Writes what an invented platform has: a balance file, or the books of an options venue. */
async function main(): Promise<void> {
  const flags = readFlags();
  const { users, seed, out } = flags;
  if (users === undefined || seed === undefined || out === undefined)
    throw new TypeError('expected --users, --seed and --out');
  const size = { users: Number(users), seed: Number(seed), assets: Number(flags.assets), directory: out };
  await (flags.books === true ? writeBooks(size, flags) : writeBalances(size));
}

async function writeBalances(size: Size): Promise<void> {
  const made = await generateExchange(size);
  console.log(`${made.userCount} users, ${made.debtorCount} of them in debt, ${made.rowCount} rows`);
  console.log(made.balancesPath);
  console.log(made.assetsPath);
}

async function writeBooks(size: Size, flags: Flags): Promise<void> {
  const made = await generateVenue({
    ...size,
    ledgerRows: Number(flags['ledger-rows']),
    format: choose('--format', flags.format, BOOK_FORMATS),
    cash: choose('--cash', flags.cash, CASH_SOURCES),
    plants: flags.plant.map((plant) => {
      if (isPlant(plant)) return plant;
      throw new RangeError('expected --plant to be one of those below, got another');
    }),
  });
  console.log(`${made.userCount} users with ${made.accountCount} accounts`);
  for (const [role, count] of made.rows) console.log(`${role.padEnd(12)} ${count}`);
  for (const { plant, ...where } of made.planted) {
    const names = Object.entries(where).map(([key, name]) => `${key} ${name ?? '-'}`);
    console.log(`planted ${plant}: ${names.join(', ')}`);
  }
  console.log(made.configPath);
}

function choose<T extends string>(flag: string, word: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === word);
  if (found === undefined)
    throw new RangeError(`expected ${flag} to be one of ${choices.join(', ')}, got another`);
  return found;
}

function readFlags() {
  const { values } = parseArgs({
    options: {
      books: { type: 'boolean' },
      users: { type: 'string' },
      seed: { type: 'string' },
      out: { type: 'string' },
      assets: { type: 'string', default: '16' },
      'ledger-rows': { type: 'string', default: '20' },
      format: { type: 'string', default: 'parquet' },
      cash: { type: 'string', default: 'balances-total' },
      plant: { type: 'string', multiple: true, default: [] },
    },
  });
  return values;
}

try {
  await main();
} catch (error) {
  if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
  console.error(`${error.message}\n${USAGE}`);
  process.exitCode = 2;
}
