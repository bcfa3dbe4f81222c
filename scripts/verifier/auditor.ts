/**
 * Does what an auditor does with the demonstration: installs the verifier from its tarball into an empty directory, and verifies
 * bundle and reserves without a network. Ends with 0 where the answers are those that the demonstration has.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describeScript } from '../command-line.js';

const command = describeScript('npm run test:auditor --', {
  does: 'Verify the demonstration as an auditor: with the tarball of the verifier, and without a network where the system can take it away.',
  examples: ['', '--demo demo'],
})
  .option('--demo <dir>', 'what npm run demo made', 'demo')
  .parse();
const { demo } = command.opts<{ readonly demo: string }>();
if (!existsSync(demo))
  command.error(`error: expected what npm run demo made in ${demo}, got nothing: run it first`);

/** What the demonstration leaves for its reader, and nothing else. */
const GIVEN = ['run/bundle', 'reserves', 'part-reserves', 'keys/trust.json', 'pins.json'];
/** A new network of the process alone, in which nothing answers. */
const ALONE = ['unshare', '--map-root-user', '--net'];

const root = await mkdtemp(join(tmpdir(), 'solvent-auditor-'));
try {
  for (const name of GIVEN)
    await cp(join(resolve(demo), name), join(root, 'given', name), { recursive: true });
  run([process.execPath, fileURLToPath(new URL('pack.js', import.meta.url)), '--out', join(root, 'packed')]);
  const [tarball = ''] = await readdir(join(root, 'packed'));
  const installed = await mkdtemp(join(root, 'installed-'));
  run(
    ['npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', join(root, 'packed', tarball)],
    installed,
  );
  const isAlone = spawnSync(ALONE[0]!, [...ALONE.slice(1), 'true']).status === 0;
  const before = isAlone ? ALONE : [];
  console.log(
    `${tarball}, ${isAlone ? 'without a network' : 'with a network: this system does not take it away'}`,
  );
  const program = join(installed, 'node_modules/.bin/solvent-verify');
  const own = fileURLToPath(new URL('../../src/verifier/command/main.js', import.meta.url));
  const at = (name: string) => join(root, 'given', name);
  const trusting = ['--trust', at('keys/trust.json'), '--allow-development-keys', '--json'];
  const pinned = ['--bundle', at('run/bundle'), '--pins', at('pins.json'), ...trusting];
  const questions: readonly (readonly [string, readonly string[], number])[] = [
    ['the bundle', ['bundle', at('run/bundle'), ...trusting], 0],
    ['the reserves', ['reserves', at('reserves'), ...pinned], 0],
    ['the reserves without one wallet', ['reserves', at('part-reserves'), ...pinned], 4],
  ];
  const wrong = questions.filter(([name, args, expected]) => {
    const theirs = run([...before, program, ...args], installed, expected);
    const ours = run([process.execPath, own, ...args], root, expected);
    const isSame = theirs.stdout === ours.stdout && theirs.status === expected;
    const { code, outcome } = JSON.parse(theirs.stdout) as { code: string; outcome: string };
    console.log(`${isSame ? 'same' : 'DIFFERENT'}  exit ${theirs.status}  ${code}, ${outcome}  ${name}`);
    return !isSame;
  });
  process.exitCode = wrong.length === 0 ? 0 : 1;
} finally {
  await rm(root, { recursive: true, force: true });
}

function run(command: readonly string[], cwd = root, expected = 0) {
  const [program = '', ...args] = command;
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  if (status !== expected)
    throw new Error(`expected ${expected} of ${command.join(' ')}, got ${status}: ${stderr}`);
  return { status, stdout };
}
