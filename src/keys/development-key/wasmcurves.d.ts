declare module 'wasmcurves/build/bn128_wasm.js' {
  const bn128: {
    /** The WebAssembly module, in base64. */
    readonly code: string;
    /** Addresses of the generators in the module's memory: Jacobian, Montgomery form, z = 1. */
    readonly pG1gen: number;
    readonly pG2gen: number;
  };
  export default bn128;
}
