import type { FlowState, Update, UpdateDetail } from '../api/updates';
import type { LiveMessage } from '../live/message';

/** A message with how many came before it. */
interface Numbered<T> {
  at: number;
  value: T;
}

/** The newest that live messages told about one update. */
export interface UpdateNews {
  count: number;
  update: Numbered<Update> | null;
  flows: ReadonlyMap<string, Numbered<FlowState>>;
}

export const NO_NEWS: UpdateNews = { count: 0, update: null, flows: new Map() };

export function withMessage(news: UpdateNews, id: string, message: LiveMessage): UpdateNews {
  const { count: at } = news;
  if (message.kind === 'update' && message.update.update_id === id) {
    return { ...news, count: at + 1, update: { at, value: message.update } };
  }
  if (message.kind === 'flow' && message.updateId === id) {
    const flows = new Map(news.flows).set(message.flow.name, { at, value: message.flow });
    return { ...news, count: at + 1, flows };
  }
  return news;
}

/** What was loaded, with the news that came since its loading began (`count` then). */
export function detailWithNews(
  detail: UpdateDetail,
  news: UpdateNews,
  since: number,
): UpdateDetail {
  const isNew = ({ at }: Numbered<unknown>): boolean => at >= since;
  const update = news.update !== null && isNew(news.update) ? news.update.value : detail.update;
  const known = new Set(detail.flows.map(({ name }) => name));
  const flows = detail.flows.map((flow) => {
    const newer = news.flows.get(flow.name);
    return newer !== undefined && isNew(newer) ? newer.value : flow;
  });
  for (const [name, newer] of news.flows) {
    if (!known.has(name) && isNew(newer)) flows.push(newer.value);
  }
  return { ...detail, update, flows };
}
