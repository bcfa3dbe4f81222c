import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { renderCompletion } from '../../src/cli/completion.js';
import { STANDARD } from '../../src/cli/output.js';
import { buildProgram } from '../../src/cli/program.js';

const program = await buildProgram(STANDARD);
const directory = mkdtempSync(join(tmpdir(), 'solvent-completion-'));
beforeAll(() => {
  writeFileSync(join(directory, 'solvent.bash'), renderCompletion(program, 'bash'));
  writeFileSync(join(directory, 'snapshot.yaml'), '');
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

/** What bash's own completion offers after these words; the last one is being typed. */
function complete(...words: string[]): string[] {
  const script = `
    source ./solvent.bash
    COMP_WORDS=(solvent "$@"); COMP_CWORD=$#
    eval "$(complete -p solvent | sed -E 's/.* -F ([^ ]+) .*/\\1/')"
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr, status } = spawnSync('bash', ['--norc', '-c', script, 'bash', ...words], {
    cwd: directory,
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
  return stdout.split('\n').filter((line) => line !== '');
}

/** Every command of the tree with the words that lead to it. */
function walk(command: Command, path: readonly string[] = []): (readonly [readonly string[], Command])[] {
  return [[path, command], ...command.commands.flatMap((child) => walk(child, [...path, child.name()]))];
}

describe('the completion for bash', () => {
  it.each(walk(program).map(([path, command]) => [path.join(' '), path, command] as const))(
    'offers the commands and flags of: solvent %s',
    (_, path, command) => {
      const flags = complete(...path, '-');
      expect(flags.toSorted()).toEqual([...command.options.map(({ long }) => long!), '--help'].toSorted());
      const commands = command.commands.map((child) => child.name());
      if (commands.length > 0) expect(complete(...path, '')).toEqual(expect.arrayContaining(commands));
    },
  );

  it('offers what a flag or an argument may be, and files where it may be any', () => {
    expect(complete('prove', 'snapshot', '--engine', 'w')).toEqual(['wasm']);
    expect(complete('snapshot', '--underwater', '')).toEqual(['fail', 'write-off']);
    expect(complete('completion', 'b')).toEqual(['bash']);
    expect(complete('snapshot', '--config', 'snap')).toEqual(['snapshot.yaml']);
    expect(complete('keys', 'list', 'snap')).toEqual(['snapshot.yaml']);
  });

  it('begins a word and does not offer what does not', () => {
    expect(complete('ceremony', 'in')).toEqual(['init']);
    expect(complete('ceremony', 'xyz')).toEqual([]);
    expect(complete('prove', '--eng')).toEqual(['--engine']);
  });
});

describe('the completions for zsh and fish', () => {
  it('name every command and flag', () => {
    const [zsh, fish] = [renderCompletion(program, 'zsh'), renderCompletion(program, 'fish')];
    expect(zsh).toMatch(/^#compdef solvent\n/);
    for (const [path, command] of walk(program)) {
      for (const { long } of command.options) {
        expect(zsh).toContain(long);
        expect(fish).toContain(`"${path.join(' ')}"' -l '${long!.slice(2)}'`);
      }
    }
  });

  it.runIf(spawnSync('fish', ['--version']).status === 0)('are read by fish', () => {
    const { status, stderr } = spawnSync('fish', ['--no-execute'], {
      input: renderCompletion(program, 'fish'),
    });
    expect([status, stderr.toString()]).toEqual([0, '']);
  });
});
