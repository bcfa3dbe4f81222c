import { setFlagsFromString } from 'node:v8';

import { Kernel, KERNEL_NAMES, type KernelName } from './kernel.js';
import { refuseProver } from '../../errors.js';

/** Names the kernel to use; without it, the fastest that works on this machine is taken. */
export const KERNEL_VARIABLE = 'SOLVENT_KERNEL';

/** Relaxed SIMD is finished, and on in Node 21 and later; Node 20 has it behind a flag, which holds for all threads. */
const RELAXED_SIMD_FLAG = '--experimental-wasm-relaxed-simd';

let chosen: Promise<KernelName> | undefined;

/**
 * The kernel that keys are converted for, tested once a process: `relaxed` where the machine has fused multiply-add and
 * Node lets WebAssembly use it, else `plain`. Both give the same proofs.
 * @throws SolventError `engine-unknown` where the environment names another, `engine-unavailable` where it names one
 * that does not work here.
 */
export function chooseKernel(): Promise<KernelName> {
  chosen ??= findKernel(process.env[KERNEL_VARIABLE]);
  return chosen;
}

/** As chooseKernel, for the name that an operator gave, if any. */
export async function findKernel(named: string | undefined): Promise<KernelName> {
  if (named === undefined || named === '') return (await isRelaxedUsable()) ? 'relaxed' : 'plain';
  const name = KERNEL_NAMES.find((candidate) => candidate === named);
  if (name === undefined) {
    throw refuseProver('engine-unknown', {
      expected: `${KERNEL_VARIABLE} to be ${KERNEL_NAMES.join(' or ')}`,
      found: 'another name',
    });
  }
  if (name === 'relaxed' && !(await isRelaxedUsable())) {
    throw refuseProver('engine-unavailable', {
      expected: `fused multiply-add in WebAssembly, which ${KERNEL_VARIABLE}=relaxed needs`,
      found: 'none on this machine',
      advice: 'unset it',
    });
  }
  return name;
}

/** Without fused multiply-add in hardware the instruction rounds twice, and products come out wrong: that is tested. */
async function isRelaxedUsable(): Promise<boolean> {
  const kernel = await openRelaxed();
  return kernel?.exports.fp_lanes_work?.() === 1;
}

async function openRelaxed(): Promise<Kernel | undefined> {
  const kernel = await Kernel.open('relaxed').catch(() => undefined);
  if (kernel !== undefined) return kernel;
  try {
    setFlagsFromString(RELAXED_SIMD_FLAG);
    return await Kernel.open('relaxed');
  } catch {
    return undefined;
  }
}
