import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { writeDirectoryAtomically } from '../../system/index.js';
import {
  deriveDummyShuffleKey,
  deriveShuffleKey,
  encodeJsonLine,
  type Account,
  type RunSecret,
  type UnitPrice,
} from '../../protocol/index.js';
import { encodeAccount } from '../batch/account-record.js';
import type { BatchCircuit } from '../circuits.js';
import { batchFile, keysFile, PLAN_FILE, PRIVATE_DIRECTORY_MODE, PRIVATE_FILE_MODE } from '../run/paths.js';
import { AccountAudit, type AuditedSnapshot } from './account-audit.js';
import { BatchCutter } from './batch-cutter.js';
import { buildPlan, type BatchPlan } from './plan.js';
import { ShuffleIndex } from './shuffle-index.js';
import { Spool } from './spool.js';

/** What accounts are cut into batches with, and where. */
export type ShardOptions = {
  /** The directory of batches that appears whole. */
  readonly directory: string;
  readonly circuits: readonly BatchCircuit[];
  readonly secret: RunSecret;
  readonly snapshot: AuditedSnapshot;
  /** Over all A assets of the circuits. */
  readonly prices: readonly UnitPrice[];
  /** Told the number of accounts read so far. */
  readonly onAccount: (count: number) => void;
};

/**
 * Cuts a snapshot into batches: each account goes to the smallest circuit that holds it, dummies fill each circuit's
 * last batch, and all rows are put in the order of keys that only the secret's owner can derive. Accounts pass
 * through a file; memory holds about 60 bytes of each.
 * @param accounts each user once, in any order.
 * @throws SolventError `no-accounts`, `account-too-wide`, `account-malformed`, `account-not-covered`, `statement-mismatch`,
 * `account-doubled`, `snapshot-mismatch`; `directory-exists`.
 */
export async function shardAccounts(
  accounts: AsyncIterable<Account>,
  options: ShardOptions,
): Promise<BatchPlan> {
  let plan: BatchPlan | undefined;
  await writeDirectoryAtomically(
    options.directory,
    async (temporary) => {
      const spoolPath = join(temporary, 'spool');
      const spool = new Spool(spoolPath);
      try {
        const index = new ShuffleIndex();
        const accountCounts = await spoolAccounts(accounts, { ...options, spool, index });
        addDummies(index, accountCounts, options);
        const batchCounts = cutBatches(temporary, { ...options, spool, index });
        plan = buildPlan(
          options.circuits.map(({ name }, circuit) => ({
            name,
            batches: batchCounts[circuit]!,
            accounts: accountCounts[circuit]!,
          })),
        );
      } finally {
        spool.close();
      }
      await rm(spoolPath);
      await writeFile(join(temporary, PLAN_FILE), encodeJsonLine(plan), { mode: PRIVATE_FILE_MODE });
    },
    { mode: PRIVATE_DIRECTORY_MODE },
  );
  return plan!;
}

type Gathering = ShardOptions & { readonly spool: Spool; readonly index: ShuffleIndex };

async function spoolAccounts(accounts: AsyncIterable<Account>, gathering: Gathering): Promise<number[]> {
  const { circuits, secret, spool, index } = gathering;
  const audit = new AccountAudit(circuits, gathering);
  for await (const account of accounts) {
    const circuit = audit.take(account);
    gathering.onAccount(audit.accountCount);
    if (circuit === undefined) continue;
    const source = spool.append(encodeAccount(account));
    index.add(deriveShuffleKey(secret, account.userId), { circuit, source });
  }
  spool.flush();
  audit.finish();
  return audit.accountCounts;
}

function addDummies(
  index: ShuffleIndex,
  accountCounts: readonly number[],
  { circuits, secret }: ShardOptions,
) {
  circuits.forEach(({ parameters, tag }, circuit) => {
    const { users } = parameters;
    const missing = (users - (accountCounts[circuit]! % users)) % users;
    for (let dummy = 0; dummy < missing; dummy++) {
      index.add(deriveDummyShuffleKey(secret, tag, dummy), { circuit, source: { dummy } });
    }
  });
}

function cutBatches(directory: string, { circuits, spool, index }: Gathering): number[] {
  const cutters = circuits.map(
    ({ name, parameters }) =>
      new BatchCutter(parameters.users, {
        batchPath: (batch) => join(directory, batchFile(name, batch)),
        keysPath: join(directory, keysFile(name)),
      }),
  );
  const { order, hasEqualKeys } = index.sort();
  if (hasEqualKeys) throw AccountAudit.refuseDoubled();
  for (const position of order) {
    const { circuit, source } = index.rowAt(position);
    const row = 'dummy' in source ? source : { record: spool.read(source) };
    cutters[circuit]!.take(index.keyAt(position), row);
  }
  return cutters.map((cutter) => cutter.finish());
}
