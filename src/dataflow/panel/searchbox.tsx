/** Finding a node by name, stage or code: what is not found recedes, Enter goes from one to the next. */
import { useEffect, useState, type ReactElement, type RefObject } from 'react';
import { ButtonIcon } from './icons.js';

export interface SearchProps {
  readonly input: RefObject<HTMLInputElement>;
  /** Ids of the cells that hold what was typed, the best first. */
  find(query: string): readonly string[];
  onFound(ids: ReadonlySet<string> | undefined): void;
  onGo(id: string): void;
  onClose(): void;
}

export function SearchBox({ input, find, onFound, onGo, onClose }: SearchProps): ReactElement {
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const ids = query.trim() === '' ? undefined : find(query);
  useEffect(() => {
    onFound(ids && new Set(ids));
  }, [ids?.join(' ')]);
  useEffect(() => () => onFound(undefined), []);
  const go = (by: number): void => {
    if (!ids || ids.length === 0) return;
    const next = (at + by + ids.length) % ids.length;
    setAt(next);
    onGo(ids[next]!);
  };
  return (
    <div className="hs-Graph-search" role="search">
      <ButtonIcon name="search" />
      <input
        ref={input}
        type="text"
        value={query}
        placeholder="Name, stage or code"
        aria-label="Find in the graph"
        onChange={event => {
          setQuery(event.target.value);
          setAt(0);
          const first = event.target.value.trim() === '' ? undefined : find(event.target.value)[0];
          if (first !== undefined) onGo(first);
        }}
        onKeyDown={event => {
          if (event.key === 'Enter') go(event.shiftKey ? -1 : 1);
          else if (event.key === 'Escape') onClose();
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      <span className="hs-Graph-found" role="status">
        {ids && (ids.length === 0 ? 'none' : `${Math.min(at + 1, ids.length)} of ${ids.length}`)}
      </span>
      <button type="button" aria-label="Close the search" onClick={onClose}>
        <ButtonIcon name="close" />
      </button>
    </div>
  );
}
