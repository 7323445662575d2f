/** What every node and edge of the graph needs to know besides its own: the theme, what is found, what is being drawn. */
import { createContext } from 'react';
import type { ValueKind } from '../../../common/stage.js';
import { LIGHT, type Theme } from '../../../common/views/index.js';

export interface Scene {
  readonly theme: Theme;
  /** Cells that a search has found; undefined while nothing is searched. */
  readonly found: ReadonlySet<string> | undefined;
  /** The kind of value whose edge is being drawn. */
  readonly connecting: ValueKind | undefined;
  readonly selected: string | undefined;
  /** The cell whose node is being dragged. */
  readonly moving: string | undefined;
}

export const SceneContext = createContext<Scene>({
  theme: LIGHT,
  found: undefined,
  connecting: undefined,
  selected: undefined,
  moving: undefined
});
