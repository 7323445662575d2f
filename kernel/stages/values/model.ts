/** A trained model: a head on an encoder, frozen or with adapters, and the curves of its training. */
import { join } from 'node:path';
import { tableFromArrays, type Table } from 'apache-arrow';
import type { TrainingPayload } from '../../../common/views/payload.js';
import { writeSafetensors } from '../../onnx/index.js';
import { contentHash } from '../../store/index.js';
import { saveAdapter, tensorsOf, type AdapterParts } from './adapter.js';
import { curveOf, MOST_SAVED, trainingView, type CurvePoint } from './training-view.js';
import { PARTS, type Parts } from './parts.js';
import { Value } from './value.js';

export type { CurvePoint } from './training-view.js';

export interface HeadParts {
  readonly encoder: string;
  readonly dimension: number;
  readonly hidden: number;
  readonly classes: readonly string[];
  /** Standardisation of the embedding, fitted on source fold F. */
  readonly mean: Float32Array;
  readonly scale: Float32Array;
  /** Flat parameters in the layout of the head's graph. */
  readonly parameters: Float32Array;
  /** Name, shape and offset of each tensor in `parameters`. */
  readonly layout: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly offset: number;
  }[];
}

export interface TrainingRecord {
  readonly arm: string;
  readonly curves: readonly CurvePoint[];
  readonly kept: CurvePoint;
  readonly rows: number;
  readonly papers: number;
  /** Why training ended: its last epoch, no lower loss on fold C for long, or a person who asked it to. */
  readonly ended: 'epochs' | 'patience' | 'person';
  /** How a person ended it, in words. */
  readonly stopped?: string;
}

export class Model extends Value {
  override readonly kind = 'model';
  override readonly id: string;
  readonly #dataId: string;

  constructor(
    dataId: string,
    readonly head: HeadParts,
    readonly training: TrainingRecord,
    /** Adapters in the encoder; absent where it is frozen. */
    readonly adapter?: AdapterParts
  ) {
    super();
    this.#dataId = dataId;
    const { layout: _, ...parts } = head;
    const lora = adapter && { lora: { ...adapter.spec }, adapter: adapter.parameters };
    this.id = contentHash({ kind: 'model', data: dataId, ...parts, classes: [...head.classes], ...lora });
  }

  override [PARTS](): Parts {
    const { head, training, adapter } = this;
    return { content: { dataId: this.#dataId, head, training, adapter }, facts: { encoder: head.encoder } };
  }

  override get dataId(): string {
    return this.#dataId;
  }

  /** The curves, one row an epoch. The parameters are saved with `save`. */
  override toArrow(): Table {
    const { curves } = this.training;
    return tableFromArrays({
      epoch: curves.map(point => point.epoch),
      step: curves.map(point => point.step),
      train: curves.map(point => point.train),
      choose: curves.map(point => point.choose)
    });
  }

  /**
   * A head alone is written as one safetensors file; with adapters, a folder that peft loads is made, the head in it
   * as head.safetensors. Whole or not at all.
   */
  override async save(path: string): Promise<void> {
    const { head, adapter } = this;
    if (!adapter) return this.saveHead(path);
    const base = head.encoder === 'minilm' ? 'sentence-transformers/all-MiniLM-L6-v2' : head.encoder;
    saveAdapter(path, adapter, base, folder => this.saveHead(join(folder, 'head.safetensors')));
  }

  private saveHead(path: string): void {
    const { head } = this;
    const tensors = tensorsOf(head.parameters, head.layout);
    tensors.set('input.mean', { shape: [head.dimension], data: head.mean });
    tensors.set('input.scale', { shape: [head.dimension], data: head.scale });
    writeSafetensors(path, tensors, {
      format: 'hysim-head',
      encoder: head.encoder,
      classes: JSON.stringify(head.classes),
      hidden: String(head.hidden)
    });
  }

  override view(): TrainingPayload {
    const { training, head, adapter } = this;
    const encoder = adapter
      ? `${head.encoder} with LoRA of rank ${adapter.spec.rank} on ${adapter.spec.targetModules.join(', ')}`
      : `frozen ${head.encoder}`;
    return trainingView({
      subtitle: `${training.arm}: ${head.hidden > 0 ? `a head with ${head.hidden} hidden units` : 'a linear head'} on ${encoder}`,
      facts: [
        { name: 'trained on', text: `${training.rows} rows of ${training.papers} papers, fold F` },
        { name: 'classes', text: `${head.classes.length}` },
        { name: 'parameters', text: `${head.parameters.length + (adapter?.parameters.length ?? 0)}` },
        {
          name: 'loss kept, fold C',
          number: { value: training.kept.choose, label: 'ESTIMATED', fold: 'C' }
        },
        ...(training.stopped ? [{ name: 'ended early', text: training.stopped }] : [])
      ],
      curves: [
        curveOf('fold F', 'F', training.curves, MOST_SAVED),
        curveOf('fold C', 'C', training.curves, MOST_SAVED)
      ],
      kept: { x: training.kept.epoch, y: training.kept.choose, label: 'kept: lowest on fold C' }
    });
  }

  override toString(): string {
    return `Model: ${this.training.arm}, ${this.head.classes.length} classes on ${this.head.encoder}${this.adapter ? ' with LoRA' : ''}, fold C loss ${this.training.kept.choose.toFixed(3)}${this.training.stopped ? `, ${this.training.stopped}` : ''}`;
  }
}
