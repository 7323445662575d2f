/** The running job in a few words and a bar, for the status bar. Takes a feed; knows no notebook. */
import { Signal, type ISignal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';
import type { JobEvent } from '../../common/host.js';
import type { JobFeed } from './feed.js';

function words(event: JobEvent): string {
  const percent = event.fraction === undefined ? '' : ` ${Math.round(event.fraction * 100)} %`;
  const state = event.status === 'running' ? percent : ` ${event.status}`;
  return `${event.stage}${state}${event.message ? `, ${event.message}` : ''}`;
}

export class JobStatus extends Widget {
  private readonly text = document.createElement('span');
  private readonly bar = document.createElement('span');
  private readonly _activeChanged = new Signal<this, void>(this);
  private source: JobFeed | undefined;
  private _active = false;

  constructor() {
    super();
    this.addClass('hs-JobStatus');
    this.text.className = 'hs-JobStatus-text';
    this.bar.className = 'hs-JobStatus-bar';
    this.bar.setAttribute('role', 'progressbar');
    this.bar.setAttribute('aria-valuemin', '0');
    this.bar.setAttribute('aria-valuemax', '100');
    this.bar.append(document.createElement('span'));
    this.node.append(this.bar, this.text);
    this.tell();
  }

  /** Whether there is a job to tell of: the status bar shows the widget only then. */
  get active(): boolean {
    return this._active;
  }

  get activeChanged(): ISignal<this, void> {
    return this._activeChanged;
  }

  /** The jobs to show; undefined shows none. */
  set feed(feed: JobFeed | undefined) {
    if (feed === this.source) return;
    this.source?.changed.disconnect(this.tell, this);
    this.source = feed;
    feed?.changed.connect(this.tell, this);
    this.tell();
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this.feed = undefined;
    Signal.clearData(this);
    super.dispose();
  }

  private tell(): void {
    const jobs = this.source && !this.source.isDisposed ? this.source.current : [];
    const event = jobs.filter(job => job.status === 'running').at(-1) ?? jobs.at(-1);
    this.setActive(event !== undefined);
    if (!event) return;
    const others = jobs.filter(job => job.status === 'running' && job !== event).length;
    this.text.textContent = words(event) + (others > 0 ? ` (and ${others} more)` : '');
    this.node.title = jobs.map(job => `${words(job)}, ${job.elapsed.toFixed(1)} s`).join('\n');
    this.node.dataset['hsState'] = event.status;
    const known = event.fraction !== undefined && event.status === 'running';
    const share = event.status === 'done' ? 1 : (event.fraction ?? 0);
    (this.bar.firstChild as HTMLElement).style.width = `${Math.round(100 * share)}%`;
    this.bar.setAttribute('aria-label', `Progress of ${event.stage}`);
    if (known) this.bar.setAttribute('aria-valuenow', String(Math.round(100 * share)));
    else this.bar.removeAttribute('aria-valuenow');
  }

  private setActive(active: boolean): void {
    if (active === this._active) return;
    this._active = active;
    this._activeChanged.emit();
  }
}
