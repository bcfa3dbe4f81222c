import { SolventError, type Trust } from '../../protocol/index.js';
import { parsePins } from '../../protocol/reserves/index.js';
import type { Report } from '../../verifier/index.js';
import {
  toBundleVerdict,
  verifyReserves,
  type ReservesReport,
  type ReservesSource,
} from '../../verifier/reserves/index.js';
import { MAX_WHOLE_FILE_BYTES } from './limits.js';
import { parsePastedHash } from './pasted-hash.js';

/** Reserves that the user of the page gives it, beside their own file. */
export type ReservesGiven = {
  /** By their published names. */
  readonly files: Readonly<Record<string, Blob>>;
  /** The user's own pins, never the platform's. */
  readonly pins: Blob | undefined;
  /** The reserves hash from a public place, as it was pasted; empty where there is none. */
  readonly reservesHash: string;
};

/** What the checker says of reserves. */
export type ReservesAnswer =
  | { readonly kind: 'report'; readonly report: ReservesReport }
  /** They were not checked, and what is wrong. */
  | { readonly kind: 'refusal'; readonly code: string; readonly sentence: string };

/**
 * Verifies reserves against a bundle that was verified with the user's own file. Everything that goes wrong is an answer, and
 * none of those is a valid report.
 */
export async function answerReserves(
  given: ReservesGiven,
  report: Report,
  trust: Trust | undefined,
): Promise<ReservesAnswer> {
  if (!report.valid) {
    return refuse(
      'bundle-not-shown',
      'Reserves stand against what is owed, and that was not shown in this run: put right what is wrong above first.',
    );
  }
  const reservesHash = given.reservesHash.trim() === '' ? undefined : parsePastedHash(given.reservesHash);
  if (given.reservesHash.trim() !== '' && reservesHash === undefined) {
    return refuse('hash-malformed', 'What you pasted as the reserves hash is none: a hash has 64 digits.');
  }
  try {
    const source = await openSource(given.files);
    if (source === undefined) {
      return refuse(
        'reserves-missing',
        'Add reserves.json and reserves.sig.json; the others lie beside them.',
      );
    }
    const pins = given.pins === undefined ? undefined : parsePins(await readBlob(given.pins));
    const bundle = toBundleVerdict(report, trust);
    return { kind: 'report', report: await verifyReserves(source, { bundle, pins, reservesHash }) };
  } catch (error) {
    if (error instanceof MissingFile) {
      return refuse('reserves-incomplete', `Add ${error.fileName}; it lies beside reserves.json.`);
    }
    if (error instanceof SolventError) {
      return refuse(
        (error as SolventError).code,
        'Your pins cannot be read: they are damaged, or of another version.',
      );
    }
    return refuse('file-unreadable', 'A file cannot be read any more: add the files again.');
  }
}

/** A file that `reserves.json` lists and the user did not give; never leaves this module. */
class MissingFile extends Error {
  readonly fileName: string;

  constructor(fileName: string) {
    super('a file of the reserves is missing');
    this.fileName = fileName;
  }
}

async function openSource(files: ReservesGiven['files']): Promise<ReservesSource | undefined> {
  const { 'reserves.json': reserves, 'reserves.sig.json': signature } = files;
  if (reserves === undefined || signature === undefined) return undefined;
  return {
    reserves: await readBlob(reserves),
    signature: await readBlob(signature),
    readFile: async (name, sizeBytes) => {
      const file = Object.hasOwn(files, name) ? files[name] : undefined;
      if (file === undefined) throw new MissingFile(name);
      return readBlob(file, sizeBytes + 1);
    },
  };
}

/** A byte more than may be: what is longer is refused for its size. */
async function readBlob(file: Blob, maxBytes = MAX_WHOLE_FILE_BYTES): Promise<Uint8Array> {
  return new Uint8Array(await file.slice(0, maxBytes).arrayBuffer());
}

function refuse(code: string, sentence: string): ReservesAnswer {
  return { kind: 'refusal', code, sentence };
}
