import { Argument, type Command } from 'commander';

import { addExample } from '../../verifier/command/index.js';
import { renderCompletion, SHELLS, type Shell } from '../completion.js';

/** `solvent completion`: what a shell needs to complete commands and flags. */
export function addCompletionCommand(program: Command): void {
  const command = program
    .command('completion')
    .description('print a script with which a shell completes commands and flags')
    .addArgument(new Argument('<shell>', 'which shell').choices(SHELLS));
  addExample(command, 'completion bash > ~/.local/share/bash-completion/completions/solvent').action(
    (shell: Shell) => {
      process.stdout.write(renderCompletion(program, shell));
    },
  );
}
