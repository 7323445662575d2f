/** The graph's commands: opening it, and what keys do in it. Takes JupyterLab's registries; seeks none. */
import type { ILayoutRestorer } from '@jupyterlab/application';
import { MainAreaWidget, WidgetTracker, type ICommandPalette } from '@jupyterlab/apputils';
import { DisposableSet, type IDisposable } from '@lumino/disposable';
import type { CommandRegistry } from '@lumino/commands';
import { dataflowIcon } from './icon.js';
import { GraphController } from './panel/controller.js';
import type { IDataflow, IDataflows } from './tokens.js';
import { DataflowPanel } from './widget.js';

const CATEGORY = 'HySim';
const ID = 'hysim-dataflow';
/** Opens the form of a stage's cell; another plugin has it. */
const OPEN_FORM = 'hysim:open-form';

export const GraphCommands = {
  open: 'hysim:open-dataflow',
  move: 'hysim:graph-move',
  search: 'hysim:graph-search',
  addStage: 'hysim:graph-add-stage',
  goToCell: 'hysim:graph-go-to-cell',
  openForm: 'hysim:graph-open-form',
  runOnly: 'hysim:graph-run-only',
  bypass: 'hysim:graph-bypass',
  remove: 'hysim:graph-delete',
  duplicate: 'hysim:graph-duplicate',
  fold: 'hysim:graph-fold',
  tidy: 'hysim:graph-tidy',
  undo: 'hysim:graph-undo',
  redo: 'hysim:graph-redo',
  zoom: 'hysim:graph-zoom'
} as const;

export interface GraphHosts {
  readonly commands: CommandRegistry;
  readonly flows: IDataflows;
  /** Puts a tab on screen, beside the notebook where there is one. */
  readonly show: (widget: MainAreaWidget, beside: string | undefined) => void;
  readonly activate: (id: string) => void;
  readonly palette?: ICommandPalette | null;
  readonly restorer?: ILayoutRestorer | null;
}

type Panel = MainAreaWidget<DataflowPanel>;

function addOpen(hosts: GraphHosts, controller: GraphController): void {
  const { commands, flows, restorer } = hosts;
  const tracker = new WidgetTracker<Panel>({ namespace: ID });
  const make = (): Panel => {
    const panel = new MainAreaWidget({ content: new DataflowPanel(controller) });
    panel.id = ID;
    // The graph has a toolbar of its own.
    panel.toolbar.hide();
    panel.title.icon = dataflowIcon;
    panel.title.closable = true;
    void tracker.add(panel);
    return panel;
  };
  commands.addCommand(GraphCommands.open, {
    label: 'Dataflow',
    caption: 'Show the notebook’s cells as a graph beside it',
    icon: dataflowIcon,
    describedBy: { args: { type: 'object', properties: {} } },
    execute: () => {
      let panel = tracker.find(({ id }) => id === ID);
      if (!panel) hosts.show((panel = make()), flows.current?.panel.id);
      hosts.activate(panel.id);
    }
  });
  if (restorer) void restorer.restore(tracker, { command: GraphCommands.open, name: () => ID });
}

type Act = (controller: GraphController, args: Readonly<Record<string, unknown>>) => unknown;

const DIRECTIONS = ['up', 'down', 'left', 'right'] as const;

const ACTS: readonly (readonly [id: string, label: string, act: Act])[] = [
  [
    GraphCommands.move,
    'Graph: go along an edge',
    (graph, { direction }) => {
      const known = DIRECTIONS.find(name => name === direction);
      if (known) graph.move(known);
    }
  ],
  [GraphCommands.search, 'Graph: find a cell', graph => graph.view?.search()],
  [GraphCommands.addStage, 'Graph: add a stage', graph => graph.view?.palette()],
  [GraphCommands.goToCell, 'Graph: go to the cell', graph => graph.goToCell()],
  [GraphCommands.openForm, 'Graph: open the form', graph => graph.openForm()],
  [GraphCommands.runOnly, 'Graph: run this cell alone', graph => graph.run('only')],
  [GraphCommands.bypass, 'Graph: bypass the stage', graph => graph.bypass()],
  [GraphCommands.remove, 'Graph: delete the cell or the edge', graph => graph.remove()],
  [GraphCommands.duplicate, 'Graph: duplicate the cell', graph => graph.duplicate()],
  [GraphCommands.fold, 'Graph: fold the node', graph => graph.fold()],
  [GraphCommands.tidy, 'Graph: tidy', graph => graph.tidy()],
  [GraphCommands.undo, 'Graph: undo', graph => graph.undo()],
  [GraphCommands.redo, 'Graph: redo', graph => graph.redo()],
  [
    GraphCommands.zoom,
    'Graph: zoom',
    (graph, { by }) => {
      if (by === 'fit') graph.view?.fit();
      else if (by === 'in' || by === 'out' || by === 'whole') graph.view?.zoom(by);
    }
  ]
];

/** Adds everything; disposing of the result takes the commands away. */
export function addGraphCommands(hosts: GraphHosts): IDisposable {
  const { commands, flows, palette } = hosts;
  const form = (_flow: IDataflow): void => {
    if (commands.hasCommand(OPEN_FORM)) void commands.execute(OPEN_FORM);
  };
  const controller = new GraphController(flows, form);
  const all = new DisposableSet();
  addOpen(hosts, controller);
  for (const [id, label, act] of ACTS) {
    all.add(
      commands.addCommand(id, {
        label,
        describedBy: { args: { type: 'object', properties: {} } },
        isEnabled: () => flows.current !== undefined,
        execute: async args => {
          await act(controller, args);
        }
      })
    );
  }
  if (palette) all.add(palette.addItem({ command: GraphCommands.open, category: CATEGORY }));
  return all;
}
