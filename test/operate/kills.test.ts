import { afterAll, beforeAll, expect, it } from 'vitest';

import { solvent } from '../integration/commands.js';
import { DAYS, drawFrom, OperationDirectory, readEvents } from './operation.js';

/** 12 where all tests run; `npm run test:operate` has 200. */
const KILLS = Number(process.env.SOLVENT_OPERATE_KILLS ?? '12');
/** Two hundred take an hour and more on a machine that is shared. */
const TIMEOUT_MS = 24 * 3_600_000;
/** A day that is killed so often is let to its end. */
const KILLS_A_DAY = KILLS > 12 ? 12 : 4;
/** Changes that a run makes before it comes to what is still to be made. */
const CHANGES_AT_LEAST = 15;
/** With so many kills there is one in each step. */
const KILLS_IN_EACH_STEP = 100;
const STEPS = ['snapshot', 'proofs', 'verification', 'inclusion', 'site', 'history', 'publication'];

let shared: OperationDirectory;
/** Changes of the file system that a day makes from its beginning to its end. */
let changes: number;
beforeAll(() => {
  shared = new OperationDirectory();
  expect(
    solvent('setup', '--profile', 'tiny', '--keys', shared.keys, '--development', '--quiet'),
  ).toMatchObject({ exitCode: 0 });
  changes = shared.countChanges(DAYS[0]);
});
afterAll(() => {
  shared.remove();
});

type Published = { readonly takenAt: string; readonly manifestHash: string };

function readHistory(directory: OperationDirectory): Published[] {
  const trust = ['--trust', `${directory.keys}/trust.json`];
  const { exitCode, output } = solvent('history', 'verify', directory.at('public/site'), ...trust, '--json');
  expect(exitCode).toBe(0);
  const { manifests } = JSON.parse(output) as { manifests: Published[] };
  return manifests.map(({ takenAt, manifestHash }) => ({ takenAt, manifestHash }));
}

/** The instant of what readers are shown now; undefined where nothing is published. */
function readShown(directory: OperationDirectory): string | undefined {
  const text = directory.readIfThere('public/site/bundle/manifest.json');
  return text === undefined ? undefined : (JSON.parse(text) as Published).takenAt;
}

/**
 * Kills a day until it ended by itself or was killed often enough, then lets it end. Readers are shown the day before or this one at
 * any time, and a manifest that was sealed is the one that every later run comes to.
 * @param before the day that readers are shown at first.
 */
function endureDay(
  directory: OperationDirectory,
  { day, before, draw, kills }: Day,
): Published & { readonly killedIn: string[] } {
  const killedIn: string[] = [];
  const sealed = new Set<unknown>();
  let left = changes;
  let isEnded = false;
  while (!isEnded && killedIn.length < kills) {
    const change = 1 + draw(Math.max(left, CHANGES_AT_LEAST));
    left -= Math.max(0, change - CHANGES_AT_LEAST);
    const when = draw(2) === 0 ? 'before' : 'after';
    const { wasKilled, exitCode, output, errors } = directory.killAt(change, when, day);
    expect(wasKilled || exitCode === 0, errors).toBe(true);
    const events = readEvents(output);
    for (const event of events) if (event.event === 'sealed') sealed.add(event.manifestHash);
    expect([before, day]).toContain(readShown(directory));
    isEnded = !wasKilled;
    const step = events.findLast(({ event }) => event === 'step-begun')?.step as string | undefined;
    if (wasKilled) killedIn.push(step ?? 'before the first step');
  }
  const ended = directory.operate('run', '--at', day, '--json');
  expect(ended.exitCode, ended.errors).toBe(0);
  const { published } = JSON.parse(ended.output) as { published: Published[] };
  const { manifestHash } = published.at(-1)!;
  expect([...sealed, manifestHash].every((hash) => hash === manifestHash)).toBe(true);
  return { takenAt: day, manifestHash, killedIn };
}

type Day = {
  readonly day: string;
  readonly before: string | undefined;
  readonly draw: ReturnType<typeof drawFrom>;
  readonly kills: number;
};

/** Three chained days in a directory of their own; the steps that the kills fell into. */
function endureChain(seed: number, kills: number): string[] {
  const directory = new OperationDirectory(shared.keys);
  const draw = drawFrom(seed);
  const killedIn: string[] = [];
  try {
    const published = DAYS.map((day, index) => {
      const left = Math.min(KILLS_A_DAY, kills - killedIn.length);
      const ended = endureDay(directory, { day, before: DAYS[index - 1], draw, kills: left });
      killedIn.push(...ended.killedIn);
      return { takenAt: day, manifestHash: ended.manifestHash };
    });
    expect(readHistory(directory)).toEqual(published);
    const { entries } = JSON.parse(directory.read('ledger.json')) as { entries: Published[] };
    expect(entries.map(({ takenAt, manifestHash }) => ({ takenAt, manifestHash }))).toEqual(published);
    return killedIn;
  } finally {
    directory.remove();
  }
}

/** For whoever waits for many kills. */
function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

it(
  `${KILLS} kills come to one manifest for each of three chained days, wherever they fall`,
  () => {
    const killedIn: string[] = [];
    let chains = 0;
    while (killedIn.length < KILLS) {
      chains += 1;
      killedIn.push(...endureChain(chains, KILLS - killedIn.length));
      if (KILLS > 12) say(`${killedIn.length} kills in ${chains} chains of three days`);
    }
    const counts = new Map<string, number>();
    for (const step of killedIn) counts.set(step, (counts.get(step) ?? 0) + 1);
    say(`kills by step, with ${changes} changes a day: ${JSON.stringify(Object.fromEntries(counts))}`);
    if (KILLS >= KILLS_IN_EACH_STEP) expect([...counts.keys()]).toEqual(expect.arrayContaining(STEPS));
  },
  TIMEOUT_MS,
);
