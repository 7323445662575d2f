/** The stages, to be clicked or dragged onto the graph: first those that take what the chosen cell makes. */
import type { PaletteEntry } from '../../../common/dataflow/index.js';
import { useMemo, useRef, useState, type KeyboardEvent, type ReactElement, type RefObject } from 'react';
import { stageNamed } from '../../../common/stagecell/index.js';
import type { ValueKind } from '../../../common/stage.js';
import type { IDataflow } from '../tokens.js';
import type { GraphController } from './controller.js';
import { shortTitle } from './drawn.js';
import { StageIcon } from './icons.js';

/** Under which type a dragged stage travels. */
export const STAGE_MIME = 'application/x-hysim-stage';

const GROUPS: readonly (readonly [name: string, makes: readonly ValueKind[]])[] = [
  ['Data', ['tables', 'samples', 'data']],
  ['Space', ['space', 'denoised', 'weights']],
  ['Results', ['model', 'report', 'certificate']]
];

interface Group {
  readonly name: string;
  readonly output?: string;
  readonly entries: readonly PaletteEntry[];
}

function matches({ stage }: PaletteEntry, query: string): boolean {
  const text = `${stage} ${stageNamed(stage)?.title ?? ''}`.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every(word => text.includes(word));
}

function groupsOf(entries: readonly PaletteEntry[], query: string): readonly Group[] {
  const shown = entries.filter(entry => matches(entry, query));
  const takes = shown.filter(entry => entry.takes && entry.obstacle === '');
  const names = [...new Set(takes.map(entry => entry.output?.name ?? ''))];
  const rest = shown.filter(entry => !takes.includes(entry));
  const groups = GROUPS.map(([name, kinds]) => ({
    name,
    entries: rest.filter(({ stage }) => kinds.includes(stageNamed(stage)!.output))
  }));
  return [{ name: 'Takes', output: names.join(', '), entries: takes }, ...groups].filter(
    group => group.entries.length > 0
  );
}

export interface PaletteProps {
  readonly controller: GraphController;
  readonly flow: IDataflow;
  readonly input: RefObject<HTMLInputElement>;
}

export function Palette({ controller, flow, input }: PaletteProps): ReactElement {
  const [query, setQuery] = useState('');
  const list = useRef<HTMLDivElement>(null);
  const { selected } = flow;
  const entries = useMemo(() => flow.propose.palette(selected), [flow.flow, selected]);
  const groups = groupsOf(entries, query);

  const insert = ({ stage, obstacle, output }: PaletteEntry): void => {
    if (obstacle !== '') {
      controller.say(`${shortTitle(stage)} ${obstacle}.`, 'refusal');
      return;
    }
    setQuery('');
    void controller.insert(stage, { after: selected, from: output });
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const items = [...(list.current?.querySelectorAll<HTMLElement>('button') ?? [])];
    const at = items.indexOf(document.activeElement as HTMLElement);
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const next = event.key === 'ArrowDown' ? items[at + 1] : at > 0 ? items[at - 1] : input.current;
      next?.focus();
    } else if (event.key === 'Enter' && at < 0) {
      const first = groups[0]?.entries.find(({ obstacle }) => obstacle === '');
      if (first) insert(first);
    } else if (event.key === 'Escape') {
      setQuery('');
      controller.view?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className="hs-Palette" onKeyDown={onKeyDown} role="group" aria-label="Stages">
      <input
        ref={input}
        className="hs-Palette-search"
        type="text"
        placeholder="Add a stage"
        aria-label="Add a stage"
        value={query}
        onChange={event => setQuery(event.target.value)}
      />
      <div className="hs-Palette-list" ref={list}>
        {groups.map(({ name, output, entries: members }) => (
          <div key={name} role="group" aria-label={output ? `Takes ${output}` : name}>
            <div className="hs-Palette-group" aria-hidden>
              {name}
              {output !== undefined && <code> {output}</code>}
            </div>
            {members.map(entry => (
              <button
                key={entry.stage}
                type="button"
                className={output === undefined ? 'hs-Palette-item' : 'hs-Palette-item hs-mod-takes'}
                aria-disabled={entry.obstacle !== ''}
                draggable={entry.obstacle === ''}
                data-hs-stage={entry.stage}
                title={
                  entry.obstacle === ''
                    ? stageNamed(entry.stage)?.description
                    : `${shortTitle(entry.stage)} ${entry.obstacle}`
                }
                onClick={() => insert(entry)}
                onDragStart={event => {
                  event.dataTransfer.setData(STAGE_MIME, entry.stage);
                  event.dataTransfer.effectAllowed = 'copy';
                }}
              >
                <StageIcon stage={entry.stage} />
                <span>{shortTitle(entry.stage)}</span>
              </button>
            ))}
          </div>
        ))}
        {groups.length === 0 && <div className="hs-Palette-none">No stage is called that.</div>}
      </div>
      <div className="hs-Palette-help">
        Drag onto the graph, or <kbd>A</kbd>. The cell is inserted in order, its inputs filled. Dimmed stages
        need another input.
      </div>
    </div>
  );
}
