import { Command, InvalidArgumentError } from 'commander';

import { parseCount } from '../src/cli/arguments.js';
import { EXIT_CODES } from '../src/protocol/index.js';

/** What `--help` says of a script besides its flags. */
type Described = {
  readonly does: string;
  /** What a person types after the script's name, one call a line; the empty text is the script alone. */
  readonly examples: readonly string[];
};

/**
 * Begins the command line of a script. Asked for help it ends with 0; a mistake is one line and ends with 2.
 * @param call how a person calls the script, up to its flags.
 */
export function describeScript(call: string, { does, examples }: Described): Command {
  return new Command(call)
    .usage('[options]')
    .description(does)
    .addHelpText(
      'after',
      `\nExamples:\n${examples.map((flags) => `  ${call} ${flags}`.trimEnd()).join('\n')}`,
    )
    .configureOutput({
      outputError: (text, write) => {
        write(`${text.trim().replace(/\s*\n\s*/g, ' ')} (run with --help for what it takes)\n`);
      },
    })
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? EXIT_CODES.done : EXIT_CODES.usage));
}

/** Reads words with commas between them, each by `parse`. */
export function parseEach<T>(parse: (text: string) => T): (text: string) => readonly T[] {
  return (text) => text.split(',').map(parse);
}

/** Reads one of some words. @throws InvalidArgumentError. */
export function parseOneOf<T extends string>(words: readonly T[]): (text: string) => T {
  return (text) => {
    const found = words.find((word) => word === text);
    if (found === undefined) throw new InvalidArgumentError(`Expected one of ${words.join(', ')}.`);
    return found;
  };
}

/** Reads a whole number, both bounds permitted. @throws InvalidArgumentError. */
export function parseFrom(least: number, most: number): (text: string) => number {
  return (text) => parseCount(text, { least, most });
}

/** Reads what `SeededRandom` starts from. @throws InvalidArgumentError. */
export const parseSeed = parseFrom(0, 2 ** 32 - 1);
