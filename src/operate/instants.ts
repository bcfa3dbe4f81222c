import { dirname } from 'node:path';

import { z } from 'zod';

import { encodeJsonLine, parseJsonLine, parseSchema, primitives as p } from '../protocol/index.js';
import { findRegularFile, syncDirectory, writeFileAtomically } from '../system/index.js';
import { refuseOperation } from './errors.js';

export const INSTANTS_FORMAT = 'solvent/instants/v1';
const PIN_FORMAT = 'solvent/instant/v1';
/** One every ten minutes for twenty years, at some 500 bytes each. */
const MAX_INSTANTS_BYTES = 512 * 1024 * 1024;
const MAX_PIN_BYTES = 64 * 1024;
const OWNER_ONLY = 0o600;

const code = z.string().regex(/^[a-z0-9-]{1,64}$/);
const failure = z.strictObject({
  at: p.instant,
  step: code,
  code,
  class: code,
  /** What was expected, what was found and what to do; null where it may name an account. */
  message: z.string().nullable(),
});

const entrySchema = z.strictObject({
  takenAt: p.instant,
  /** Begun and not published; published; or passed by a later one, so that it can never be published. */
  state: z.enum(['begun', 'published', 'passed']),
  begunAt: p.instant,
  endedAt: p.instant.nullable(),
  manifestHash: p.sha256Hex.nullable(),
  previousManifestHash: p.sha256Hex.nullable(),
  reservesHash: p.sha256Hex.nullable(),
  /** Whether the hook for what came of it has ended well; true where there is none. */
  isTold: z.boolean(),
  /** Why the last run of it ended early; null where it did not. */
  failure: failure.nullable(),
});

const schema = z.strictObject({
  format: z.literal(INSTANTS_FORMAT),
  /** By instant. */
  entries: z.array(entrySchema),
  /** What a rule named and nobody made: from the first to the last of them. */
  missed: z.array(
    z.strictObject({ from: p.instant, to: p.instant, count: z.int().min(1), saidAt: p.instant }),
  ),
  /** How often runs ended early, by code. */
  failures: z.record(code, z.int().min(1)),
  /** Why the last run ended early, also where it came to no instant; null where it did not. */
  lastFailure: failure.extend({ takenAt: p.instant.nullable() }).nullable(),
});

/** One instant, and what became of it. */
export type InstantEntry = z.infer<typeof entrySchema>;
/** Every instant of an operation. */
export type Instants = Omit<z.infer<typeof schema>, 'format'>;

/** Reads the list of instants; an empty one where there is none. @throws SolventError `instants-malformed`. */
export async function loadInstants(path: string): Promise<Instants> {
  const bytes = await findRegularFile(path, MAX_INSTANTS_BYTES);
  if (bytes === undefined) return { entries: [], missed: [], failures: {}, lastFailure: null };
  try {
    const parsed = parseSchema(schema, INSTANTS_FORMAT, parseJsonLine(bytes, MAX_INSTANTS_BYTES));
    const { entries, missed, failures, lastFailure } = parsed;
    return { entries, missed, failures, lastFailure };
  } catch (cause) {
    throw refuseOperation('instants-malformed', {
      expected: `the list of instants in ${path}`,
      found: 'another file',
      details: { path },
      cause,
    });
  }
}

/** Writes the list of instants: when this returns it is on disk. */
export async function saveInstants(path: string, instants: Instants): Promise<void> {
  await writeFileAtomically(path, encodeJsonLine({ format: INSTANTS_FORMAT, ...instants }), {
    mode: OWNER_ONLY,
  });
  await syncDirectory(dirname(path));
}

/** The list with an entry put in or replaced. */
export function putEntry(instants: Instants, entry: InstantEntry): Instants {
  const others = instants.entries.filter(({ takenAt }) => takenAt !== entry.takenAt);
  const entries = [...others, entry].sort(
    (one, other) => Date.parse(one.takenAt) - Date.parse(other.takenAt),
  );
  return { ...instants, entries };
}

/** The entry of an instant that nothing is made of yet. */
export function newEntry(takenAt: string, now: string): InstantEntry {
  const nothing = { endedAt: null, manifestHash: null, previousManifestHash: null, reservesHash: null };
  return { takenAt, state: 'begun', begunAt: now, ...nothing, isTold: false, failure: null };
}

/** The last instant that is published. */
export function findLastPublished({ entries }: Instants): InstantEntry | undefined {
  return entries.findLast(({ state }) => state === 'published');
}

/** What an instant is made from: names of inputs, with a hash of each. */
export type InstantInputs = Readonly<Record<string, string | null>>;

const pinSchema = z.strictObject({
  format: z.literal(PIN_FORMAT),
  takenAt: p.instant,
  inputs: z.record(z.string(), z.string().nullable()),
});

/**
 * Holds an instant to what it began with; before anything is made of it, to what is given now.
 * @param options `isMade`: whether its snapshot is there.
 * @throws SolventError `operation-changed` with the names of what differs.
 */
export async function holdToInputs(
  path: string,
  {
    takenAt,
    inputs,
    isMade,
  }: { readonly takenAt: string; readonly inputs: InstantInputs; readonly isMade: boolean },
): Promise<void> {
  const bytes = isMade ? await findRegularFile(path, MAX_PIN_BYTES) : undefined;
  if (bytes === undefined) {
    await writeFileAtomically(path, encodeJsonLine({ format: PIN_FORMAT, takenAt, inputs }), {
      mode: OWNER_ONLY,
    });
    return syncDirectory(dirname(path));
  }
  const pinned = parseSchema(pinSchema, PIN_FORMAT, parseJsonLine(bytes, MAX_PIN_BYTES)).inputs;
  const names = [...new Set([...Object.keys(pinned), ...Object.keys(inputs)])];
  const changed = names.filter((name) => pinned[name] !== inputs[name]).sort();
  if (changed.length === 0) return;
  throw refuseOperation('operation-changed', {
    expected: `what the run of ${takenAt} began with`,
    found: `another ${changed.join(', another ')}`,
    advice: `give the same again until it is published; or, where nothing of it was announced, remove ${dirname(path)}`,
    details: { takenAt, changed },
  });
}
