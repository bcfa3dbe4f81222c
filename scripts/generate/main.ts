import { Option } from 'commander';

import { describeScript, parseFrom, parseOneOf, parseSeed } from '../command-line.js';
import { generateExchange } from './exchange.js';
import { MAX_MARKET_ASSETS } from './market.js';
import { CASH_SOURCES, type CashSource } from './venue/config-file.js';
import { PLANTS, type Plant } from './venue/plants.js';
import { BOOK_FORMATS, type BookFormat } from './venue/source-files.js';
import { generateVenue } from './venue/venue.js';

type Size = {
  readonly users: number;
  readonly seed: number;
  readonly assets: number;
  readonly directory: string;
};
type Flags = {
  readonly books?: true;
  readonly users: number;
  readonly seed: number;
  readonly out: string;
  readonly assets: number;
  readonly ledgerRows: number;
  readonly format: BookFormat;
  readonly cash: CashSource;
  readonly plant: readonly Plant[];
};

const CALL = 'node dist/scripts/generate/main.js';

const command = describeScript(CALL, {
  does: `\
Write what an invented platform has: a balance file and a price list, or with --books the books of an options venue and
the snapshot.yaml that says where they are.

Each --plant is one mistake in the books: ${PLANTS.join(', ')}.`,
  examples: [
    '--users 1000 --seed 1 --out balances',
    '--books --users 1000 --seed 1 --out books --format csv',
    '--books --users 1000 --seed 1 --out broken --plant ledger-row-dropped',
  ],
})
  .requiredOption('--users <count>', 'users to make', parseFrom(1, 2 ** 31))
  .requiredOption(
    '--seed <number>',
    'what they are drawn from: the same seed makes the same files',
    parseSeed,
  )
  .requiredOption('--out <dir>', 'where the files go')
  .option('--assets <count>', 'assets of the market; books have 4 to 64', parseFrom(1, MAX_MARKET_ASSETS), 16)
  .option('--books', 'the books of an options venue')
  .option(
    '--ledger-rows <count>',
    'with --books: rows of the ledger an account, about',
    parseFrom(2, 1000),
    20,
  )
  .addOption(
    new Option('--format <name>', 'with --books: the files').choices(BOOK_FORMATS).default('parquet'),
  )
  .addOption(
    new Option('--cash <source>', 'with --books: where cash comes from')
      .choices(CASH_SOURCES)
      .default('balances-total'),
  )
  .option('--plant <name>', 'with --books: a mistake to make; may be given again', collectPlant, []);

function collectPlant(name: string, earlier: readonly Plant[]): readonly Plant[] {
  return [...earlier, parseOneOf(PLANTS)(name)];
}

const { out: directory, ...flags } = command.parse().opts<Flags>();
try {
  await (flags.books ? writeBooks({ ...flags, directory }) : writeBalances({ ...flags, directory }));
} catch (error) {
  if (!(error instanceof RangeError)) throw error;
  command.error(`error: ${error.message}`);
}

async function writeBalances(size: Size): Promise<void> {
  const made = await generateExchange(size);
  console.log(`${made.userCount} users, ${made.debtorCount} of them in debt, ${made.rowCount} rows`);
  console.log(made.balancesPath);
  console.log(made.assetsPath);
}

async function writeBooks(size: Size & Omit<Flags, 'out'>): Promise<void> {
  const { plant: plants, ...options } = size;
  const made = await generateVenue({ ...options, plants });
  console.log(`${made.userCount} users with ${made.accountCount} accounts`);
  for (const [role, count] of made.rows) console.log(`${role.padEnd(12)} ${count}`);
  for (const { plant, ...where } of made.planted) {
    const names = Object.entries(where).map(([key, name]) => `${key} ${name ?? '-'}`);
    console.log(`planted ${plant}: ${names.join(', ')}`);
  }
  console.log(made.configPath);
}
