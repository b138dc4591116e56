/** One connection for all tabs of the browser: browsers allow only six to a server over HTTP/1.1. */
import type { ConnectionState } from './message';
import type { ToTab, ToWorker } from './port';
import { EventStream } from './stream';

const tabs = new Set<MessagePort>();
let stream: EventStream | null = null;
let state: ConnectionState = 'connecting';

function tell(message: ToTab): void {
  for (const tab of tabs) tab.postMessage(message);
}

function openStream(): EventStream {
  return new EventStream({
    onState: (next) => {
      state = next;
      tell({ type: 'state', state });
    },
    onMessage: (message) => tell({ type: 'message', message }),
  });
}

function leave(tab: MessagePort): void {
  tabs.delete(tab);
  if (tabs.size > 0) return;
  stream?.close();
  stream = null;
  state = 'connecting';
}

addEventListener('connect', (event) => {
  const tab = (event as MessageEvent).ports[0];
  if (tab === undefined) return;
  tabs.add(tab);
  tab.onmessage = ({ data }: MessageEvent<ToWorker>) => {
    if (data.type === 'leave') leave(tab);
  };
  stream ??= openStream();
  tab.postMessage({ type: 'state', state } satisfies ToTab);
});
