import { join } from 'node:path';

import { writeFileAtomically } from '../../system/index.js';
import {
  deriveCircuitTag,
  encodeJsonLine,
  nameOfLayout,
  type KeyProvenance,
  type Profile,
} from '../../protocol/index.js';
import { TRUST_FILE } from './keys-file.js';
import { KEYS_FORMAT, saveKeysRecord, type CircuitRecord, type KeysRecord } from './keys-file.js';
import { exportTrust } from '../../identity/index.js';

/** Keys that are made here are good for development and tests only: their trapdoor was known. */
const PROVENANCE: KeyProvenance = { kind: 'insecure-development' };

/**
 * A directory's list of keys while a setup fills it. Every saved version is true: it names circuits whose files are whole,
 * and those that are awaited, so that others can begin with the former.
 */
export class GrowingList {
  readonly #keysDirectory: string;
  readonly #profileName: string;
  /** All circuits, in the order of the profile. */
  readonly #names: readonly string[];
  readonly #records = new Map<string, CircuitRecord>();
  /** Saves wait for each other, so that an older version never replaces a newer one. */
  #saved: Promise<void> = Promise.resolve();

  private constructor(keysDirectory: string, profile: Profile) {
    this.#keysDirectory = keysDirectory;
    this.#profileName = profile.name;
    this.#names = profile.layouts.map(nameOfLayout);
  }

  /** Begins with what an earlier setup left, and says at once what is missing from it: all, where there was none. */
  static async begin(
    keysDirectory: string,
    profile: Profile,
    before: KeysRecord | undefined,
  ): Promise<GrowingList> {
    const list = new GrowingList(keysDirectory, profile);
    const tags = new Set(profile.layouts.map((layout) => deriveCircuitTag(layout).toString()));
    for (const record of before?.circuits ?? []) {
      if (tags.has(record.tag)) list.#records.set(record.name, record);
    }
    if (list.#awaited().length > 0) await list.#save();
    return list;
  }

  /** What is listed of a circuit. */
  find(name: string): CircuitRecord | undefined {
    return this.#records.get(name);
  }

  /** Takes a circuit from the list, for as long as its files are replaced. */
  async remove(name: string): Promise<void> {
    if (this.#records.delete(name)) await this.#save();
  }

  /** Lists a circuit whose files are all there. The last one is listed by `complete` alone. */
  async add(record: CircuitRecord): Promise<void> {
    this.#records.set(record.name, record);
    await (this.#awaited().length > 0 ? this.#save() : this.#saved);
  }

  /**
   * Writes the trust file, which verifiers never see of a part of the circuits, and then the list of all of them.
   * @param signer whom verifiers are to trust; `platform` is null where the setup was not told it.
   */
  async complete(signer: { readonly platform: string | null; readonly publicKey: string }): Promise<void> {
    const { circuits, awaited } = this.#describe();
    if (awaited !== undefined)
      throw new Error(`expected keys of all circuits, got none of ${awaited.join()}`);
    const pinned = circuits.map((circuit) => ({ ...circuit, provenance: PROVENANCE }));
    const trust = exportTrust({ profile: this.#profileName, circuits: pinned }, signer);
    await writeFileAtomically(join(this.#keysDirectory, TRUST_FILE), encodeJsonLine(trust));
    await this.#save();
  }

  #save(): Promise<void> {
    // Described now: what is added while earlier versions are written belongs to later ones.
    const record = this.#describe();
    return (this.#saved = this.#saved.then(() => saveKeysRecord(this.#keysDirectory, record)));
  }

  #describe(): KeysRecord {
    const circuits = this.#names.flatMap((name) => this.#records.get(name) ?? []);
    const awaited = this.#awaited();
    return {
      format: KEYS_FORMAT,
      profile: this.#profileName,
      provenance: PROVENANCE,
      circuits,
      ...(awaited.length === 0 ? {} : { awaited }),
    };
  }

  #awaited(): string[] {
    return this.#names.filter((name) => !this.#records.has(name));
  }
}
