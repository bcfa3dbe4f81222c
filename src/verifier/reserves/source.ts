/** A directory of reserves, wherever it is. */
export type ReservesSource = {
  /** `reserves.json`. */
  readonly reserves: Uint8Array;
  /** `reserves.sig.json`. */
  readonly signature: Uint8Array;
  /**
   * Reads a file that `reserves.json` lists, and no more of it than one byte beyond its stated size.
   * @throws what cannot be read; that is no verdict.
   */
  readonly readFile: (name: string, sizeBytes: number) => Promise<Uint8Array>;
};
