import { untrack } from 'svelte';
import { getUpdate, type UpdateDetail } from '../api/updates';
import { onLive } from '../live/live.svelte';
import { announce } from './announce.svelte';
import { progressSentence } from './progress';
import { createResource, type Resource, type ResourceState } from './resource.svelte';
import { detailWithNews, NO_NEWS, withMessage } from './update-news';

interface Loaded {
  /** Null if there is no update to load. */
  detail: UpdateDetail | null;
  since: number;
}

/** An update as it is now: its state is loaded, then messages change it. */
export function createLiveUpdate(id: () => string | null): Resource<UpdateDetail | null> {
  let news = $state.raw(NO_NEWS);

  const loaded = createResource<Loaded>({
    load: async (signal) => {
      const wanted = id();
      const since = untrack(() => news.count);
      return { detail: wanted === null ? null : await getUpdate(wanted, signal), since };
    },
    // Findings of an update that could not begin come in no message.
    reloadOn: (message) =>
      message.kind === 'update' &&
      message.update.update_id === id() &&
      message.update.ended_at !== null,
  });

  $effect(() =>
    onLive((message) => {
      const wanted = id();
      if (wanted !== null) news = withMessage(news, wanted, message);
    }),
  );

  const current = $derived.by(() => {
    const { data } = loaded;
    if (data === null || data.detail === null) return null;
    return detailWithNews(data.detail, news, data.since);
  });

  let announced: string | null = null;
  $effect(() => {
    if (current === null) return;
    const sentence = progressSentence(current.update);
    if (announced !== null && announced !== sentence) announce(sentence);
    announced = sentence;
  });

  return {
    get state(): ResourceState<UpdateDetail | null> {
      const { state } = loaded;
      return 'data' in state ? { ...state, data: current } : state;
    },
    get data() {
      return current;
    },
    reload: loaded.reload,
  };
}
