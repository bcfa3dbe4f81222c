/**
 * Runs any verifier of the format against every lie that this project's own verifier is tested with. The files that
 * --out keeps, with cases.json, are for verifiers that cannot be run like this.
 */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { listCaseFiles, listReservesCases, type CaseFiles } from '../../conformance/adversary/all.js';
import { fuzz } from '../../conformance/adversary/fuzz.js';
import { createPairing } from '../../src/verifier/index.js';
import { describeScript } from '../command-line.js';

/** A verifier that takes longer over a few proofs hangs. */
const TIMEOUT_MS = 60_000;

type Placed = CaseFiles & { readonly directory: string; readonly args: readonly string[] };
type Run = { readonly exitCode: number | string; readonly output: string };

type Flags = {
  readonly verifier?: string;
  readonly json?: true;
  readonly out?: string;
  readonly only: string;
  readonly fuzz: string;
  readonly seed: string;
};

const DOES = `Run any verifier of the format against every lie that this project's own verifier is tested with.

The verifier is run once a case, as "COMMAND bundle DIR …", "COMMAND inclusion FILE --user ID …" or "COMMAND reserves DIR …", with the flags of
solvent-verify: --trust FILE, --manifest-hash HEX, --previous-manifest-hash HEX, --trust-hash HEX, --bundle DIR,
--allow-development-keys, --registry FILE, --log FILE, --pins FILE and --require-published. It must end with 0 for the honest twins (4 for reserves) and with 1 or 3 for everything else. This ends with 1
where the verifier was wrong. Without --verifier and --only, files that were changed at random are verified as well.`;

const caller = describeScript('npm run adversary --', {
  does: DOES,
  examples: ['', "--verifier 'python3 verify.py' --json", "--only 'proof: A'", '--out cases'],
})
  .option('--verifier <command>', 'the verifier, as a program and its first arguments (default: this one)')
  .option('--json', 'pass --json too, and hold the `code` of what is printed to the expected one')
  .option('--out <dir>', 'keep the files of the cases, with cases.json that says what to expect')
  .option('--only <text>', 'only cases whose name has this text', '')
  .option('--fuzz <runs>', 'how many files are changed at random', '10000')
  .option('--seed <number>', 'what the random changes follow from', '1');
const values = caller.parse().opts<Flags>();
const own = fileURLToPath(new URL('../../src/verifier/command/main.js', import.meta.url));
const command = values.verifier?.trim().split(/\s+/) ?? [process.execPath, own];
const root = values.out ?? (await mkdtemp(join(tmpdir(), 'solvent-adversary-')));
try {
  const cases = [...(await listCaseFiles(values.only)), ...(await listReservesCases(values.only))];
  if (cases.length === 0)
    throw new RangeError('expected --only with a part of the name of a case, got another');
  const placed = await Promise.all(cases.map(position));
  await writeFile(join(root, 'cases.json'), `${JSON.stringify(placed.map(describe), null, 2)}\n`);
  process.exitCode = report(placed, await runAll(placed)) || (await reportFuzz());
} catch (error) {
  if (!(error instanceof RangeError)) throw error;
  // What ends the process at once must not leave files.
  process.exitCode = 2;
  console.error(`error: ${error.message} (run with --help for what it takes)`);
} finally {
  if (values.out === undefined) await rm(root, { recursive: true, force: true });
}

async function position(entry: CaseFiles, index: number): Promise<Placed> {
  const directory = join(root, String(index).padStart(3, '0'));
  for (const [path, bytes] of Object.entries(entry.files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), bytes);
  }
  return { ...entry, directory, args: listArgs(entry, directory) };
}

function listArgs(entry: CaseFiles, directory: string): string[] {
  const { subject, files, userId, allowDevelopmentKeys, manifestHash } = entry;
  const { previousManifestHash, trustHash, requirePublished, requireCeremony } = entry;
  const at = (path: string) => join(directory, path);
  return [
    ...(subject === 'inclusion'
      ? ['inclusion', at('inclusion.json'), '--user', userId!]
      : [subject, at(subject)]),
    ...(subject === 'bundle' || !('bundle/manifest.json' in files) ? [] : ['--bundle', at('bundle')]),
    ...('trust.json' in files ? ['--trust', at('trust.json')] : []),
    ...(allowDevelopmentKeys ? ['--allow-development-keys'] : []),
    ...(manifestHash === undefined ? [] : ['--manifest-hash', manifestHash]),
    ...(previousManifestHash === undefined ? [] : ['--previous-manifest-hash', previousManifestHash]),
    ...(trustHash === undefined ? [] : ['--trust-hash', trustHash]),
    ...('registry.json' in files ? ['--registry', at('registry.json')] : []),
    ...('manifest.tlog-proof' in files ? ['--log', at('manifest.tlog-proof')] : []),
    ...('pins.json' in files ? ['--pins', at('pins.json')] : []),
    ...('ceremony.json' in files ? ['--ceremony', at('ceremony.json')] : []),
    ...(requireCeremony === true ? ['--require-ceremony'] : []),
    ...(requirePublished === true ? ['--require-published'] : []),
    ...(values.json ? ['--json'] : []),
  ];
}

/** A case as it stands in cases.json: paths from the directory that holds it. */
function describe({ name, expected, args }: Placed): object {
  const relative = args.map((arg) => (arg.startsWith(root) ? arg.slice(root.length + 1) : arg));
  return { name, expected, args: relative };
}

async function runAll(placed: readonly Placed[]): Promise<ReadonlyMap<Placed, Run>> {
  const runs = new Map<Placed, Run>();
  const open = [...placed].reverse();
  const work = async () => {
    for (let entry = open.pop(); entry !== undefined; entry = open.pop())
      runs.set(entry, await run(entry.args));
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return runs;
}

function run(args: readonly string[]): Promise<Run> {
  const [program, ...first] = command as [string, ...string[]];
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...first, ...args]);
    const timer = setTimeout(() => child.kill(), TIMEOUT_MS);
    let output = '';
    child.stdout.on('data', (piece: Buffer) => (output += piece.toString()));
    child.stderr.resume();
    child.once('error', ({ code = 'no code' }: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(new RangeError(`expected --verifier to start with a program, got ${code} for ${program}`));
    });
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ exitCode: code ?? signal ?? 'none', output });
    });
  });
}

function report(placed: readonly Placed[], runs: ReadonlyMap<Placed, Run>): number {
  const wrong = placed.flatMap((entry) => {
    const fault = findFault(entry, runs.get(entry)!);
    return fault === undefined ? [] : [`${fault}: ${entry.name}`];
  });
  for (const line of wrong) console.log(line);
  console.log(`${placed.length} cases, ${wrong.length} wrong`);
  return wrong.length === 0 && placed.length > 0 ? 0 : 1;
}

/** This verifier over files that were changed at random, in this process. */
async function reportFuzz(): Promise<number> {
  if (values.verifier !== undefined || values.only !== '') return 0;
  const [runs, seed] = [readCount('--fuzz', values.fuzz), readCount('--seed', values.seed)];
  const faults = await fuzz(await createPairing(), { seed, runs });
  for (const { what, found } of faults) console.log(`${found}: ${what}`);
  console.log(`${runs} files changed at random (seed ${seed}), ${faults.length} wrong`);
  return faults.length === 0 ? 0 : 1;
}

function readCount(flag: string, text: string): number {
  if (/^[0-9]{1,9}$/.test(text)) return Number(text);
  throw new RangeError(`expected ${flag} with a number, got another text`);
}

/** What a verifier did wrong with a case, in words. */
function findFault({ expected, subject }: Placed, { exitCode, output }: Run): string | undefined {
  const isRefusal = exitCode === 1 || exitCode === 3;
  // Honest reserves need not cover what is owed.
  const isAccepted = exitCode === 0 || (subject === 'reserves' && exitCode === 4);
  if (expected === 'valid' && !isAccepted) return `REFUSED what is honest (exit ${exitCode})`;
  if (expected !== 'valid' && isAccepted) return 'ACCEPTED a lie';
  if (expected !== 'valid' && !isRefusal) return `NO VERDICT (exit ${exitCode})`;
  if (!values.json) return undefined;
  const code = readCode(output);
  return code === expected ? undefined : `OTHER CODE, ${code} for ${expected}`;
}

function readCode(output: string): string {
  try {
    return (JSON.parse(output) as { code?: string }).code ?? 'none';
  } catch {
    return 'none';
  }
}
