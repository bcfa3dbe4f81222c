export type { CircuitArtefacts } from './artefacts.js';
export {
  beginCompilations,
  compileCircuit,
  compileProfile,
  type CompiledCircuit,
  type CompileOptions,
  type CompileProfileOptions,
  type CompileProgress,
} from './compile.js';
export { countConstraints, countDomainRows, domainPower, largestLayout, type LayoutShape } from './cost.js';
export { generateMain } from './sources.js';
