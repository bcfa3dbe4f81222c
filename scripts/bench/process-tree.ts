import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks a second in /proc: USER_HZ, which is 100 on every machine that Linux runs Node on. */
const TICKS_PER_SECOND = 100;
const SAMPLE_INTERVAL_MS = 50;
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
