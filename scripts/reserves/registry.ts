/**
 * Writes the bytecode of the registry from its source, with the compiler of npm. The same source gives the same bytes
 * everywhere: no hash of the source or of its path is in them.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { hexToBytes } from '../../src/protocol/index.js';
import { projectRoot } from '../../src/system/index.js';
import { hashEvm } from '../../src/verifier/reserves/making.js';
import { describeScript } from '../command-line.js';
import { keepGenerated } from '../verifier/generated.js';

const SOURCE = 'SolventRegistry.sol';
/** The last version before an instruction that some chains lack. */
const EVM_VERSION = 'paris';

type Evm = {
  readonly bytecode: { readonly object: string };
  readonly deployedBytecode: { readonly object: string };
  readonly methodIdentifiers: Readonly<Record<string, string>>;
};
type Compiled = {
  readonly contracts: Readonly<Record<string, Readonly<Record<string, { readonly evm: Evm }>>>>;
  readonly errors?: readonly { readonly formattedMessage: string }[];
};

const { check = false } = describeScript('node dist/scripts/reserves/registry.js', {
  does: 'Write the bytecode of the registry from contracts/SolventRegistry.sol.',
  examples: ['', '--check'],
})
  .option('--check', 'write nothing, and end with 1 where the file is not what it would write')
  .parse()
  .opts<{ readonly check?: true }>();

const { bytecode, deployedBytecode, methodIdentifiers } = compile();
const selectors = Object.entries(methodIdentifiers)
  .filter(([signature]) => /^(?:publish|rotate)/.test(signature))
  .map(([signature, selector]) => [signature.split('(')[0]!, selector]);
const text = `// Written by scripts/reserves/registry.ts from contracts/${SOURCE}, and by nobody else.
/** What deploys a registry, before its argument. */
export const REGISTRY_BYTECODE = '0x${bytecode.object}';
/** The hash of a registry's code, which readers pin. */
export const REGISTRY_CODE_HASH = '${hashEvm(hexToBytes(deployedBytecode.object))}';
/** Its functions that write. */
export const REGISTRY_SELECTORS = ${JSON.stringify(Object.fromEntries(selectors))} as const;
`;
const path = join(projectRoot(), 'src/registry/bytecode.ts');
process.exitCode = await keepGenerated([{ path, text }], { check });

function compile(): Evm {
  const compiler = createRequire(import.meta.url)('solc') as { compile: (input: string) => string };
  const content = readFileSync(join(projectRoot(), 'contracts', SOURCE), 'utf8');
  const input = {
    language: 'Solidity',
    sources: { [SOURCE]: { content } },
    settings: {
      evmVersion: EVM_VERSION,
      optimizer: { enabled: true, runs: 1000 },
      metadata: { bytecodeHash: 'none', appendCBOR: false },
      outputSelection: {
        '*': { '*': ['evm.bytecode.object', 'evm.deployedBytecode.object', 'evm.methodIdentifiers'] },
      },
    },
  };
  const { contracts, errors = [] } = JSON.parse(compiler.compile(JSON.stringify(input))) as Compiled;
  if (errors.length > 0) throw new Error(errors.map(({ formattedMessage }) => formattedMessage).join('\n'));
  return contracts[SOURCE]!.SolventRegistry!.evm;
}
