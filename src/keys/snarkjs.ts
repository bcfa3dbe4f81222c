import { randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';

/** The part of snarkjs that phase 2 needs. It returns false or throws where it refuses, and says why to its logger. */
type Snarkjs = {
  readonly zKey: {
    newZKey(r1csPath: string, ptauPath: string, key: MemoryFile, logger: Logger): Promise<unknown>;
    contribute(
      before: string,
      after: MemoryFile,
      name: string,
      entropy: string,
      logger: Logger,
    ): Promise<unknown>;
    beacon(
      before: string,
      after: MemoryFile,
      name: string,
      value: string,
      iterationsExponent: number,
      logger: Logger,
    ): Promise<unknown>;
    verifyFromInit(
      initial: MemoryFile,
      powers: MemoryFile,
      key: MemoryFile,
      logger: Logger,
    ): Promise<boolean>;
  };
  readonly curves: {
    getCurveFromName(name: 'bn128'): Promise<{ terminate(): Promise<void> }>;
  };
};

/**
 * A file that snarkjs keeps in memory. This project writes what snarkjs makes. snarkjs' own files on disk wait for ever
 * where the disk is full, and are there by halves where the process is killed.
 */
type MemoryFile = { readonly type: 'mem'; data?: Uint8Array; readonly initialSize?: number };

type Logger = Readonly<Record<'debug' | 'info' | 'warn' | 'error' | 'log', (text: string) => void>>;

/** How far a part of a long step is: points, in most. */
export type KeyStepProgress = {
  /** Which part. */
  readonly part: string;
  readonly done: number;
  readonly total: number;
};

type OnProgress = ((progress: KeyStepProgress) => void) | undefined;

/** What a step refused to do, in snarkjs's words. */
export class SnarkjsRefusal extends Error {}

/** Points, hashes and a name: what one more contribution adds to a key, or some bytes more. */
const CONTRIBUTION_BYTES = 1024;
/** snarkjs weighs the points of wires with 32 bits: a false key passes once in 2^32. Four times that is once in 2^128. */
const WEIGHING_ROUNDS = 4;
const SYSTEM_ENTROPY_BYTES = 64;
const COUNT = /(\d+)\/(\d+)/;
/** What snarkjs says it is doing, and what that is. It says more, in between, which would only flicker. */
const PARTS: readonly (readonly [RegExp, string])[] = [
  [/^processing constraints/, 'reading constraints'],
  [/^writing coeffs/, 'coefficients'],
  [/^HashingHPoints/, 'powers'],
  [/^Writing points start IC/, 'points IC'],
  [/^Writing points start C/, 'points C'],
  [/^Writing points start A/, 'points A'],
  [/^Writing points start B1/, 'points B1'],
  [/^Writing points start B2/, 'points B2'],
  [/^(?:Applying key: L|Same ratio check L)/, 'points of wires'],
  [/^(?:Applying key: H|H Verification)/, 'points of powers'],
];

/**
 * The key of a circuit before anyone contributed: its delta is its gamma, and anyone can forge proofs for it.
 * @throws SnarkjsRefusal, and whatever snarkjs throws at a malformed file.
 */
export async function makeInitialKey(
  r1csPath: string,
  ptauPath: string,
  onProgress?: (progress: KeyStepProgress) => void,
): Promise<Uint8Array> {
  // A key is about as large as the constraints that it is made from.
  const { size } = await stat(r1csPath);
  const key: MemoryFile = { type: 'mem', initialSize: Math.ceil(size * 1.5) };
  return run(onProgress, async (snarkjs, logger, reasons) => {
    const hash = await snarkjs.zKey.newZKey(r1csPath, ptauPath, key, logger);
    if (!(hash instanceof Uint8Array)) throw new SnarkjsRefusal(reasons());
    return key.data!;
  });
}

/**
 * A key with one more contribution. Its secret comes from the system, and from `ownEntropy` where there is some; it
 * stays in this process and is in nothing that is written.
 * @param name at most 64 bytes of UTF-8: snarkjs cuts what is longer.
 */
export async function contributeToKey(
  zkeyPath: string,
  { name, ownEntropy, onProgress }: { name: string; ownEntropy: string; onProgress: OnProgress },
): Promise<Uint8Array> {
  const after = await roomAfter(zkeyPath);
  const entropy = `${randomBytes(SYSTEM_ENTROPY_BYTES).toString('hex')}${ownEntropy}`;
  return run(onProgress, async (snarkjs, logger, reasons) => {
    const hash = await snarkjs.zKey.contribute(zkeyPath, after, name, entropy, logger);
    if (!(hash instanceof Uint8Array)) throw new SnarkjsRefusal(reasons());
    return after.data!;
  });
}

/**
 * A key with the contribution that follows from a public value, hashed 2^iterationsExponent times.
 * @param value an even number of hexadecimal digits.
 */
export async function applyBeaconToKey(
  zkeyPath: string,
  beacon: { name: string; value: string; iterationsExponent: number; onProgress: OnProgress },
): Promise<Uint8Array> {
  const { name, value, iterationsExponent, onProgress } = beacon;
  const after = await roomAfter(zkeyPath);
  return run(onProgress, async (snarkjs, logger, reasons) => {
    const hash = await snarkjs.zKey.beacon(zkeyPath, after, name, value, iterationsExponent, logger);
    if (!(hash instanceof Uint8Array)) throw new SnarkjsRefusal(reasons());
    return after.data!;
  });
}

/**
 * Whether a key follows from its circuit's initial key by the contributions that it lists. True for a key with none,
 * which anyone can forge proofs for; and points are not checked to be on their curves. `powers` as `cutTauPowers`
 * makes them.
 */
export async function followsFromInitialKey(
  initialZkeyPath: string,
  powers: Uint8Array,
  zkeyPath: string,
  onProgress?: (progress: KeyStepProgress) => void,
): Promise<{ readonly follows: boolean; readonly reasons: string }> {
  // In memory: snarkjs leaves the files of a key that it refuses open.
  const [initial, key] = await Promise.all([readIntoMemory(initialZkeyPath), readIntoMemory(zkeyPath)]);
  return run(onProgress, async (snarkjs, logger, reasons) => {
    try {
      for (let round = 0; round < WEIGHING_ROUNDS; round++) {
        const file: MemoryFile = { type: 'mem', data: powers };
        const follows = await snarkjs.zKey.verifyFromInit(initial, file, key, logger);
        if (!follows) return { follows, reasons: reasons() };
      }
      return { follows: true, reasons: '' };
    } catch (error) {
      // It throws at what it cannot read at all.
      return { follows: false, reasons: (error as Error).message };
    }
  });
}

async function readIntoMemory(path: string): Promise<MemoryFile> {
  return { type: 'mem', data: await readFile(path) };
}

async function roomAfter(zkeyPath: string): Promise<MemoryFile> {
  const { size } = await stat(zkeyPath);
  return { type: 'mem', initialSize: size + CONTRIBUTION_BYTES };
}

/** Loads snarkjs for one step and ends its threads afterwards: they would keep the process alive. */
async function run<T>(
  onProgress: OnProgress,
  step: (snarkjs: Snarkjs, logger: Logger, reasons: () => string) => Promise<T>,
): Promise<T> {
  const snarkjs = createRequire(import.meta.url)('snarkjs') as Snarkjs;
  const errors: string[] = [];
  const report = (text: string) => {
    const match = COUNT.exec(text);
    const part = PARTS.find(([pattern]) => pattern.test(text))?.[1];
    if (match === null || part === undefined) return;
    onProgress?.({ part, done: Number(match[1]), total: Number(match[2]) });
  };
  const ignore = () => undefined;
  const logger = { debug: report, info: ignore, log: ignore, warn: ignore, error: errors.push.bind(errors) };
  try {
    return await step(snarkjs, logger, () => errors.join('; '));
  } finally {
    await (await snarkjs.curves.getCurveFromName('bn128')).terminate();
  }
}
