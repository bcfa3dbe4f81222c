import type { Argument, Command, Option } from 'commander';

/** Shells that a completion is written for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** One command of the tree, as a shell completes it. */
type Node = {
  /** The words that lead to it: `ceremony init`; empty for the program. */
  readonly words: string;
  readonly commands: readonly { readonly name: string; readonly help: string }[];
  readonly flags: readonly Flag[];
  /** Words that may stand in place of a path. */
  readonly choices: readonly string[];
};

type Flag = {
  readonly long: string;
  readonly help: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
};

/** A script that completes commands, flags, their choices, and else files, from the program's own tree. */
export function renderCompletion(program: Command, shell: Shell): string {
  const nodes = listNodes(program, []);
  const name = program.name();
  if (shell === 'fish') return renderFish(name, nodes);
  const script = renderBash(name, nodes);
  // zsh runs completions of bash, whose words it splits alike.
  return shell === 'bash'
    ? script
    : `#compdef ${name}\nautoload -U +X bashcompinit && bashcompinit\n${script}`;
}

function listNodes(command: Command, path: readonly string[]): Node[] {
  const commands = command.commands.filter((child) => child.name() !== 'help');
  const node: Node = {
    words: path.join(' '),
    commands: commands.map((child) => ({ name: child.name(), help: shorten(child.description()) })),
    flags: [...command.options.filter(({ hidden }) => !hidden).map(toFlag), HELP],
    choices: command.registeredArguments.flatMap(({ argChoices }: Argument) => argChoices ?? []),
  };
  return [node, ...commands.flatMap((child) => listNodes(child, [...path, child.name()]))];
}

const HELP: Flag = { long: '--help', help: 'display help', takesValue: false, choices: [] };

function toFlag({ long, short, description, required, optional, argChoices }: Option): Flag {
  return {
    long: long ?? short!,
    help: shorten(description),
    takesValue: required || optional,
    choices: argChoices ?? [],
  };
}

/** A description as it fits beside a word, without what a shell would read. */
function shorten(text: string): string {
  return text
    .split(/[;(:]/)[0]!
    .replace(/['"`\\$]/g, '')
    .trim();
}

function renderBash(name: string, nodes: readonly Node[]): string {
  const id = `_${name.replaceAll('-', '_')}`;
  const words = nodes.map(({ words: path, commands, flags, choices }) => {
    const offered = [
      ...commands.map((command) => command.name),
      ...choices,
      ...flags.map(({ long }) => long),
    ];
    return `    '${path}') offered='${offered.join(' ')}' ;;`;
  });
  const values = nodes.flatMap(({ words: path, flags }) =>
    flags
      .filter(({ takesValue }) => takesValue)
      .map(
        ({ long, choices }) =>
          `    '${`${path} ${long}`.trim()}') takes=value; offered='${choices.join(' ')}' ;;`,
      ),
  );
  const paths = nodes.filter(({ words: path }) => path !== '').map(({ words: path }) => `'${path}'`);
  return `# Completion of ${name} for bash: ${name} completion bash
${id}() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} path='' next='' offered='' takes='' at
  for ((at = 1; at < COMP_CWORD; at++)); do
    next="\${path:+$path }\${COMP_WORDS[at]}"
    case "$next" in
    ${paths.join(' | ')}) path=$next ;;
    esac
  done
  case "\${path:+$path }$before" in
${values.join('\n')}
  esac
  if [ -z "$takes" ]; then
    case "$path" in
${words.join('\n')}
    esac
  fi
  COMPREPLY=($(compgen -W "$offered" -- "$word"))
  case "$word" in
    -*) ;;
    *) if [ -z "$offered" ] || [ -z "$COMPREPLY" ]; then COMPREPLY=($(compgen -f -- "$word")); fi ;;
  esac
}
complete -o filenames -F ${id} ${name}
`;
}

function renderFish(name: string, nodes: readonly Node[]): string {
  const lines = nodes.flatMap(({ words, commands, flags, choices }) => {
    const here = `-n '__${name.replaceAll('-', '_')}_at "${words}"'`;
    return [
      ...commands.map(
        (command) => `complete -c ${name} ${here} -f -a '${command.name}' -d '${command.help}'`,
      ),
      ...choices.map((choice) => `complete -c ${name} ${here} -f -a '${choice}'`),
      ...flags.map(({ long, help, takesValue, choices: values }) =>
        [
          `complete -c ${name} ${here} -l '${long.replace(/^--/, '')}' -d '${help}'`,
          ...(takesValue ? ['-r'] : []),
          ...(values.length === 0 ? [] : [`-f -a '${values.join(' ')}'`]),
        ].join(' '),
      ),
    ];
  });
  const paths = nodes.filter(({ words }) => words !== '').map(({ words }) => `"${words}"`);
  return `# Completion of ${name} for fish: ${name} completion fish
function __${name.replaceAll('-', '_')}_at
  set -l path ''
  for word in (commandline -opc)[2..-1]
    set -l next (string trim -- "$path $word")
    if contains -- $next ${paths.join(' ')}
      set path $next
    end
  end
  test "$path" = "$argv[1]"
end
${lines.join('\n')}
`;
}
