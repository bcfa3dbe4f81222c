import { spawnSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { encryptPrivateKey } from '../../src/identity/encrypted-pem.js';
import { solvent } from '../integration/commands.js';
import { EXAMPLES, readExample } from './examples.js';
import { DAYS, OperationDirectory, readEvents, SOLVENT } from './operation.js';

const [FIRST, SECOND, THIRD] = DAYS;
const CLOCK = new URL('./clock.mjs', import.meta.url).href;
let shared: OperationDirectory;
/** An operation whose first day is published; each test has a copy of its own. */
let day: OperationDirectory;

beforeAll(() => {
  shared = new OperationDirectory();
  const setup = ['setup', '--profile', 'tiny', '--keys', shared.keys, '--development', '--quiet'];
  expect(solvent(...setup)).toMatchObject({ exitCode: 0 });
  const first = shared.operate('run', '--at', FIRST, '--log', 'json');
  expect(first.exitCode, first.errors).toBe(0);
});
afterAll(() => {
  shared.remove();
});
beforeEach(() => {
  day = new OperationDirectory(shared.keys);
  for (const name of ['state', 'public', 'ledger.json'])
    spawnSync('cp', ['-a', shared.at(name), day.at(name)]);
});
afterEach(() => {
  day.remove();
});

const headOf = (directory: OperationDirectory) =>
  readFileSync(directory.at('public/site/bundle/manifest.json'), 'utf8');
const ledgerOf = (directory: OperationDirectory) =>
  (
    JSON.parse(directory.read('ledger.json')) as { entries: { takenAt: string; manifestHash: string }[] }
  ).entries.map(({ takenAt, manifestHash }) => ({ takenAt, manifestHash }));

/** Lets the last day look as if it had taken eight terabytes: the file has a size, and nothing is on the disk. */
function swellLastDay(): void {
  const path = day.at('state/instants/2026-01-29T000000Z/inclusion.zip');
  chmodSync(path, 0o600);
  truncateSync(path, 2 ** 43);
}
function expectRefused(ended: { exitCode: number | null; errors: string }, code: string) {
  expect(ended.errors).toContain(`code: ${code}`);
  expect(ended.exitCode).toBeGreaterThan(0);
  expect(headOf(day)).toBe(headOf(shared));
}

describe('a day', () => {
  it('that is published is not made again, and an earlier one never', () => {
    const again = day.operate('run', '--at', FIRST, '--json');
    expect(JSON.parse(again.output)).toMatchObject({ published: [{ takenAt: FIRST, wasComplete: true }] });
    expectRefused(day.operate('run', '--at', '2026-01-28T00:00:00Z'), 'instant-passed');
    expectRefused(day.operate('run', '--at', '2126-01-28T00:00:00Z'), 'instant-not-yet');
  });

  it('is late while its source is not there, and overdue when its time is over', () => {
    rmSync(day.at('balances-2026-01-30.csv'));
    expectRefused(day.operate('run', '--at', SECOND), 'source-overdue');
    writeFileSync(day.at('operation.yaml'), day.configure('patience: 9999d'));
    expectRefused(day.operate('run', '--at', SECOND), 'source-late');
    const status = JSON.parse(day.operate('status', '--json').output) as { failure: object; last: object };
    expect(status).toMatchObject({
      failure: { code: 'source-late', takenAt: SECOND },
      last: { takenAt: FIRST },
    });
  });

  it('tells a hook of a refusal, and no log has an id in it', () => {
    writeFileSync(
      day.at('operation.yaml'),
      day.configure(`hooks: { refused: [sh, -c, 'cat > ${day.at('told.json')}'] }`),
    );
    writeFileSync(day.at('balances-2026-01-30.csv'), 'user_id,asset,equity,debt\nsecret-name,USD,-1,0\n');
    const refused = day.operate('run', '--at', SECOND, '--log', 'json');
    expect(refused.exitCode).toBe(1);
    expect(readEvents(refused.output).at(-1)).toMatchObject({ event: 'refused', step: 'snapshot' });
    const told = day.read('told.json');
    expect(JSON.parse(told)).toMatchObject({ format: 'solvent/operation-event/v1', event: 'refused' });
    for (const text of [refused.output, told, day.read('state/instants.json')])
      expect(text).not.toContain('secret-name');
  });

  it('takes its key from a variable of any name, which no hook sees', () => {
    const environment = { OTHER_KEY: readFileSync(join(shared.keys, 'platform-signing-key.pem'), 'utf8') };
    const configuration = day
      .configure(`hooks: { published: [sh, -c, 'env > ${day.at('told.txt')}'] }`)
      .replace(/^identity: .*$/m, 'identity: { variable: OTHER_KEY }');
    writeFileSync(day.at('operation.yaml'), configuration);
    const ended = day.run(environment, 'run', '--at', SECOND);
    expect(ended.exitCode, ended.errors).toBe(0);
    expect(day.read('told.txt')).toMatch(/^PATH=/m);
    expect(day.read('told.txt')).not.toMatch(/OTHER_KEY|PRIVATE KEY/);
  });

  it('takes an encrypted key with the passphrase in a file, and signs with no other', () => {
    const key = createPrivateKey(readFileSync(join(shared.keys, 'platform-signing-key.pem')));
    const write = (name: string, text: string) => {
      writeFileSync(day.at(name), text, { mode: 0o600 });
    };
    write('own.pem', encryptPrivateKey(key, 'correct horse battery staple'));
    write('passphrase', 'correct horse battery stable\n');
    const identity = `identity: { file: ${day.at('own.pem')}, passphraseFile: ${day.at('passphrase')} }`;
    write('operation.yaml', day.configure().replace(/^identity: .*$/m, identity));
    expectRefused(day.operate('run', '--at', SECOND), 'passphrase-wrong');
    write('passphrase', 'correct horse battery staple\n');
    const ended = day.operate('run', '--at', SECOND);
    expect(ended.exitCode, ended.errors).toBe(0);
  });

  it('is refused where the clock is before what was published', () => {
    const text = day.read('state/instants.json');
    const later = text.replace(/"endedAt":"[^"]+"/, '"endedAt":"2126-01-01T00:00:00Z"');
    writeFileSync(day.at('state/instants.json'), later);
    expectRefused(day.operate('run', '--at', SECOND), 'clock-wrong');
  });

  it('is refused on a full disk, and goes on when there is room', () => {
    const words = [process.execPath, SOLVENT, 'operate', 'run', day.at('operation.yaml'), '--at', SECOND];
    // Files of more than 64 KiB find no room.
    const full = spawnSync('sh', ['-c', 'trap "" XFSZ; ulimit -f 64; exec "$@"', 'sh', ...words], {
      encoding: 'utf8',
    });
    expectRefused({ exitCode: full.status, errors: full.stderr }, 'disk-full');
    const ended = day.operate('run', '--at', SECOND);
    expect(ended.exitCode, ended.errors).toBe(0);
  });

  it('is refused before it is begun where the last one took more room than there is', () => {
    swellLastDay();
    const refused = day.operate('run', '--at', SECOND, '--log', 'json');
    expectRefused(refused, 'disk-low');
    expect(readEvents(refused.output).some(({ event }) => event === 'step-begun')).toBe(false);
    expect(refused.errors).toContain('solvent operate prune');
    expect(day.operate('status').output).toContain('room for 0 more');
  });

  it('is refused without an instant, and with a damaged list of instants', () => {
    expectRefused(day.operate('run'), 'instant-missing');
    writeFileSync(day.at('state/instants.json'), '{}\n');
    expectRefused(day.operate('run', '--at', SECOND), 'instants-malformed');
  });

  it('is refused where the site is another than the last that was published', () => {
    rmSync(day.at('public'), { recursive: true });
    const refused = day.operate('run', '--at', SECOND);
    expect(refused.errors).toContain('code: site-differs');
    expect(existsSync(day.at('public/site'))).toBe(false);
  });

  it('has no second manifest, also where the state is lost', () => {
    rmSync(day.at('state'), { recursive: true });
    rmSync(day.at('public'), { recursive: true });
    const refused = day.operate('run', '--at', FIRST);
    expect(refused.errors).toContain('code: manifest-signed-already');
    expect(existsSync(day.at('public/site'))).toBe(false);
  });

  it('is made by one of two operators, and the other is told who works', async () => {
    const one = day.start(SECOND);
    await once(one.stderr, 'data');
    const other = day.operate('run', '--at', SECOND);
    if (other.exitCode !== 0) expect(other.errors).toContain(`process ${one.pid}`);
    const [exitCode] = (await once(one, 'exit')) as [number];
    expect(exitCode).toBe(0);
    const { entries } = JSON.parse(day.read('ledger.json')) as { entries: unknown[] };
    expect(entries).toHaveLength(2);
  });
});

describe('instants that were missed', () => {
  it('are made in their order where the configuration says so', () => {
    const late = new OperationDirectory(shared.keys);
    try {
      const rule = ["schedule: 'daily 00:00Z'", 'missed: make'];
      writeFileSync(late.at('operation.yaml'), late.configure(...rule));
      const runAt = (clock: string) =>
        late.run({ SOLVENT_CLOCK: clock, NODE_OPTIONS: `--import=${CLOCK}` }, 'run', '--log', 'json');
      const publishedAt = (clock: string) => {
        const ended = runAt(clock);
        expect(ended.exitCode, ended.errors).toBe(0);
        return readEvents(ended.output).flatMap(({ event, takenAt }) =>
          event === 'published' ? [takenAt] : [],
        );
      };
      expect(publishedAt('2026-01-29T01:00:00Z')).toEqual([FIRST]);
      expect(publishedAt('2026-01-31T01:00:00Z')).toEqual([SECOND, THIRD]);
    } finally {
      late.remove();
    }
  });
});

describe('a configuration', () => {
  it('with a key that is none, or both kinds of sources, is refused by its path', () => {
    writeFileSync(day.at('operation.yaml'), day.configure('retain: 3d', 'books: { config: a.yaml }'));
    const refused = day.operate('run');
    expect(refused.errors).toContain('code: operation-invalid');
    expect(refused.errors).toContain('retain: expected no such key');
    expect(refused.exitCode).toBe(2);
  });

  it('for keys that can prove anything is refused by the verifier unless it allows them', () => {
    writeFileSync(day.at('operation.yaml'), day.configure().replace('developmentKeys: allow\n', ''));
    expectRefused(day.operate('run', '--at', SECOND), 'stranger-refuses');
    // Signed and not published: nothing else can be made of the instant any more, and the same can.
    writeFileSync(day.at('operation.yaml'), day.configure('scope: all accounts'));
    expectRefused(day.operate('run', '--at', SECOND), 'operation-changed');
    expectRefused(day.operate('run', '--at', '2026-01-29T12:00:00Z'), 'instant-passed');
    day.writeBalances(SECOND, 77);
    writeFileSync(day.at('operation.yaml'), day.configure());
    const signed = ledgerOf(day).at(-1);
    const ended = day.operate('run', '--at', SECOND, '--json');
    expect(JSON.parse(ended.output)).toMatchObject({ published: [signed] });
    expect(ledgerOf(day)).toHaveLength(2);
  });
});

describe('a backup', () => {
  it('is of something that was published', () => {
    rmSync(day.at('state'), { recursive: true });
    expect(day.operate('backup', '--out', day.at('backup')).errors).toContain('code: nothing-published');
    expect(day.operate('prune').output).toContain('Nothing is older than the retention.');
  });

  it('brings back what cannot be made again: the same user file, and a next day that goes on', () => {
    const file = (name: string) => [
      'inclusion',
      day.at(`state/instants/2026-01-29T000000Z/run`),
      '--user',
      'a@example.com',
      '--out',
      day.at(name),
    ];
    expect(solvent(...file('before.json'))).toMatchObject({ exitCode: 0 });
    const backup = day.operate('backup', '--out', day.at('backup'), '--json');
    const { lastManifestHash } = JSON.parse(backup.output) as { lastManifestHash: string };
    const restore = (hash: string) => day.operate('restore', day.at('backup'), '--manifest-hash', hash);
    expect(restore(lastManifestHash).errors).toContain('code: restore-target-used');
    for (const name of ['state', 'public', 'ledger.json']) rmSync(day.at(name), { recursive: true });
    expect(restore('ab'.repeat(32)).errors).toContain('code: backup-outdated');
    const [entry] = readdirSync(day.at('backup/instants'));
    const secret = day.at(join('backup/instants', entry!, 'run/private/secret'));
    const bytes = readFileSync(secret);
    chmodSync(secret, 0o600);
    writeFileSync(secret, 'another');
    expect(restore(lastManifestHash).errors).toContain('code: backup-damaged');
    writeFileSync(secret, bytes);
    const restored = restore(lastManifestHash);
    expect(restored.exitCode, restored.errors).toBe(0);
    expect(solvent(...file('after.json'))).toMatchObject({ exitCode: 0 });
    expect(day.read('after.json')).toBe(day.read('before.json'));
    const next = day.operate('run', '--at', SECOND, '--json');
    expect(next.exitCode, next.errors).toBe(0);
    expect(JSON.parse(next.output)).toMatchObject({
      published: [{ previousManifestHash: lastManifestHash }],
    });
  });
});

describe('retention', () => {
  it('is said before anything goes, and takes nothing that is published', () => {
    writeFileSync(day.at('operation.yaml'), day.configure('retention: { snapshots: 1d, runs: 1d }'));
    const said = day.operate('prune');
    expect(said.output).toContain('no inclusion file of this instant');
    expect(existsSync(day.at('state/instants/2026-01-29T000000Z/run'))).toBe(true);
    expect(day.operate('prune', '--yes')).toMatchObject({ exitCode: 0 });
    expect(existsSync(day.at('state/instants/2026-01-29T000000Z/run'))).toBe(false);
    expect(headOf(day)).toBe(headOf(shared));
  });
});

describe('the timer', () => {
  const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;
  it.skipIf(!hasSystemd)(
    'is one that systemd-analyze verifies, but for a program that is not installed here',
    () => {
      const units = ['solvent.timer', 'solvent.service'].map((name) => join(EXAMPLES, name));
      const { stderr } = spawnSync('systemd-analyze', ['verify', ...units], { encoding: 'utf8' });
      const faults = stderr.split('\n').filter((line) => /solvent\.(?:timer|service)/.test(line));
      expect(faults.filter((line) => !line.includes('/usr/local/bin/solvent is not executable'))).toEqual([]);
      const [, rule] = /^OnCalendar=(.+)$/m.exec(readExample('solvent.timer'))!;
      expect(spawnSync('systemd-analyze', ['calendar', rule!]).status).toBe(0);
    },
  );
});

describe('a first configuration', () => {
  const answers = { platform: 'Another Exchange', schedule: '6h' };

  it('is written from flags, with what no flag says as it is proposed, and is never written over', () => {
    const flags = Object.entries(answers).flatMap(([name, answer]) => [`--${name}`, answer]);
    const init = () => solvent('operate', 'init', day.at('first.yaml'), ...flags);
    expect(init()).toMatchObject({ exitCode: 0 });
    const text = day.read('first.yaml');
    expect(text).toContain("platform: 'Another Exchange'");
    expect(text).toContain("schedule: '6h'");
    expect(text).toContain("keys: 'keys'");
    expect(init().errors).toContain('code: file-exists');
  });

  const hasTerminal = spawnSync('script', ['--version']).status === 0;
  it.skipIf(!hasTerminal)('is written by asking, on a terminal', () => {
    const command = `${process.execPath} ${SOLVENT} operate init ${day.at('asked.yaml')} --platform Corner`;
    const input = 'venue/{instant}.yaml\n\n\n\n\n';
    const { status, stdout } = spawnSync('script', ['-qec', command, '/dev/null'], {
      encoding: 'utf8',
      input,
    });
    expect(status, stdout).toBe(0);
    expect(stdout).toContain('When a snapshot is due');
    expect(day.read('asked.yaml')).toContain("books: { config: 'venue/{instant}.yaml' }");
    expect(day.read('asked.yaml')).toContain("platform: 'Corner'");
  });
});

describe('a check', () => {
  it('reads everything, tells how long proving takes here, and makes nothing', () => {
    const checked = day.operate('check', '--at', SECOND, '--json');
    expect(checked.exitCode, checked.errors).toBe(0);
    const { passed, checks, provingSeconds } = JSON.parse(checked.output) as {
      passed: boolean;
      checks: { name: string }[];
      provingSeconds: number;
    };
    expect(passed).toBe(true);
    expect(provingSeconds).toBeGreaterThan(0);
    expect(checks.map(({ name }) => name)).toEqual([
      ...['state', 'clock', 'keys', 'trust', 'history', 'disk', 'memory', 'sources'],
    ]);
    expect(existsSync(day.at('state/instants/2026-01-30T000000Z'))).toBe(false);
  });

  it('finds a damaged key, a late source and a full disk, each by its code', () => {
    const keys = day.at('own-keys');
    spawnSync('cp', ['-a', shared.keys, keys]);
    const [zkey] = readdirSync(keys, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.zkey'),
    );
    const zkeyPath = join(keys, zkey!);
    const bytes = readFileSync(zkeyPath);
    bytes[bytes.length - 1]! ^= 1;
    rmSync(zkeyPath);
    writeFileSync(zkeyPath, bytes);
    writeFileSync(day.at('operation.yaml'), day.configure().replaceAll(shared.keys, keys));
    rmSync(day.at('balances-2026-01-30.csv'));
    swellLastDay();
    const checked = day.operate('check', '--at', SECOND, '--json');
    expect(checked.exitCode).toBe(1);
    const { checks } = JSON.parse(checked.output) as { checks: { name: string; code: string | null }[] };
    const codes = Object.fromEntries(checks.map(({ name, code }) => [name, code]));
    expect(codes).toMatchObject({ keys: 'keys-damaged', disk: 'disk-low', sources: 'source-overdue' });
  });

  it('finds too little memory for the keys and the workers', () => {
    const machine = 'data:text/javascript,process.availableMemory=()=>1000000';
    const checked = day.run({ NODE_OPTIONS: `--import=${machine}` }, 'check', '--at', SECOND, '--json');
    const { checks } = JSON.parse(checked.output) as { checks: { name: string; code: string | null }[] };
    expect(checks.find(({ name }) => name === 'memory')).toMatchObject({ code: 'memory-low' });
  });
});
