/**
 * What a person does in the graph, whether by a key, a button or a gesture: each turns into edits or runs of the notebook
 * in front. Holds what the screen needs to know besides the notebook (a message, the chosen edge); draws nothing.
 */
import { Signal, type ISignal } from '@lumino/signaling';
import type {
  DataflowEdge,
  Input,
  Output,
  Proposal,
  RunWhat,
  Where
} from '../../../common/dataflow/index.js';
import type { Drawing, IDataflow, IDataflows, Place } from '../tokens.js';
import { shortTitle } from './drawn.js';
import type { Direction } from './walk.js';

/** What only the drawn graph can do. */
export interface GraphView {
  step(direction: Direction): string | undefined;
  fit(): void;
  zoom(by: 'in' | 'out' | 'whole'): void;
  search(): void;
  palette(): void;
  focus(): void;
}

export interface Message {
  readonly text: string;
  readonly kind: 'note' | 'refusal';
}

const UNDO_HINT = 'Ctrl Z undoes it.';

export class GraphController {
  view: GraphView | undefined;
  private _message: Message | undefined;
  private _edge: DataflowEdge | undefined;
  private readonly _changed = new Signal<this, void>(this);

  constructor(
    readonly flows: IDataflows,
    /** Opens the form of a cell, where there is something that does. */
    private readonly form: (flow: IDataflow) => void = () => undefined
  ) {}

  get flow(): IDataflow | undefined {
    return this.flows.current;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get message(): Message | undefined {
    return this._message;
  }

  say(text: string, kind: Message['kind'] = 'note'): void {
    this._message = text === '' ? undefined : { text, kind };
    this._changed.emit();
  }

  /** The chosen edge; choosing a cell lets go of it. */
  get edge(): DataflowEdge | undefined {
    return this._edge;
  }

  set edge(edge: DataflowEdge | undefined) {
    if (this._edge === edge) return;
    this._edge = edge;
    this._changed.emit();
  }

  get selected(): string | undefined {
    return this.flow?.selected;
  }

  select(cell: string): void {
    this.edge = undefined;
    if (this.flow) this.flow.selected = cell;
  }

  move(direction: Direction): void {
    const next = this.view?.step(direction);
    if (next !== undefined) this.select(next);
  }

  goToCell(): void {
    if (this.selected !== undefined) this.flow!.goTo(this.selected);
  }

  openForm(): void {
    if (this.selected === undefined) return;
    this.flow!.goTo(this.selected);
    this.form(this.flow!);
  }

  run(what: 'stale' | 'only' | 'to'): void {
    const cell = this.selected;
    if (what === 'stale') this.start('stale');
    else if (cell !== undefined) this.start(what === 'only' ? { only: cell } : { to: cell });
  }

  private start(what: RunWhat): void {
    const { flow } = this;
    if (!flow) return;
    if (!flow.ours) {
      this.say('States and runs need the HySim kernel: choose it in the notebook’s toolbar.', 'refusal');
      return;
    }
    flow.run(what).catch((error: unknown) => this.fail(error));
  }

  stop(): void {
    this.flow?.stop().catch((error: unknown) => this.fail(error));
  }

  toggleReactive(): void {
    if (this.flow) this.flow.reactive = !this.flow.reactive;
  }

  async connect(from: Output, to: Input): Promise<void> {
    await this.do(this.flow?.propose.connect(from, to));
  }

  async reconnect(edge: DataflowEdge, to: Input): Promise<void> {
    await this.connect({ cell: edge.from, name: edge.name }, to);
  }

  async disconnect(edge: DataflowEdge): Promise<void> {
    await this.do(this.flow?.propose.disconnect(edge), `${edge.name} is taken off.`);
  }

  async insert(stage: string, where?: Where): Promise<void> {
    const made = await this.do(this.flow?.propose.insert(stage, where));
    if (made?.[0] === undefined) return;
    this.select(made[0]);
    this.view?.focus();
  }

  async duplicate(): Promise<void> {
    if (this.selected === undefined) return;
    const made = await this.do(this.flow!.propose.duplicate(this.selected));
    if (made?.[0] !== undefined) this.select(made[0]);
  }

  /** The chosen edge, or else the chosen cell. */
  async remove(): Promise<void> {
    const { edge, selected, flow } = this;
    if (edge) {
      this.edge = undefined;
      await this.disconnect(edge);
    } else if (selected !== undefined && flow) {
      const node = flow.flow.nodes.find(({ id }) => id === selected);
      const stage = node?.calls[0]?.stage;
      const next = this.view?.step('up');
      const what = stage === undefined ? 'The cell' : shortTitle(stage);
      const done = await this.do(flow.propose.remove(selected), `${what} is deleted.`);
      if (done && next !== undefined) this.select(next);
    }
  }

  async bypass(): Promise<void> {
    if (this.selected !== undefined) await this.do(this.flow!.propose.toggleBypass(this.selected));
  }

  fold(): void {
    const { flow, selected } = this;
    if (!flow || selected === undefined) return;
    const { folded } = flow.drawing;
    const without = folded.filter(id => id !== selected);
    this.draw({ folded: without.length < folded.length ? without : [...folded, selected] });
  }

  place(cell: string, place: Place): void {
    const { flow } = this;
    if (flow) this.draw({ positions: { ...flow.drawing.positions, [cell]: place } });
  }

  /** Every node back to where the layout puts it, and the cells in an order that runs from top to bottom. */
  async tidy(): Promise<void> {
    const { flow } = this;
    if (!flow) return;
    if (Object.keys(flow.drawing.positions).length > 0) this.draw({ positions: {} });
    const proposal = flow.propose.tidyOrder();
    if ('reason' in proposal || proposal.edits.length > 0)
      await this.do(proposal, 'The cells now run from top to bottom.');
    this.view?.fit();
  }

  private draw(change: Partial<Drawing>): void {
    const { flow } = this;
    if (flow) flow.draw({ ...flow.drawing, ...change });
  }

  undo(): void {
    this.flow?.undo();
    this.say('');
  }

  redo(): void {
    this.flow?.redo();
    this.say('');
  }

  /** Carries a proposal out; says why it cannot be, or what it leaves to be done. */
  private async do(proposal: Proposal | undefined, done = ''): Promise<readonly string[] | undefined> {
    const { flow } = this;
    if (!proposal || !flow) return undefined;
    if ('reason' in proposal) {
      this.say(proposal.reason, 'refusal');
      return undefined;
    }
    try {
      const made = await flow.apply(proposal.edits);
      const words = [done, ...(proposal.warnings ?? [])].filter(text => text !== '');
      this.say(words.length > 0 ? [...words, UNDO_HINT].join(' ') : '');
      return made;
    } catch (error) {
      this.fail(error);
      return undefined;
    }
  }

  private fail(error: unknown): void {
    this.say(error instanceof Error ? error.message : String(error), 'refusal');
  }
}
