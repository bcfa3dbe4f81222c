import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks a second in /proc: USER_HZ, which is 100 on every machine that Linux runs Node on. */
const TICKS_PER_SECOND = 100;
const SAMPLE_INTERVAL_MS = 50;
/** Characters of what a failed program said. */
const MAX_SAID = 2000;
/** Fields of /proc/PID/stat after the name in parentheses, counted from the state (proc_pid_stat(5)). */
const CHILDREN_USER_FIELD = 13;
const CHILDREN_SYSTEM_FIELD = 14;

/**
 * Processor seconds of this process, all its threads, and its children that have ended. Where there is no /proc, children
 * are not counted.
 */
export function readProcessorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6 + readChildrenSeconds();
}

/** What a process took from its start to its end. */
export type ProcessCost = {
  /** Of all its threads, and of its children that have ended. */
  readonly cpuSeconds: number;
  /** Its largest resident set. */
  readonly peakMegabytes: number;
};

/**
 * Runs a program to its end, while no other child of this process runs.
 * @throws Error with the last of what it said, where it fails or there is no /proc.
 */
export async function runMeasured(program: string, args: readonly string[]): Promise<ProcessCost> {
  if (readIfThere('/proc/self/stat') === undefined)
    throw new Error('expected /proc, which Linux has, got none');
  const secondsBefore = readChildrenSeconds();
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-MAX_SAID)));
  let peakMegabytes = 0;
  const sampling = setInterval(() => {
    peakMegabytes = Math.max(peakMegabytes, readPeakMegabytes(String(child.pid)));
  }, SAMPLE_INTERVAL_MS);
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  }).finally(() => {
    clearInterval(sampling);
  });
  if (exitCode !== 0)
    throw new Error(`${args.join(' ')} ended with exit code ${exitCode ?? 'none'}: ${said}`);
  return { cpuSeconds: readChildrenSeconds() - secondsBefore, peakMegabytes };
}

function readChildrenSeconds(): number {
  const stat = readIfThere('/proc/self/stat');
  if (stat === undefined) return 0;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[CHILDREN_USER_FIELD]) + Number(fields[CHILDREN_SYSTEM_FIELD])) / TICKS_PER_SECOND;
}

/** Follows the largest resident sets of the children that run at one time, until `stop` adds this process's own. */
export function watchPeakMegabytes(): { readonly stop: () => number } {
  let childrenMegabytes = 0;
  const sample = () => {
    const now = listChildren().reduce((sum, pid) => sum + readPeakMegabytes(pid), 0);
    childrenMegabytes = Math.max(childrenMegabytes, now);
  };
  const sampling = setInterval(sample, SAMPLE_INTERVAL_MS);
  return {
    stop: () => {
      clearInterval(sampling);
      return process.resourceUsage().maxRSS / 1024 + childrenMegabytes;
    },
  };
}

/** Children belong to the thread that started them. */
function listChildren(): string[] {
  const threads = '/proc/self/task';
  try {
    return readdirSync(threads).flatMap((thread) =>
      (readIfThere(`${threads}/${thread}/children`) ?? '').split(' ').filter((pid) => pid !== ''),
    );
  } catch {
    return [];
  }
}

function readPeakMegabytes(pid: string): number {
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readIfThere(`/proc/${pid}/status`) ?? '');
  return Number(peak?.[1] ?? 0) / 1024;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
