import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { projectRoot } from '../../src/system/index.js';
import type { Ended } from '../integration/commands.js';

export const DAYS = ['2026-01-29T00:00:00Z', '2026-01-30T00:00:00Z', '2026-01-31T00:00:00Z'] as const;
export const SOLVENT = join(projectRoot(), 'dist/src/cli/main.js');
const PRELOAD = new URL('./kill-after.mjs', import.meta.url).href;

/** A directory with an operation in it; keys are made once and shared by all. */
export class OperationDirectory {
  readonly path = mkdtempSync(join(tmpdir(), 'solvent-operate-'));
  readonly keys: string;

  constructor(keys?: string) {
    this.keys = keys ?? this.at('keys');
    for (const [index, day] of DAYS.entries()) this.writeBalances(day, 30 + index);
    writeFileSync(this.at('assets.csv'), 'symbol,decimals,price,collateral_ratio\nUSD,2,1,1\n');
    writeFileSync(this.at('operation.yaml'), this.configure());
  }

  at(name: string): string {
    return join(this.path, name);
  }

  /** A configuration with lines put to it. */
  configure(...more: string[]): string {
    return [
      'format: solvent/operation/v1',
      'platform: Corner Exchange',
      "balances: { file: 'balances-{date}.csv', assets: assets.csv, quote: USD }",
      `keys: ${this.keys}`,
      `trust: ${this.keys}/trust.json`,
      'developmentKeys: allow',
      `identity: { file: ${this.keys}/platform-signing-key.pem }`,
      'ledger: ledger.json',
      'state: state',
      'site: public/site',
      ...more,
      '',
    ].join('\n');
  }

  writeBalances(day: string, amount: number): void {
    const rows = `a@example.com,USD,${amount},0\nb@example.com,USD,5,0\n`;
    writeFileSync(this.at(`balances-${day.slice(0, 10)}.csv`), `user_id,asset,equity,debt\n${rows}`);
  }

  /** Runs `solvent operate WHAT operation.yaml …`. */
  operate(what: string, ...more: string[]): Ended {
    return this.run({}, what, ...more);
  }

  /** The same with variables of the environment. */
  run(environment: NodeJS.ProcessEnv, what: string, ...more: string[]): Ended {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [SOLVENT, 'operate', what, this.at('operation.yaml'), ...more],
      { encoding: 'utf8', env: { ...process.env, ...environment }, cwd: this.path },
    );
    return { exitCode: status, output: stdout, errors: stderr };
  }

  /** Runs a day and kills it at a change of the file system; whether it came so far. */
  killAt(change: number, when: 'before' | 'after', day: string): Ended & { readonly wasKilled: boolean } {
    const variables = {
      NODE_OPTIONS: `--import=${PRELOAD}`,
      SOLVENT_KILL_AT: String(change),
      SOLVENT_KILL_WHEN: when,
    };
    const ended = this.run(variables, 'run', '--at', day, '--log', 'json');
    return { ...ended, wasKilled: ended.exitCode === null };
  }

  /** Runs a day to its end, and returns how many changes of the file system it made. */
  countChanges(day: string): number {
    const variables = { NODE_OPTIONS: `--import=${PRELOAD}`, SOLVENT_CHANGES_FILE: this.at('changes') };
    const { exitCode, errors } = this.run(variables, 'run', '--at', day);
    if (exitCode !== 0) throw new Error(errors);
    return Number(this.read('changes'));
  }

  /** Starts a day and does not wait for it. */
  start(day: string, environment: NodeJS.ProcessEnv = {}) {
    return spawn(process.execPath, [SOLVENT, 'operate', 'run', this.at('operation.yaml'), '--at', day], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  }

  read(name: string): string {
    return readFileSync(this.at(name), 'utf8');
  }

  readIfThere(name: string): string | undefined {
    return existsSync(this.at(name)) ? this.read(name) : undefined;
  }

  makeDirectory(name: string): string {
    mkdirSync(this.at(name), { recursive: true });
    return this.at(name);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** The events of a log. */
export function readEvents(output: string): Record<string, unknown>[] {
  return output
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Draws whole numbers below a bound from a seed (mulberry32). */
export function drawFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
