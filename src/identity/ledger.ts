import { basename, dirname } from 'node:path';

import { z } from 'zod';

import {
  findRegularFile,
  makeDirectory,
  syncDirectory,
  waitForLock,
  writeFileAtomically,
} from '../system/index.js';
import { encodeJsonLine, parseJsonLine, parseSchema, primitives, SolventError } from '../protocol/index.js';
import { refuseIdentity } from './errors.js';

export const LEDGER_FORMAT = 'solvent/signing-ledger/v1';
/** A manifest a day for a century, at 400 bytes or so each. */
const MAX_LEDGER_BYTES = 16 * 1024 * 1024;
const OWNER_ONLY = 0o600;
const OWNER_ONLY_DIRECTORY = 0o700;

const entrySchema = z.strictObject({
  platform: primitives.name,
  takenAt: primitives.instant,
  manifestHash: primitives.sha256Hex,
  /** Tells runs apart: a hash of the run's secret. */
  run: primitives.sha256Hex,
  signingKey: primitives.sha256Hex,
});
const schema = z.strictObject({ format: z.literal(LEDGER_FORMAT), entries: z.array(entrySchema) });

type LedgerEntry = z.infer<typeof entrySchema>;

/** The instant of a platform that a manifest is about. */
export type LedgerInstant = Pick<LedgerEntry, 'platform' | 'takenAt'>;

/** Where a ledger is, and what is done about a second manifest for one instant. */
export type LedgerOptions = {
  /** A file that need not be there; its directory is made. */
  readonly path: string;
  /** The key that signs, 64 hexadecimal digits. */
  readonly signingKey: string;
  /** Whether a second manifest is meant: both are kept. */
  readonly replace?: boolean;
  /** For keys that nobody relies on: told what would have been refused. */
  readonly onRefusal?: (message: string) => void;
};

/**
 * What a platform's key signed: one manifest for each instant. Two of them for one instant are evidence against the
 * platform, also where the second was a mistake.
 */
export class SigningLedger {
  readonly #options: LedgerOptions;

  constructor(options: LedgerOptions) {
    this.#options = options;
  }

  /**
   * Refuses, before any work, a run whose manifest would be a second one, and a ledger that cannot be kept.
   * @param run what tells runs apart; null where the run has not begun.
   * @throws SolventError `manifest-signed-already`, `ledger-malformed`, `ledger-unusable`.
   */
  async assertFree(instant: LedgerInstant, run: string | null): Promise<void> {
    await this.#change((entries) => {
      const others = findSame(entries, instant).filter((entry) => entry.run !== run);
      const isOwn = findSame(entries, instant).some((entry) => entry.run === run);
      if (others[0] !== undefined && !isOwn) this.#refuse(others[0]);
      return undefined;
    });
  }

  /**
   * Keeps what is about to be signed: when this returns it is on disk. The same manifest again changes nothing.
   * @throws SolventError `manifest-signed-already`, `ledger-malformed`, `ledger-unusable`.
   */
  async record(entry: Omit<LedgerEntry, 'signingKey'>): Promise<void> {
    await this.#change((entries) => {
      const same = findSame(entries, entry);
      if (same.some(({ manifestHash }) => manifestHash === entry.manifestHash)) return undefined;
      if (same[0] !== undefined) this.#refuse(same[0]);
      const { platform, takenAt, manifestHash, run } = entry;
      const { signingKey } = this.#options;
      return [...entries, { platform, takenAt, manifestHash, run, signingKey }];
    });
  }

  /** The manifest that was signed for an instant last; undefined where there is none. @throws SolventError `ledger-malformed`. */
  async find(instant: LedgerInstant): Promise<string | undefined> {
    return findSame(await this.#load(), instant).at(-1)?.manifestHash;
  }

  /** Reads the ledger and writes what `change` makes of it, alone. */
  async #change(change: (entries: readonly LedgerEntry[]) => LedgerEntry[] | undefined): Promise<void> {
    const { path, onRefusal } = this.#options;
    const directory = dirname(path);
    try {
      await makeDirectory(directory, OWNER_ONLY_DIRECTORY);
      const lock = await waitForLock(directory, `.${basename(path)}.lock`);
      try {
        const entries = change(await this.#load());
        if (entries === undefined) return;
        await writeFileAtomically(path, encodeJsonLine({ format: LEDGER_FORMAT, entries }), {
          mode: OWNER_ONLY,
        });
        await syncDirectory(directory);
      } finally {
        await lock.release();
      }
    } catch (error) {
      const named = nameFault(path, error);
      if (onRefusal === undefined) throw named;
      onRefusal(named.message);
    }
  }

  async #load(): Promise<readonly LedgerEntry[]> {
    const { path } = this.#options;
    const bytes = await findRegularFile(path, MAX_LEDGER_BYTES);
    if (bytes === undefined) return [];
    try {
      return parseSchema(schema, LEDGER_FORMAT, parseJsonLine(bytes, MAX_LEDGER_BYTES)).entries;
    } catch (cause) {
      throw refuseIdentity('ledger-malformed', {
        expected: `the list of what the key signed in ${path}`,
        found: 'another file',
        details: { path },
        cause,
      });
    }
  }

  #refuse({ platform, takenAt, manifestHash }: LedgerEntry): void {
    const { path, replace = false, onRefusal } = this.#options;
    if (replace) return;
    const error = refuseIdentity('manifest-signed-already', {
      expected: `the first manifest of ${platform} for ${takenAt}`,
      found: `a second, and by ${path} the manifest ${manifestHash} is signed`,
      details: { path, takenAt, manifestHash },
    });
    if (onRefusal === undefined) throw error;
    onRefusal(error.message);
  }
}

function findSame(
  entries: readonly LedgerEntry[],
  { platform, takenAt }: LedgerInstant,
): readonly LedgerEntry[] {
  return entries.filter((entry) => entry.platform === platform && entry.takenAt === takenAt);
}

/** A fault of the place is told with what to do about it. */
function nameFault(path: string, error: unknown): Error {
  const isOfDisk =
    (error as NodeJS.ErrnoException).syscall !== undefined ||
    (error instanceof SolventError &&
      ['file-unwritable', 'file-unreadable'].includes((error as SolventError).code));
  if (!isOfDisk) return error as Error;
  return refuseIdentity('ledger-unusable', {
    expected: `a file to keep what the key signs in at ${path}`,
    found: `an error (${(error as Error).message})`,
    details: { path },
    cause: error,
  });
}
