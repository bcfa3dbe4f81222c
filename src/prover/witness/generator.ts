import { ELEMENT_BYTES, encodeWitnessHeader, WITNESS_HEADER_BYTES } from '../../iden3/index.js';
import { FIELD_MODULUS, SolventError } from '../../protocol/index.js';
import { type ProverCode, refuseProver } from '../errors.js';

/** A compiled module: threads share it, and posting it to one copies nothing. */
export type WasmModule = { readonly wasmModuleBrand?: never };

type Instance = { readonly exports: unknown };

// The compiler's library for Node names WebAssembly nowhere, and that for browsers names far too much.
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: {
    compile(bytes: Uint8Array): Promise<WasmModule>;
    Instance: new (module: WasmModule, imports: object) => Instance;
  };
};

/** Compiles a module, in any thread. */
export function compileWasm(bytes: Uint8Array): Promise<WasmModule> {
  return WebAssembly.compile(bytes);
}

/** An instance with a memory of its own. */
export function instantiateWasm(module: WasmModule, imports: object): Instance {
  return new WebAssembly.Instance(module, imports);
}

/**
 * Values of every input signal of a circuit, by name: arrays of arrays are flattened, the last index running
 * fastest. Each 0 <= value < the field modulus.
 */
export type CircuitInput = ReadonlyMap<string, readonly bigint[]>;

/** What circom 2 exports from a witness generator. */
type Exports = {
  readonly memory: { readonly buffer: ArrayBuffer };
  init(sanityCheck: number): void;
  getFieldNumLen32(): number;
  getRawPrime(): void;
  getSharedRWMemoryStart(): number;
  getInputSize(): number;
  getInputSignalSize(hashHigh: number, hashLow: number): number;
  setInputSignal(hashHigh: number, hashLow: number, index: number): void;
  getWitnessSize(): number;
  getWitness(wire: number): void;
};

const WORD_MASK = 0xffff_ffffn;
/** What circom's runtime reports, by its number. */
const ASSERTION_FAILED = 4;

/** Computes witnesses of one circuit, one after the other, in one instance of the generator that circom made. */
export class WitnessGenerator {
  readonly #exports: Exports;
  readonly #shared: number;
  readonly #wireCount: number;
  /** The one witness that there is at a time: megabytes, which a collector would let stand for several proofs. */
  readonly #witness: Uint8Array;

  /** @throws SolventError `witness-generator-malformed` for a module that circom 2 did not make over BN254. */
  constructor(module: WasmModule) {
    const ignore = () => undefined;
    const runtime = {
      exceptionHandler: refuseInput,
      // What a circuit logs are values of private signals.
      printErrorMessage: ignore,
      writeBufferMessage: ignore,
      showSharedRWMemory: ignore,
    };
    try {
      this.#exports = instantiateWasm(module, { runtime }).exports as Exports;
      this.#shared = this.#exports.getSharedRWMemoryStart();
      this.#wireCount = this.#exports.getWitnessSize();
      this.#exports.getRawPrime();
    } catch (cause) {
      throw malformed('a witness generator of circom 2', cause);
    }
    if (this.#exports.getFieldNumLen32() !== ELEMENT_BYTES / 4 || this.#readShared() !== FIELD_MODULUS) {
      throw malformed('a witness generator over BN254');
    }
    this.#witness = new Uint8Array(WITNESS_HEADER_BYTES + this.#wireCount * ELEMENT_BYTES);
  }

  /** Bytes of memory that the generator has taken. */
  get memoryBytes(): number {
    return this.#exports.memory.buffer.byteLength;
  }

  /**
   * The witness of the given inputs, as the bytes of a .wtns file: they are overwritten by the next one.
   * @throws SolventError `witness-refused` where an assertion of the circuit fails on these inputs,
   * `witness-generator-malformed` where its input signals are not those given.
   */
  generate(input: CircuitInput): Uint8Array {
    this.#exports.init(0);
    const inputSize = [...input.values()].reduce((sum, values) => sum + values.length, 0);
    if (inputSize !== this.#exports.getInputSize()) {
      throw malformed(`${inputSize} input signals, as the protocol has them`);
    }
    for (const [name, values] of input) this.#setSignal(name, values);
    return this.#readWitness();
  }

  #setSignal(name: string, values: readonly bigint[]): void {
    const { high, low } = hashSignalName(name);
    if (this.#exports.getInputSignalSize(high, low) !== values.length) {
      throw malformed(`an input signal ${name} of ${values.length} values`);
    }
    for (let index = 0; index < values.length; index++) {
      this.#writeShared(values[index]!);
      this.#exports.setInputSignal(high, low, index);
    }
  }

  /** Wires leave one by one through a window of shared memory. */
  #readWitness(): Uint8Array {
    const witness = this.#witness;
    witness.set(encodeWitnessHeader(this.#wireCount));
    const target = new Uint32Array(witness.buffer);
    const source = new Uint32Array(this.#exports.memory.buffer, this.#shared, ELEMENT_BYTES / 4);
    let at = WITNESS_HEADER_BYTES / 4;
    for (let wire = 0; wire < this.#wireCount; wire++) {
      this.#exports.getWitness(wire);
      for (let word = 0; word < ELEMENT_BYTES / 4; word++) target[at++] = source[word]!;
    }
    return witness;
  }

  #writeShared(value: bigint): void {
    const window = new DataView(this.#exports.memory.buffer, this.#shared, ELEMENT_BYTES);
    // Nearly all inputs are amounts and codes, of one limb.
    let left = value;
    for (let at = 0; at < ELEMENT_BYTES; at += 8) {
      window.setBigUint64(at, left, true);
      left = left === 0n ? 0n : left >> 64n;
    }
  }

  #readShared(): bigint {
    const words = new Uint32Array(this.#exports.memory.buffer, this.#shared, ELEMENT_BYTES / 4);
    return words.reduceRight((value, word) => (value << 32n) | BigInt(word), 0n);
  }
}

/** FNV-1a of 64 bits, by which a generator knows its input signals. */
function hashSignalName(name: string): { high: number; low: number } {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(name, 'latin1')) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return { high: Number(hash >> 32n), low: Number(hash & WORD_MASK) };
}

function refuseInput(code: number): never {
  if (code === ASSERTION_FAILED) {
    throw refuseProver('witness-refused', {
      expected: 'accounts that satisfy the circuit',
      found: 'some that fail one of its assertions',
    });
  }
  throw malformed(`inputs that circom's runtime takes, which reports error ${code}`);
}

function malformed(expected: string, cause?: unknown): SolventError<ProverCode> {
  return refuseProver('witness-generator-malformed', {
    expected,
    found: "another circuit's",
    cause,
  });
}
