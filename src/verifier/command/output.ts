import type { Command } from 'commander';

/** What a command says, and how it ends. */
export type Output = {
  readonly write: (text: string) => void;
  /** Sets the exit code; 0 unless it is called. */
  readonly end: (exitCode: number) => void;
};

/** One object as `--json` prints it. */
export function encodeOutput(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Adds commands that show how a command is called; `line` is what stands after the name of the program. */
export function addExample(command: Command, ...lines: readonly string[]): Command {
  return command.addHelpText('after', () => {
    const program = nameProgram(command);
    const title = lines.length === 1 ? 'Example:' : 'Examples:';
    return `\n${[title, ...lines.map((line) => `  ${program} ${line}`)].join('\n')}`;
  });
}

function nameProgram(command: Command): string {
  return command.parent === null ? command.name() : nameProgram(command.parent);
}
