/** A session that is opened when it is first run, for who may never need it. */
import { openSession, type Session, type SessionOptions } from './session.js';

/** @param model makes the graph */
export function lateSession(model: () => Uint8Array, options: SessionOptions = {}): Session {
  let opened: Promise<Session> | undefined;
  return {
    async run(feeds, into) {
      const session = await (opened ??= openSession(model(), options));
      return session.run(feeds, into);
    },
    async dispose() {
      const open = opened;
      opened = undefined;
      await (await open)?.dispose();
    }
  };
}
