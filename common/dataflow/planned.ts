/**
 * The stage calls of a notebook as a plan of what would be computed: which call takes what from which, and with which
 * parameters, as far as the code says so without being run. What it does not say is left unknown, never guessed.
 */
import { readParameters, type StageCall } from '../stagecell/index.js';
import { buildDataflow } from './graph.js';
import type { CellText, Dataflow, DataflowNode } from './types.js';

export interface CallPlan {
  readonly cell: string;
  /** Name of the stage. */
  readonly stage: string;
  /** By port: index of the call in the plan that makes what goes in; undefined where the code does not tell. */
  readonly inputs: Readonly<Record<string, { readonly step: number } | undefined>>;
  /** Undefined where they are only known when the call runs. */
  readonly params: Readonly<Record<string, unknown>> | undefined;
}

/** The parameters as literals; undefined where code computes any of them. */
function literals(source: string, call: StageCall): Record<string, unknown> | undefined {
  if (!call.params) return {};
  const text = source.slice(call.params.from, call.params.to);
  // Whatever is no plain object, or takes in another, is known when it runs.
  if (!text.startsWith('{') || text.includes('...')) return undefined;
  const params: Record<string, unknown> = {};
  for (const [name, parameter] of readParameters(source, call)) {
    if ('code' in parameter) return undefined;
    params[name] = parameter.value;
  }
  return params;
}

class Planning {
  private readonly plans: CallPlan[] = [];
  /** Cell -> name -> the call that the cell ends up with under it. */
  private readonly made = new Map<string, Map<string, number>>();

  constructor(private readonly flow: Dataflow) {}

  run(): CallPlan[] {
    const nodes = new Map(this.flow.nodes.map(node => [node.id, node]));
    for (const id of this.flow.order) this.plan(nodes.get(id)!);
    return this.plans;
  }

  private plan(node: DataflowNode): void {
    const own = new Map<string, number>();
    this.made.set(node.id, own);
    for (const call of node.calls) {
      const inputs = Object.fromEntries(
        call.inputs.map(({ port, variable }) => {
          const step = variable === undefined ? undefined : this.stepOf(node.id, variable, own);
          return [port, step === undefined ? undefined : { step }];
        })
      );
      const { source } = node;
      // Taken in from elsewhere: nobody knows by the code alone what goes where.
      const spread = source.slice(call.from, call.params?.from ?? call.to).includes('...');
      const params = spread ? undefined : literals(source, call);
      if (call.output) own.set(call.output.name, this.plans.length);
      this.plans.push({ cell: node.id, stage: call.stage, inputs, params });
    }
  }

  private stepOf(cell: string, name: string, own: ReadonlyMap<string, number>): number | undefined {
    const here = own.get(name);
    if (here !== undefined) return here;
    const edge = this.flow.edges.find(({ to, name: over }) => to === cell && over === name);
    return edge && this.made.get(edge.from)?.get(name);
  }
}

/** The calls in the order in which they would run; one refers to others by their place in it. */
export function planCalls(cells: readonly CellText[]): CallPlan[] {
  return new Planning(buildDataflow(cells)).run();
}
