/** What goes together, at most: the payloads of so many tasks are in memory at once. */
const MAX_TOGETHER = 64;

type Call<Given, Made> = {
  readonly given: Given;
  readonly resolve: (made: Made | undefined) => void;
  readonly reject: (error: unknown) => void;
};

/** Calls that come while one is under way, and then go together: one alone waits for nobody. */
export class GroupedCalls<Given, Made> {
  readonly #run: (given: readonly Given[]) => Promise<readonly Made[]>;
  readonly #waiting: Call<Given, Made>[] = [];
  #isUnderWay = false;

  /** @param run answers calls in their order; those behind its last answer get none. */
  constructor(run: (given: readonly Given[]) => Promise<readonly Made[]>) {
    this.#run = run;
  }

  /** @throws what the call failed with that this one went in. */
  ask(given: Given): Promise<Made | undefined> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ given, resolve, reject });
      if (!this.#isUnderWay) void this.#runAll();
    });
  }

  async #runAll(): Promise<void> {
    this.#isUnderWay = true;
    while (this.#waiting.length > 0) {
      const calls = this.#waiting.splice(0, MAX_TOGETHER);
      try {
        const made = await this.#run(calls.map(({ given }) => given));
        calls.forEach(({ resolve }, index) => {
          resolve(made[index]);
        });
      } catch (error) {
        for (const { reject } of calls) reject(error);
      }
    }
    this.#isUnderWay = false;
  }
}
