import { setTimeout as sleep } from 'node:timers/promises';

import { isDirectoryHeld } from '../../system/index.js';
import { SolventError, type KeyProvenance } from '../../protocol/index.js';
import type { KeyStoreCode } from './errors.js';
import { incompleteKeys, loadCircuit, missingKeys, type CircuitKeys } from './key-set.js';
import { findKeysRecord, type KeysRecord } from './keys-file.js';

/** How often the list of keys is looked at: a file of some kilobytes. */
const LOOK_INTERVAL_MS = 250;
/** How long a folder without all keys may be without a setup: one that is started beside its follower takes a moment. */
const ABSENCE_MS = 5_000;

/** The keys of a folder: those that are there, and those that a setup still makes. */
export type FollowedKeys = {
  readonly profile: string;
  readonly provenance: KeyProvenance;
  /** The circuits that are there, in the order of the profile. */
  readonly circuits: readonly CircuitKeys[];
  /**
   * The others, by name, in the same order. Each promise settles when the circuit is there; those that are open reject
   * with `keys-incomplete` when no setup is at work any more, with `keys-changed` when circuits that were there are not
   * any more, and with what `loadKeys` throws of a circuit. They may be left alone.
   */
  readonly awaited: ReadonlyMap<string, Promise<CircuitKeys>>;
  /** Looks no further, and holds the process no longer; promises that are open stay so. */
  readonly close: () => void;
};

/** How a folder is followed. */
export type FollowOptions = {
  /** Told once where there is nothing yet to begin with: no keys, or not all of them and no setup at work. */
  readonly onWait?: () => void;
  /** Milliseconds for which no setup may be at work before all keys are there; five seconds unless it is said. */
  readonly absenceMs?: number;
};

/**
 * Follows a folder's keys, from when all are there or a setup is at work on them.
 * @throws SolventError `keys-missing` or `keys-incomplete` where no setup came; those of `loadKeys`.
 */
export async function followKeys(
  keysDirectory: string,
  { onWait, absenceMs = ABSENCE_MS }: FollowOptions = {},
): Promise<FollowedKeys> {
  const watch = new SetupWatch(keysDirectory, absenceMs);
  let record = await watch.look();
  if (record === undefined) onWait?.();
  while (record === undefined) {
    await sleep(LOOK_INTERVAL_MS);
    record = await watch.look();
  }
  const { profile, provenance, awaited = [] } = record;
  const circuits: CircuitKeys[] = [];
  for (const circuit of record.circuits) circuits.push(await loadCircuit(keysDirectory, circuit, provenance));
  const deliveries = new Map(awaited.map((name) => [name, new Delivery<CircuitKeys>()]));
  const stop = new AbortController();
  deliver(deliveries, { keysDirectory, record, watch, signal: stop.signal }).catch((error: unknown) => {
    if (stop.signal.aborted) return;
    for (const delivery of deliveries.values()) delivery.reject(error);
  });
  return {
    profile,
    provenance,
    circuits,
    awaited: new Map([...deliveries].map(([name, { promise }]) => [name, promise])),
    close: () => {
      stop.abort();
    },
  };
}

/** Gives out each awaited circuit when it is listed. */
async function deliver(
  deliveries: ReadonlyMap<string, Delivery<CircuitKeys>>,
  context: {
    readonly keysDirectory: string;
    readonly record: KeysRecord;
    readonly watch: SetupWatch;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { keysDirectory, watch, signal } = context;
  let known = context.record;
  while (known.awaited !== undefined) {
    await sleep(LOOK_INTERVAL_MS, undefined, { signal });
    const record = await watch.look();
    if (record === undefined) continue;
    assertGrown(keysDirectory, known, record);
    for (const circuit of record.circuits.filter(({ name }) => known.awaited?.includes(name))) {
      const keys = await loadCircuit(keysDirectory, circuit, record.provenance);
      deliveries.get(circuit.name)!.resolve(keys);
    }
    known = record;
  }
}

/** What is in use must stay what it was: a bundle of keys of two setups is one that no trust file is for. */
function assertGrown(path: string, before: KeysRecord, after: KeysRecord): void {
  const listed = new Map(after.circuits.map(({ name, fingerprint }) => [name, fingerprint]));
  const names = [...listed.keys(), ...(after.awaited ?? [])];
  const changed = [
    ...before.circuits.filter(({ name, fingerprint }) => listed.get(name) !== fingerprint),
    ...(before.awaited ?? []).filter((name) => !names.includes(name)).map((name) => ({ name })),
  ].map(({ name }) => name);
  if (changed.length === 0) return;
  throw new SolventError<KeyStoreCode>(
    'artefact',
    'keys-changed',
    `expected the keys in ${path} as they were a moment ago, got a setup that replaces some: begin anew when it has ended`,
    { details: { path, changed } },
  );
}

/** Looks at a folder's list, and at whether somebody is at work on it. */
class SetupWatch {
  readonly #keysDirectory: string;
  readonly #absenceMs: number;
  #seenAtMs = performance.now();

  constructor(keysDirectory: string, absenceMs: number) {
    this.#keysDirectory = keysDirectory;
    this.#absenceMs = absenceMs;
  }

  /**
   * The list of keys, where all are there or a setup is at work on it; undefined where that may yet come.
   * @throws SolventError `keys-missing`, `keys-incomplete` where it did not come in time; those of `findKeysRecord`.
   */
  async look(): Promise<KeysRecord | undefined> {
    // In this order: a setup that ends has written all of its list before it lets the folder go.
    const isSetupAtWork = await isDirectoryHeld(this.#keysDirectory);
    const record = await findKeysRecord(this.#keysDirectory);
    if (isSetupAtWork) this.#seenAtMs = performance.now();
    if (isSetupAtWork || (record !== undefined && record.awaited === undefined)) return record;
    if (performance.now() - this.#seenAtMs < this.#absenceMs) return undefined;
    throw record === undefined
      ? await missingKeys(this.#keysDirectory)
      : incompleteKeys(this.#keysDirectory, record, false);
  }
}

/** A promise that is settled from outside, and may be left alone. */
class Delivery<T> {
  readonly promise: Promise<T>;
  resolve!: (value: T) => void;
  reject!: (error: unknown) => void;

  constructor() {
    this.promise = new Promise<T>((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    this.promise.catch(() => undefined);
  }
}
