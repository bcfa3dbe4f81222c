import { describe, expect, it } from 'vitest';

import { STANDARD } from '../../src/cli/output.js';
import { buildProgram } from '../../src/cli/program.js';

const whole = await buildProgram(STANDARD);
const namesOf = ({ commands }: typeof whole) => commands.map((command) => command.name());

describe('the program', () => {
  it.each(namesOf(whole).filter((name) => name !== 'completion'))(
    'loads no other command where it is asked for: %s',
    async (name) => {
      expect(namesOf(await buildProgram(STANDARD, [name, '--help']))).toEqual([name]);
    },
  );

  it.each([
    { words: [] },
    { words: ['--help'] },
    { words: ['help', 'prove'] },
    { words: ['porve'] },
    { words: ['toString'] },
    { words: ['completion', 'bash'] },
  ])('knows every command where it is asked for $words', async ({ words }) => {
    expect(namesOf(await buildProgram(STANDARD, words))).toEqual(namesOf(whole));
  });

  it('says its version without any', async () => {
    expect(namesOf(await buildProgram(STANDARD, ['--version']))).toEqual([]);
  });
});
