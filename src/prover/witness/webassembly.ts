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
