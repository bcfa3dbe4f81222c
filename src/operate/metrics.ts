import { createServer, type Server } from 'node:http';
import { dirname } from 'node:path';

import { encodeJsonLine } from '../protocol/index.js';
import { makeDirectory, writeFileAtomically } from '../system/index.js';
import { OPERATION_STEPS, type OperationEvent, type OperationStep } from './events.js';
import { findLastPublished, loadInstants, type Instants } from './instants.js';
import { operationPaths, type Operation } from './operation.js';

/** What a run is doing, as others see it. */
export type RunningState = {
  takenAt: string | null;
  step: OperationStep | null;
  stage: string | null;
  done: number;
  total: number;
  /** At the beginning of the instant; null before one. */
  room: { readonly freeBytes: number; readonly neededBytes: number } | null;
  readonly secondsByStep: Map<OperationStep, number>;
  updatedAt: string;
};

/** How often files are written while a stage goes on, in milliseconds. */
const WRITE_INTERVAL_MS = 1_000;
const CONTENT_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** Follows the events of a run for `status`, for a file of metrics and for who asks on loopback. */
export class RunMonitor {
  readonly #operation: Operation;
  readonly #state: RunningState = {
    ...{ takenAt: null, step: null, stage: null, done: 0, total: 0, room: null },
    secondsByStep: new Map(),
    updatedAt: new Date(0).toISOString(),
  };
  #writtenAtMs = 0;
  #server: Server | undefined;
  /** One write follows the other: the last one counts. */
  #writing: Promise<void> = Promise.resolve();

  constructor(operation: Operation) {
    this.#operation = operation;
  }

  /** Answers `GET /metrics` on loopback where a port is named. @throws what the system refuses, as a port that is taken. */
  async listen(): Promise<void> {
    const { port } = this.#operation.metrics;
    if (port === undefined) return;
    const server = createServer((request, response) => {
      const isKnown = request.method === 'GET' && request.url === '/metrics';
      if (!isKnown) {
        response.writeHead(404).end();
        return;
      }
      void this.#format().then(
        (text) => response.writeHead(200, { 'content-type': CONTENT_TYPE }).end(text),
        () => response.writeHead(500).end(),
      );
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    server.unref();
    this.#server = server;
  }

  /** Takes an event in; writes at the ends of steps and stages, and once a second between. */
  take(event: OperationEvent, nowMs: number): void {
    const state = this.#state;
    state.updatedAt = new Date(nowMs).toISOString();
    if ('takenAt' in event) state.takenAt = event.takenAt;
    if (event.event === 'run-begun') {
      const { freeBytes, neededBytes } = event;
      state.room = { freeBytes, neededBytes };
    }
    if (event.event === 'step-begun')
      Object.assign(state, { step: event.step, stage: null, done: 0, total: 0 });
    if (event.event === 'step-ended') state.secondsByStep.set(event.step, event.seconds);
    if (event.event === 'progress') {
      const { stage, done, total } = event;
      const isEdge = state.stage !== stage || done >= total;
      Object.assign(state, { stage, done, total });
      if (!isEdge && nowMs - this.#writtenAtMs < WRITE_INTERVAL_MS) return;
    }
    this.#writtenAtMs = nowMs;
    this.#writing = this.#writing.then(() => this.#write());
  }

  /** Writes what there is at the end of a run, and stops answering. */
  async close(): Promise<void> {
    Object.assign(this.#state, { step: null, stage: null, done: 0, total: 0 });
    this.#writing = this.#writing.then(() => this.#write());
    await this.#writing;
    this.#server?.close();
    this.#server?.closeAllConnections();
  }

  /** What is seen from outside fails no run. */
  async #write(): Promise<void> {
    const { progress } = operationPaths(this.#operation);
    const { secondsByStep, ...state } = this.#state;
    const steps = Object.fromEntries(secondsByStep);
    const { file } = this.#operation.metrics;
    try {
      await writeFileAtomically(progress, encodeJsonLine({ ...state, secondsByStep: steps }), {
        mode: 0o600,
      });
      if (file === undefined) return;
      await makeDirectory(dirname(file));
      await writeFileAtomically(file, await this.#format());
    } catch {
      // A full disk is said by the run itself.
    }
  }

  async #format(): Promise<string> {
    const instants = await loadInstants(operationPaths(this.#operation).instants);
    return formatMetrics(this.#state, instants, Date.now());
  }
}

/**
 * The metrics of an operation (OpenMetrics 1.0), in the part of that form which the textfile collector of node_exporter reads as
 * well: gauges and counters alone.
 */
export function formatMetrics(state: RunningState, instants: Instants, nowMs: number): string {
  const last = findLastPublished(instants);
  const publishedMs = typeof last?.endedAt === 'string' ? Date.parse(last.endedAt) : undefined;
  const isProving = state.stage === 'proving';
  const left = isProving ? state.total - state.done : 0;
  const published = instants.entries.filter((entry) => entry.state === 'published').length;
  const families = [
    family('solvent_operation_step', 'gauge', 'Which step is at work: 1 for that one.', [
      ...OPERATION_STEPS.map((step) => [`{step="${step}"}`, step === state.step ? 1 : 0] as const),
    ]),
    family('solvent_operation_proofs_done', 'gauge', 'Proofs of this run that are made.', [
      ['', isProving ? state.done : 0],
    ]),
    family('solvent_operation_proofs_left', 'gauge', 'Proofs of this run that are still to be made.', [
      ['', left],
    ]),
    family('solvent_operation_step_seconds', 'gauge', 'How long each step took in the last run.', [
      ...[...state.secondsByStep].map(([step, seconds]) => [`{step="${step}"}`, seconds] as const),
    ]),
    family('solvent_operation_published', 'counter', 'Snapshots that are published.', [
      ['_total', published],
    ]),
    family('solvent_operation_failures', 'counter', 'Runs that ended early, by code.', [
      ...Object.entries(instants.failures).map(([code, count]) => [`_total{code="${code}"}`, count] as const),
    ]),
    ...(state.room === null
      ? []
      : [
          family('solvent_operation_disk_free_bytes', 'gauge', 'Room when the last instant was begun.', [
            ['', state.room.freeBytes],
          ]),
          family('solvent_operation_disk_needed_bytes', 'gauge', 'Room that it needed then.', [
            ['', state.room.neededBytes],
          ]),
        ]),
    ...(publishedMs === undefined
      ? []
      : [
          family(
            'solvent_operation_last_published_timestamp_seconds',
            'gauge',
            'When the last one was published.',
            [['', publishedMs / 1000]],
          ),
          family(
            'solvent_operation_last_published_age_seconds',
            'gauge',
            'How long ago that was at the last look.',
            [['', Math.max(0, (nowMs - publishedMs) / 1000)]],
          ),
          family('solvent_operation_last_instant_timestamp_seconds', 'gauge', 'The instant that it is of.', [
            ['', Date.parse(last!.takenAt) / 1000],
          ]),
        ]),
  ];
  return `${families.join('')}# EOF\n`;
}

type Sample = readonly [suffix: string, value: number];

function family(name: string, type: 'gauge' | 'counter', help: string, samples: readonly Sample[]): string {
  const lines = samples.map(([suffix, value]) => `${name}${suffix} ${value}\n`);
  return [`# TYPE ${name} ${type}\n`, `# HELP ${name} ${help}\n`, ...lines].join('');
}
