/** Runs of what is due, bypass and reactive mode as commands, for keys, palette and toolbar. Decides nothing itself. */
import type { ICommandPalette } from '@jupyterlab/apputils';
import { Notification } from '@jupyterlab/apputils';
import { DisposableDelegate, DisposableSet, type IDisposable } from '@lumino/disposable';
import type { Menu } from '@lumino/widgets';
import { EditError } from './apply.js';
import { costInWords } from './panel/words.js';
import type { IDataflow, IDataflows } from './tokens.js';

const CATEGORY = 'HySim';

export const CommandIDs = {
  runStale: 'hysim:run-stale',
  runTo: 'hysim:run-to-cell',
  stop: 'hysim:stop-run',
  bypass: 'hysim:toggle-bypass',
  reactive: 'hysim:toggle-reactive',
  tidy: 'hysim:tidy-order'
} as const;

/** Tells why something asked for cannot be done, where a person will see it. */
export function refuse(reason: string): void {
  Notification.warning(`${reason[0]?.toUpperCase() ?? ''}${reason.slice(1)}.`.replace(/\.\.$/, '.'), {
    autoClose: 6000
  });
}

export interface CommandHosts {
  commands: Menu.IOptions['commands'];
  dataflows: IDataflows;
  palette?: ICommandPalette | null;
}

/** Does what `propose` comes to, or says why not. */
export async function carryOut(
  dataflow: IDataflow,
  proposal: ReturnType<IDataflow['propose']['remove']>
): Promise<readonly string[] | undefined> {
  if ('reason' in proposal) {
    refuse(proposal.reason);
    return undefined;
  }
  for (const warning of proposal.warnings ?? []) refuse(warning);
  try {
    return await dataflow.apply(proposal.edits);
  } catch (error) {
    if (!(error instanceof EditError)) throw error;
    refuse(error.message);
    return undefined;
  }
}

export function addDataflowCommands({ commands, dataflows, palette }: CommandHosts): IDisposable {
  const set = new DisposableSet();
  const ours = (): IDataflow | undefined => (dataflows.current?.ours ? dataflows.current : undefined);
  const add = (id: string, options: Parameters<typeof commands.addCommand>[1], listed = true): void => {
    set.add(commands.addCommand(id, { isVisible: () => ours() !== undefined, ...options }));
    if (listed && palette) set.add(palette.addItem({ command: id, category: CATEGORY }));
  };
  add(CommandIDs.runStale, {
    label: args => {
      if (args['toolbar'] !== true) return 'Run what is stale';
      const cost = ours()?.costOf('stale');
      return cost && cost.cells > 0 ? `Run stale: ${costInWords(cost)}` : 'Run stale';
    },
    caption: () => {
      const dataflow = ours();
      return dataflow ? `Run what is stale: ${costInWords(dataflow.costOf('stale'))}` : 'Run what is stale';
    },
    isEnabled: () => (ours()?.costOf('stale').cells ?? 0) > 0,
    execute: async () => {
      const dataflow = ours();
      if (!dataflow) return;
      const [cycle] = dataflow.flow.cycles;
      const fault = cycle && dataflow.flow.nodes.find(({ id }) => id === cycle[0])?.faults;
      const message = fault?.find(({ kind }) => kind === 'cycle')?.message;
      if (message !== undefined) return refuse(message);
      await dataflow.run('stale');
    }
  });
  add(CommandIDs.runTo, {
    label: 'Run to this cell',
    caption: 'Run this cell, and before it what it needs',
    isEnabled: () => ours()?.selected !== undefined,
    execute: async () => {
      const dataflow = ours();
      if (dataflow?.selected !== undefined) await dataflow.run({ to: dataflow.selected });
    }
  });
  add(CommandIDs.stop, {
    label: 'Stop the run',
    caption: 'Stop the running cell, keep every variable, and run nothing further',
    isEnabled: () => ours() !== undefined,
    execute: async () => await ours()?.stop()
  });
  add(CommandIDs.bypass, {
    label: 'Bypass this stage',
    caption: 'The stage passes on what it takes: weights of one, nothing cleaned',
    isEnabled: () => ours()?.selected !== undefined,
    isToggled: () => ours()?.states.get(ours()?.selected ?? '')?.name === 'bypassed',
    execute: async () => {
      const dataflow = ours();
      const cell = dataflow?.selected;
      if (dataflow && cell !== undefined) await carryOut(dataflow, dataflow.propose.toggleBypass(cell));
    }
  });
  add(CommandIDs.reactive, {
    label: 'Reactive: run what hangs on a change',
    caption: 'What hangs on a change runs by itself when it is cheap; what is expensive waits for the key',
    isToggled: () => ours()?.reactive === true,
    isEnabled: () => ours() !== undefined,
    execute: () => {
      const dataflow = ours();
      if (dataflow) dataflow.reactive = !dataflow.reactive;
    }
  });
  add(CommandIDs.tidy, {
    label: 'Reorder cells to run from top to bottom',
    isEnabled: () => ours() !== undefined,
    execute: async () => {
      const dataflow = ours();
      if (dataflow) await carryOut(dataflow, dataflow.propose.tidyOrder());
    }
  });
  set.add(followWords(commands, dataflows));
  return set;
}

/** Toolbars ask for a command's words when they are told that these have changed, and only then. */
function followWords(commands: CommandHosts['commands'], dataflows: IDataflows): IDisposable {
  let followed: IDataflow | undefined;
  let shown = '';
  const tell = (): void => {
    const dataflow = dataflows.current;
    const words = dataflow?.ours
      ? `${costInWords(dataflow.costOf('stale'))} ${dataflow.reactive} ${dataflow.selected ?? ''}`
      : '';
    if (words === shown) return;
    shown = words;
    for (const id of Object.values(CommandIDs)) commands.notifyCommandChanged(id);
  };
  const follow = (): void => {
    followed?.changed.disconnect(tell);
    followed = dataflows.current;
    followed?.changed.connect(tell);
    tell();
    // A button that was made before its notebook was in front has asked too early.
    void followed?.panel.revealed.then(() => {
      shown = '';
      tell();
    });
  };
  dataflows.currentChanged.connect(follow);
  follow();
  return new DisposableDelegate(() => {
    dataflows.currentChanged.disconnect(follow);
    followed?.changed.disconnect(tell);
  });
}
