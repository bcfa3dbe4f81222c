import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, existsSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { projectRoot } from '../../src/system/index.js';
import { solvent } from '../integration/commands.js';
import { COMMAND_LINES } from './examples.js';
import { DAYS, OperationDirectory, readEvents, SOLVENT } from './operation.js';

const [FIRST, SECOND, THIRD] = DAYS;
const CLOCK = new URL('./clock.mjs', import.meta.url).href;
/** Their ids and balances are in no log, hook or metric. */
const SECRETS = ['a@example.com', 'b@example.com', 'PRIVATE KEY'];

/** The fields of each event of `--log json`, which programs read: more may be added, and none of these changes its name. */
const FIELDS: Readonly<Record<string, string>> = {
  'run-begun': 'time event takenAt previousManifestHash freeBytes neededBytes',
  'nothing-due': 'time event next',
  missed: 'time event from to count rule',
  'step-begun': 'time event takenAt step',
  progress: 'time event takenAt step stage done total',
  sealed: 'time event takenAt manifestHash',
  'step-ended': 'time event takenAt step seconds wasComplete',
  published:
    'time event takenAt manifestHash previousManifestHash reservesHash wasComplete trustHash pageHash insecure',
  refused: 'time event takenAt step code class message',
  failed: 'time event takenAt step code class message',
  'hook-failed': 'time event hook code',
};

let days: OperationDirectory;
/** All that the runs below wrote to their logs. */
let log = '';
const shown = () => days.readIfThere('public/site/bundle/manifest.json');

/** Runs a command line of an example at a time of the clock, with the paths of this directory for those of the example. */
function runLine(name: string, clock: string, more: NodeJS.ProcessEnv = {}) {
  const words = COMMAND_LINES[name]!().map((word) =>
    word
      .replace('/usr/local/bin/solvent', 'solvent')
      .replace('/etc/solvent/operation.yaml', days.at('operation.yaml'))
      .replace('/var/log/solvent.ndjson', days.at('solvent.ndjson')),
  );
  const path = `${days.at('bin')}:${process.env.PATH}`;
  const env = {
    ...process.env,
    ...{ PATH: path, SOLVENT_CLOCK: clock, NODE_OPTIONS: `--import=${CLOCK}` },
    ...more,
  };
  const { status, stdout, stderr } = spawnSync(words[0]!, words.slice(1), { encoding: 'utf8', env });
  log += stdout;
  return { exitCode: status, events: readEvents(stdout), errors: stderr };
}

const timer = (clock: string, more?: NodeJS.ProcessEnv) => runLine('solvent.service', clock, more);

function runToEnd(ended: ReturnType<typeof runLine>): Record<string, unknown>[] {
  expect(ended.exitCode, ended.errors).toBe(0);
  return ended.events;
}

function expectEnded(ended: ReturnType<typeof runLine>, event: 'refused' | 'failed', code: string) {
  expect(ended.exitCode).toBeGreaterThan(0);
  expect(ended.events.findLast(({ event: name }) => name === event)).toMatchObject({ event, code });
  expect(ended.errors).toContain(`code: ${code}`);
}

/** A signer elsewhere, as of a vault: message on its standard input, signature as digits on its standard output. */
const SIGNER = `
  const { sign } = require('node:crypto');
  const { readFileSync } = require('node:fs');
  process.stdout.write(sign(null, readFileSync(0), readFileSync(process.argv[1])).toString('hex'));`;

beforeAll(() => {
  days = new OperationDirectory();
  const setup = ['setup', '--profile', 'tiny', '--keys', days.keys, '--development', '--quiet'];
  expect(solvent(...setup)).toMatchObject({ exitCode: 0 });
  days.makeDirectory('bin');
  symlinkSync(SOLVENT, days.at('bin/solvent'));
  chmodSync(SOLVENT, 0o755);
  writeConfiguration();
});
afterAll(() => {
  days.remove();
});

/** A configuration whose hook takes what it is told, and fails while there is a file `deaf`; more lines are put to it. */
function writeConfiguration(...more: string[]) {
  const take = `test ! -e ${days.at('deaf')} && cat >> ${days.at('told.ndjson')}`;
  const hook = `[sh, -c, '${take}']`;
  const lines = ['schedule: daily 00:00Z', 'settle: 5m', 'metrics: { file: solvent.prom }'];
  const hooks = more.some((line) => line.startsWith('hooks:'))
    ? []
    : [`hooks: { published: ${hook}, refused: ${hook}, failed: ${hook} }`];
  writeFileSync(days.at('operation.yaml'), days.configure(...lines, ...hooks, ...more));
}

const readTold = () => readEvents(days.readIfThere('told.ndjson') ?? '');

describe("three days by the timer's command line", () => {
  it('begin with one in which everything is there', () => {
    const key = join(days.keys, 'platform-signing-key.pem');
    const { output } = solvent('identity', 'show', '--identity', key, '--json');
    const { publicKey } = JSON.parse(output) as { publicKey: string };
    writeFileSync(days.at('sign.cjs'), SIGNER.replace('process.argv[1]', 'process.argv[2]'));
    const command = `[${process.execPath}, ${days.at('sign.cjs')}, ${key}]`;
    const own = days.read('operation.yaml');
    const signed = (words: string) =>
      own.replace(/^identity: .*$/m, `identity: { command: ${words}, publicKey: ${publicKey} }`);
    writeFileSync(days.at('operation.yaml'), signed('[sh, -c, exit 3]'));
    expectEnded(timer('2026-01-29T00:10:00Z'), 'failed', 'signer-failed');
    expect(shown()).toBeUndefined();
    writeFileSync(days.at('operation.yaml'), signed(command));
    expect(runToEnd(timer('2026-01-29T00:20:00Z')).at(-1)).toMatchObject({
      event: 'published',
      takenAt: FIRST,
    });
    writeFileSync(days.at('operation.yaml'), own);
    expect(runToEnd(timer('2026-01-29T00:30:00Z')).at(-1)).toMatchObject({
      event: 'nothing-due',
      next: '2026-01-30T00:05:00Z',
    });
  });

  it('go on with one whose source is late, and then fails at the key: readers are shown the day before', () => {
    const before = shown();
    renameSync(days.at('balances-2026-01-30.csv'), days.at('late.csv'));
    expectEnded(timer('2026-01-30T00:10:00Z'), 'refused', 'source-late');
    expectEnded(timer('2026-01-30T02:10:00Z'), 'refused', 'source-overdue');
    renameSync(days.at('late.csv'), days.at('balances-2026-01-30.csv'));
    const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
    writeFileSync(days.at('another.pem'), pem, { mode: 0o600 });
    const own = days.read('operation.yaml');
    writeFileSync(
      days.at('operation.yaml'),
      own.replace(/^identity: .*$/m, 'identity: { file: another.pem }'),
    );
    expectEnded(timer('2026-01-30T02:20:00Z'), 'failed', 'trust-differs');
    writeFileSync(days.at('operation.yaml'), own);
    expect(shown()).toBe(before);
    const status = JSON.parse(days.operate('status', '--json').output) as object;
    expect(status).toMatchObject({ last: { takenAt: FIRST }, failure: { code: 'trust-differs' } });
  });

  it('publish it where the hook is deaf, and tell the hook on the next run, once', () => {
    writeFileSync(days.at('deaf'), '');
    const events = runToEnd(timer('2026-01-30T02:30:00Z'));
    expect(events.at(-2)).toMatchObject({ event: 'published', takenAt: SECOND });
    expect(events.at(-1)).toMatchObject({ event: 'hook-failed', hook: 'published', code: 'hook-failed' });
    const { manifestHash } = events.at(-2)!;
    expect(readTold().some((told) => told.manifestHash === manifestHash)).toBe(false);
    spawnSync('rm', [days.at('deaf')]);
    for (const clock of ['2026-01-30T02:40:00Z', '2026-01-30T02:50:00Z'])
      expect(runToEnd(timer(clock)).at(-1)).toMatchObject({ event: 'nothing-due' });
    expect(
      readTold()
        .filter((told) => told.event === 'published')
        .at(-1),
    ).toMatchObject({ manifestHash });
    expect(readTold().filter((told) => told.manifestHash === manifestHash)).toHaveLength(1);
  });

  it('tell the hook again also where the run was killed between publication and hook', () => {
    // The hook kills the run that it is told by, as a power cut does, and has told nobody.
    const killer = `[sh, -c, 'kill -9 $PPID']`;
    writeConfiguration(`hooks: { published: ${killer} }`);
    const killed = timer('2026-01-31T00:10:00Z');
    expect(killed.exitCode).toBe(null);
    expect(killed.events.at(-1)).toMatchObject({ event: 'published', takenAt: THIRD });
    expect(JSON.parse(shown()!)).toMatchObject({ takenAt: THIRD });
    writeConfiguration();
    expect(runToEnd(timer('2026-01-31T00:20:00Z')).at(-1)).toMatchObject({ event: 'nothing-due' });
    expect(readTold().at(-1)).toMatchObject({ event: 'published', takenAt: THIRD, wasComplete: true });
  });

  it('are one chain of three, each signed once', () => {
    const trust = ['--trust', join(days.keys, 'trust.json')];
    const { output } = solvent('history', 'verify', days.at('public/site'), ...trust, '--json');
    const { manifests } = JSON.parse(output) as { manifests: { takenAt: string; manifestHash: string }[] };
    expect(manifests.map(({ takenAt }) => takenAt)).toEqual(DAYS);
    const published = new Set(
      readEvents(log).flatMap(({ event, manifestHash }) => (event === 'published' ? [manifestHash] : [])),
    );
    expect([...published]).toEqual(manifests.map(({ manifestHash }) => manifestHash));
    const { entries } = JSON.parse(days.read('ledger.json')) as { entries: unknown[] };
    expect(entries).toHaveLength(3);
  });

  it('say what was missed, make the last alone, and are refused where the clock goes back', () => {
    days.writeBalances('2026-02-04T00:00:00Z', 33);
    // The instant is missed by two days; its own source is late, so that nothing is made here.
    spawnSync('rm', [days.at('balances-2026-02-04.csv')]);
    const late = timer('2026-02-04T00:10:00Z');
    expectEnded(late, 'refused', 'source-late');
    expect(late.events.find(({ event }) => event === 'missed')).toMatchObject({
      ...{ from: '2026-02-01T00:00:00Z', to: '2026-02-03T00:00:00Z', count: 3, rule: 'skip' },
    });
    expectEnded(timer('2026-01-30T23:00:00Z'), 'failed', 'clock-wrong');
    const apart = timer('2026-02-04T00:20:00Z', { SOLVENT_CLOCK_OF: 'process' });
    expectEnded(apart, 'failed', 'clock-wrong');
    expect(readTold().at(-1)).toMatchObject({ event: 'failed', code: 'clock-wrong' });
  });
});

describe('the command line of each other example', () => {
  it.each(Object.keys(COMMAND_LINES).filter((name) => name !== 'solvent.service'))(
    'of %s runs and finds nothing due',
    (name) => {
      const ended = runLine(name, '2026-01-31T00:40:00Z');
      expect(ended.exitCode, ended.errors).toBe(0);
      const written = name === 'crontab' ? readEvents(days.read('solvent.ndjson')) : ended.events;
      expect(written.at(-1)).toMatchObject({ event: 'nothing-due', next: '2026-02-01T00:05:00Z' });
    },
  );
});

describe('what is seen from outside', () => {
  it('has the fields that it had, in each kind of event', () => {
    const events = readEvents(log);
    expect(new Set(events.map(({ event }) => event as string))).toEqual(new Set(Object.keys(FIELDS)));
    for (const event of events) {
      const fields = FIELDS[event.event as string]!.split(' ');
      const isWithoutMessage = event.event === 'refused' && event.message === undefined;
      const expected = isWithoutMessage ? fields.filter((name) => name !== 'message') : fields;
      expect(Object.keys(event)).toEqual(expected);
    }
  });

  it('has no id, balance or key in it', () => {
    const told = [log, days.read('told.ndjson'), days.read('solvent.prom'), days.read('state/instants.json')];
    for (const text of told) for (const secret of SECRETS) expect(text).not.toContain(secret);
    // Amounts of the books are 30 to 32 of an asset with two decimals.
    for (const text of told) expect(text).not.toMatch(/"(?:amount|equity|balance)"/);
  });

  it('is OpenMetrics that its reference parser reads', ({ skip }) => {
    const read = `
import sys, json
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse
print(json.dumps({f.name: f.type for f in parse(sys.stdin.read())}))`;
    const input = days.read('solvent.prom');
    const { status, stdout, stderr } = spawnSync('python3', ['-c', read], { encoding: 'utf8', input });
    skip(stderr.includes("No module named 'prometheus_client'"), 'prometheus_client is not installed here');
    expect(status, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      solvent_operation_published: 'counter',
      solvent_operation_failures: 'counter',
      solvent_operation_last_published_age_seconds: 'gauge',
    });
  });

  it('is answered on loopback while a run works', () => {
    const ask = `
      fetch('http://127.0.0.1:' + process.argv[2] + '/metrics').then(async (answer) => {
        require('node:fs').writeFileSync(process.argv[3], answer.headers.get('content-type') + '\\n' + (await answer.text()));
      });`;
    writeFileSync(days.at('ask.cjs'), ask);
    const port = String(20_000 + (process.pid % 20_000));
    const hook = `[${process.execPath}, ${days.at('ask.cjs')}, '${port}', ${days.at('answer.txt')}]`;
    writeConfiguration(`hooks: { refused: ${hook} }`);
    const text = days.read('operation.yaml').replace(/^metrics: .*$/m, `metrics: { port: '${port}' }`);
    writeFileSync(days.at('operation.yaml'), text);
    expectEnded(
      timer('2026-02-01T00:10:00Z', { NODE_OPTIONS: `--import=${CLOCK}` }),
      'refused',
      'source-late',
    );
    const answer = days.read('answer.txt');
    expect(answer).toMatch(/^application\/openmetrics-text; version=1\.0\.0/);
    expect(answer).toContain('solvent_operation_failures_total{code="source-late"}');
    expect(answer.endsWith('# EOF\n')).toBe(true);
    expect(existsSync(join(projectRoot(), 'answer.txt'))).toBe(false);
  });
});
