import { afterAll, beforeAll, expect, it } from 'vitest';

import { solvent } from '../integration/commands.js';
import { DAYS, drawFrom, OperationDirectory, readEvents } from './operation.js';

/** 12 where all tests run; `npm run test:operate` has 200. */
const KILLS = Number(process.env.SOLVENT_OPERATE_KILLS ?? '12');
const KILLS_A_CHAIN = 12;
/** A day changes about so many names; a kill beyond the last comes to a run that ends. */
const MAX_CHANGES = 90;

let shared: OperationDirectory;
beforeAll(() => {
  shared = new OperationDirectory();
  expect(
    solvent('setup', '--profile', 'tiny', '--keys', shared.keys, '--development', '--quiet'),
  ).toMatchObject({ exitCode: 0 });
});
afterAll(() => {
  shared.remove();
});

type Published = { readonly takenAt: string; readonly manifestHash: string };

function readHistory(directory: OperationDirectory): Published[] {
  const trust = ['--trust', `${directory.keys}/trust.json`];
  const { exitCode, output } = solvent('history', 'verify', directory.at('public/site'), ...trust, '--json');
  expect(exitCode).toBe(0);
  return (JSON.parse(output) as { manifests: Published[] }).manifests;
}

/** Kills a day until its kills are used up, then lets it end; what the site showed at any time must stay. */
function endureDay(directory: OperationDirectory, day: string, kills: readonly [number, 'before' | 'after'][]) {
  let signed: unknown;
  for (const [change, when] of kills) {
    const { wasKilled, exitCode, output, errors } = directory.killAt(change, when, day);
    expect(wasKilled || exitCode === 0, errors).toBe(true);
    const sealed = readEvents(output).find(({ event }) => event === 'sealed')?.manifestHash;
    // A sealed manifest that was on disk is the one that every later run comes to.
    if (signed !== undefined && sealed !== undefined) expect(sealed).toBe(signed);
    signed ??= sealed;
  }
  const ended = directory.operate('run', '--at', day, '--json');
  expect(ended.exitCode, ended.errors).toBe(0);
  const { published } = JSON.parse(ended.output) as { published: Published[] };
  const { manifestHash } = published.at(-1)!;
  if (signed !== undefined) expect(manifestHash).toBe(signed);
  return { takenAt: day, manifestHash };
}

it.each(Array.from({ length: Math.ceil(KILLS / KILLS_A_CHAIN) }, (_, chain) => [chain]))(
  'three chained days come to one manifest each, whatever is killed: chain %i',
  (chain) => {
    const directory = new OperationDirectory(shared.keys);
    try {
      const draw = drawFrom(chain + 1);
      const published = DAYS.map((day) => {
        const kills = Array.from(
          { length: KILLS_A_CHAIN / DAYS.length },
          () => [1 + draw(MAX_CHANGES), draw(2) === 0 ? 'before' : 'after'] as [number, 'before' | 'after'],
        );
        const result = endureDay(directory, day, kills);
        expect(readHistory(directory).at(-1)).toEqual(result);
        return result;
      });
      expect(readHistory(directory)).toEqual(published);
      const { entries } = JSON.parse(directory.read('ledger.json')) as { entries: Published[] };
      expect(entries.map(({ takenAt, manifestHash }) => ({ takenAt, manifestHash }))).toEqual(published);
    } finally {
      directory.remove();
    }
  },
);
