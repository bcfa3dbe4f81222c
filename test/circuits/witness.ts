import { readFile } from 'node:fs/promises';

import { FIELD_MODULUS } from '../../src/protocol/index.js';

export type SignalValue = bigint | readonly SignalValue[];
/** Values of a circuit's input signals by name. */
export type Signals = Readonly<Record<string, SignalValue>>;

/** What a witness generator throws where a constraint does not hold; template and line follow. */
export const ASSERTION_FAILED = /assertion failed/;

/** What circom puts into the witness generators that it compiles, and this file uses. */
type GeneratorExports = {
  init(sanityCheck: number): void;
  getInputSize(): number;
  getInputSignalSize(nameHashHigh: number, nameHashLow: number): number;
  setInputSignal(nameHashHigh: number, nameHashLow: number, position: number): void;
  getWitnessSize(): number;
  getWitness(wire: number): void;
  writeSharedRWMemory(word: number, value: number): void;
  readSharedRWMemory(word: number): number;
  getMessageChar(): number;
};

type CompiledModule = { readonly brand: 'WebAssembly.Module' };

// The compiler's library for Node names WebAssembly nowhere.
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: {
    compile(bytes: Uint8Array): Promise<CompiledModule>;
    instantiate(module: CompiledModule, imports: object): Promise<{ readonly exports: unknown }>;
  };
};

const FIELD_WORDS = 8;
const ASSERTION_EXCEPTION = 4;

/** A witness generator in WebAssembly that is compiled once and then used for any number of witnesses. */
export class WitnessGenerator {
  readonly #module: CompiledModule;

  private constructor(module: CompiledModule) {
    this.#module = module;
  }

  static async load(path: string): Promise<WitnessGenerator> {
    return new WitnessGenerator(await WebAssembly.compile(await readFile(path)));
  }

  /**
   * The wires that follow from input signals; a signal is reduced modulo the field.
   * Throws ASSERTION_FAILED where a constraint does not hold.
   */
  async compute(signals: Signals): Promise<bigint[]> {
    const generator = await this.#start();
    let valueCount = 0;
    for (const [name, value] of Object.entries(signals)) {
      const [high, low] = hashName(name);
      const values = flatten(value);
      if (generator.getInputSignalSize(high, low) !== values.length) {
        throw new Error(`expected a signal ${name} of another size than ${values.length}`);
      }
      values.forEach((element, position) => {
        writeElement(generator, element);
        generator.setInputSignal(high, low, position);
      });
      valueCount += values.length;
    }
    if (valueCount !== generator.getInputSize()) throw new Error('expected all signals, got some of them');
    return Array.from({ length: generator.getWitnessSize() }, (_, wire) => readWire(generator, wire));
  }

  async #start(): Promise<GeneratorExports> {
    const trace: string[] = [];
    const runtime = {
      exceptionHandler(code: number): never {
        const reason = code === ASSERTION_EXCEPTION ? 'assertion failed' : `exception ${code}`;
        throw new Error(`${reason}: ${trace.join(', ')}`);
      },
      printErrorMessage(): void {
        trace.push(readMessage(generator));
      },
      writeBufferMessage(): void {
        readMessage(generator);
      },
      showSharedRWMemory: () => undefined,
    };
    const instance = await WebAssembly.instantiate(this.#module, { runtime });
    const generator = instance.exports as GeneratorExports;
    generator.init(0);
    return generator;
  }
}

/** The wire of every signal of a circuit by its name; those that were folded away have none. */
export async function loadSymbols(path: string): Promise<ReadonlyMap<string, number>> {
  const wires = new Map<string, number>();
  for (const line of (await readFile(path, 'utf8')).split('\n')) {
    const [, wire, , name] = line.split(',');
    if (name !== undefined && Number(wire) >= 0) wires.set(name, Number(wire));
  }
  return wires;
}

function flatten(value: SignalValue): bigint[] {
  return typeof value === 'bigint' ? [value] : value.flatMap(flatten);
}

function writeElement(generator: GeneratorExports, value: bigint): void {
  let rest = ((value % FIELD_MODULUS) + FIELD_MODULUS) % FIELD_MODULUS;
  for (let word = 0; word < FIELD_WORDS; word++) {
    generator.writeSharedRWMemory(word, Number(BigInt.asIntN(32, rest)));
    rest >>= 32n;
  }
}

function readWire(generator: GeneratorExports, wire: number): bigint {
  generator.getWitness(wire);
  let value = 0n;
  for (let word = FIELD_WORDS - 1; word >= 0; word--) {
    value = (value << 32n) | BigInt(generator.readSharedRWMemory(word) >>> 0);
  }
  return value;
}

function readMessage(generator: GeneratorExports): string {
  let message = '';
  for (let code = generator.getMessageChar(); code !== 0; code = generator.getMessageChar()) {
    message += String.fromCharCode(code);
  }
  return message;
}

/** FNV-1a of 64 bits, by which circom's generators know signals. */
function hashName(name: string): [high: number, low: number] {
  let hash = 0xcbf29ce484222325n;
  for (const character of name) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(character.charCodeAt(0))) * 0x100000001b3n);
  }
  return [Number(BigInt.asIntN(32, hash >> 32n)), Number(BigInt.asIntN(32, hash))];
}
