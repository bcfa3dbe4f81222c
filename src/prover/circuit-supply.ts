import type { ProvingCircuit } from './snapshot.js';

/** Circuits whose keys are still being made, by name. */
export type AwaitedCircuits = ReadonlyMap<string, Promise<ProvingCircuit>>;

/** What a supply begins with, and what it holds arriving circuits to. */
export type SupplyOptions = {
  /** The names of all circuits of the run, in the order of the profile. */
  readonly names: readonly string[];
  /** Those that are there, matched and pinned. */
  readonly present: readonly ProvingCircuit[];
  /** All others; what the run has no use for is left alone. */
  readonly awaited: AwaitedCircuits;
  /** Checks a circuit that arrives, and pins it; it counts as there when this is done. One at a time. */
  readonly accept: (name: string, circuit: ProvingCircuit) => Promise<void>;
};

/** The circuits of a run with their keys, some of which arrive while others are proven with. */
export class CircuitSupply {
  readonly #names: readonly string[];
  readonly #present: Map<string, ProvingCircuit>;
  readonly #accept: SupplyOptions['accept'];
  #accepted: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;
  #listeners: (() => void)[] = [];
  #isClosed = false;

  constructor({ names, present, awaited, accept }: SupplyOptions) {
    this.#names = names;
    this.#present = new Map(present.map((circuit) => [circuit.name, circuit]));
    this.#accept = accept;
    for (const name of this.awaited) {
      awaited.get(name)!.then(
        (circuit) => {
          this.#receive(name, circuit);
        },
        (error: unknown) => {
          this.#fail(error);
        },
      );
    }
  }

  /**
   * The names of those that are not there, in the order of the profile.
   * @throws what the first that cannot come rejected with.
   */
  get awaited(): readonly string[] {
    if (this.#failure !== undefined) throw this.#failure.error;
    return this.#names.filter((name) => !this.#present.has(name));
  }

  /** A circuit that is there. */
  find(name: string): ProvingCircuit | undefined {
    return this.#present.get(name);
  }

  /** Waits until another circuit is there, or one cannot come, which `awaited` then throws. */
  change(): Promise<void> {
    return new Promise((resolve) => this.#listeners.push(resolve));
  }

  /**
   * Waits for all circuits.
   * @param onWait told what is awaited, at first and after each arrival.
   * @returns all, in the order of the profile.
   * @throws what the first that cannot come rejected with.
   */
  async all(onWait: (awaited: readonly string[]) => void): Promise<readonly ProvingCircuit[]> {
    for (let { awaited } = this; awaited.length > 0; { awaited } = this) {
      onWait(awaited);
      await this.change();
    }
    return this.#names.map((name) => this.#present.get(name)!);
  }

  /** Accepts nothing from here on, and waits for what is being accepted. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#accepted;
  }

  #receive(name: string, circuit: ProvingCircuit): void {
    this.#accepted = this.#accepted.then(async () => {
      if (this.#isClosed || this.#failure !== undefined) return;
      try {
        await this.#accept(name, circuit);
      } catch (error) {
        this.#fail(error);
        return;
      }
      this.#present.set(name, circuit);
      this.#notify();
    });
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#notify();
  }

  #notify(): void {
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const listener of listeners) listener();
  }
}
