// The kernel's arithmetic for who checks keys: products of points and scalars, without a prover around them.
export { chooseKernel } from './wasm/choose-kernel.js';
export { importPacked } from './wasm/convert-points.js';
export { Kernel, KERNEL_BYTES, type KernelGroup, type KernelName } from './wasm/kernel.js';
export { chooseWindowBits, multiplyScalars, recodeScalars } from './wasm/multi-scalar.js';
export { readPoint1, readPoint2 } from './wasm/points.js';
