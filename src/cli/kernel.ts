import { chooseKernel, type EngineName, type KernelName } from '../prover/index.js';

/** The kernel that this machine proves with; null for an engine that has none of ours. */
export async function chooseEngineKernel(engine: EngineName): Promise<KernelName | null> {
  return engine === 'wasm' ? chooseKernel() : null;
}

/** Which kernel runs, in a sentence. */
export function phraseKernel(kernel: KernelName | null): string {
  if (kernel === null) return 'Proving with another engine than our own';
  return kernel === 'relaxed'
    ? 'Proving with the kernel for fused multiply-adds'
    : 'Proving with the plain kernel, without fused multiply-adds: the fused one is about twice as fast where a machine has them';
}
