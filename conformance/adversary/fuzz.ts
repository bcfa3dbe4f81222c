import {
  BUNDLE_FILES,
  bytesToHex,
  concatBytes,
  encodeInclusion,
  encodeJsonLine,
  hashCommitments,
  PADDING_BYTES,
  utf8ToBytes,
  type Manifest,
} from '../../src/protocol/index.js';
import {
  FAILURES,
  verifyBundle,
  verifyInclusion,
  type BundleSource,
  type PairingBackend,
  type Report,
} from '../../src/verifier/index.js';
import { mutateBytes, mutateLines, mutateValue, Random } from './mutation.js';
import { sign, toPieces, toSource } from './world.js';
import { FILES, honest, platform, type UserName } from './case.js';

const LISTS = ['commitments', 'proofs'] as const;
const WHOLE = ['manifest', 'signature', 'weights'] as const;
type FileName = (typeof LISTS)[number] | (typeof WHOLE)[number];

/** What is wrong with a verifier: something that is not honest was accepted, or it ended without a verdict. */
export type Fault = { readonly what: string; readonly found: string };

const HONEST: Readonly<Record<FileName, Uint8Array>> = {
  manifest: encodeJsonLine(honest.manifest),
  signature: encodeJsonLine(honest.signature),
  weights: encodeJsonLine(honest.weights),
  commitments: concatBytes(...honest.commitments.map(encodeJsonLine)),
  proofs: concatBytes(...honest.proofs.map(encodeJsonLine)),
};
const options = (pairing: PairingBackend) => ({ pairing, allowDevelopmentKeys: true });

/**
 * Changes the files of the honest exchange at random places in random ways, as bytes, lines and values, some under a new
 * signature of the platform, and verifies them.
 * @returns what was accepted and differs from what is honest, and what ended without a verdict.
 */
export async function fuzz(
  pairing: PairingBackend,
  {
    seed,
    runs,
    onRun,
  }: { readonly seed: number; readonly runs: number; readonly onRun?: (run: number) => void },
): Promise<Fault[]> {
  const faults: Fault[] = [];
  for (let run = 0; run < runs; run++) {
    const random = new Random(`${seed} ${run}`);
    const { what, judge } = random.below(2) === 0 ? fuzzBundle(random) : fuzzInclusion(random);
    const found = await judge(pairing).then(describe, (error: unknown) => `threw ${String(error)}`);
    if (found !== undefined) faults.push({ what: `run ${run}: ${what}`, found });
    onRun?.(run);
  }
  return faults;
}

function describe({ valid, code, outcome, totals, holdings }: Report): string | undefined {
  if (valid || outcome === 'valid') return 'accepted';
  if (totals.length + holdings.length > 0) return `${code}, with amounts`;
  return outcome === 'invalid' && !Object.hasOwn(FAILURES, code) ? `the unknown code ${code}` : undefined;
}

type Trial = { readonly what: string; readonly judge: (pairing: PairingBackend) => Promise<Report> };

/** What is refused at once, in place of what came out as it was. */
const UNCHANGED: Trial = {
  what: 'nothing',
  judge: (pairing) => verifyBundle(toSource(honest), undefined, options(pairing)),
};

function fuzzBundle(random: Random): Trial {
  const name = random.pick([...LISTS, ...WHOLE]);
  const changed = { ...HONEST, [name]: changeFile(name, random) };
  if (isSame(changed[name], HONEST[name])) return UNCHANGED;
  const what = `${BUNDLE_FILES[name]} (${random.trace.join(', ')})`;
  const files = random.below(2) === 0 ? signAgain(changed) : changed;
  // A doubled key is one again once the manifest is written anew: that is honest.
  if ([...LISTS, ...WHOLE].every((file) => isSame(files[file], HONEST[file]))) return UNCHANGED;
  return { what, judge: (pairing) => verifyBundle(sourceOf(files), platform.trust, options(pairing)) };
}

function changeFile(name: FileName, random: Random): Uint8Array {
  const bytes = HONEST[name];
  const way = random.below(4);
  if (way === 0) return mutateBytes(bytes, random);
  const lines = new TextDecoder().decode(bytes).trimEnd().split('\n');
  const isList = LISTS.some((list) => list === name);
  if (isList && way === 1) return utf8ToBytes(mutateLines(lines, random).join(''));
  const position = random.below(lines.length);
  return concatBytes(
    ...lines.map((line, index) => {
      const value: unknown = JSON.parse(line);
      return encodeJsonLine(index === position ? mutateValue(value, random) : value);
    }),
  );
}

/** What the platform itself would publish: its manifest pins the commitments as they are, and is signed. */
function signAgain(files: Readonly<Record<FileName, Uint8Array>>): Record<FileName, Uint8Array> {
  try {
    const stated = JSON.parse(new TextDecoder().decode(files.manifest)) as Manifest;
    const isPinned = isSame(files.commitments, HONEST.commitments);
    const commitmentsHash = bytesToHex(hashCommitments(files.commitments));
    const manifest = isPinned ? stated : { ...stated, commitmentsHash };
    return {
      ...files,
      manifest: encodeJsonLine(manifest),
      signature: isSame(files.signature, HONEST.signature)
        ? encodeJsonLine(sign(platform, manifest))
        : files.signature,
    };
  } catch {
    return files;
  }
}

function sourceOf(files: Readonly<Record<FileName, Uint8Array>>): BundleSource {
  const { commitments, proofs, ...whole } = files;
  return { ...whole, commitments: toPieces([commitments]), proofs: toPieces([proofs]) };
}

function fuzzInclusion(random: Random): Trial {
  const name = random.pick(Object.keys(FILES) as UserName[]);
  const file = FILES[name];
  const bytes = encodeInclusion(file);
  const changed = random.below(4) === 0 ? mutateBytes(bytes, random) : padFile(mutateValue(file, random));
  const { userId } = random.below(16) === 0 ? FILES[random.pick(Object.keys(FILES) as UserName[])] : file;
  if (isSame(changed, bytes) && userId === file.userId) return UNCHANGED;
  const asked = { userId };
  return {
    what: `the file of ${name} (${random.trace.join(', ')})`,
    judge: (pairing) =>
      verifyInclusion(changed, toSource(honest), platform.trust, { ...options(pairing), ...asked }),
  };
}

/** In the size of its format, so that it is not refused for that alone. */
function padFile(value: unknown): Uint8Array {
  const bare = encodeJsonLine(value).length;
  if (typeof value !== 'object' || value === null || !('padding' in value)) return encodeJsonLine(value);
  if (value.padding !== '') return encodeJsonLine(value);
  const missing = (PADDING_BYTES - (bare % PADDING_BYTES)) % PADDING_BYTES;
  return encodeJsonLine({ ...value, padding: '0'.repeat(missing) });
}

function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
