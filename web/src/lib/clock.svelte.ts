/** The time as state, by the second, while `ticks` holds. Must be called while a component is made. */
export function createClock(ticks: () => boolean): { readonly now: number } {
  let now = $state(Date.now());
  $effect(() => {
    if (!ticks()) return;
    now = Date.now();
    const timer = setInterval(() => (now = Date.now()), 1_000);
    return () => clearInterval(timer);
  });
  return {
    get now() {
      return now;
    },
  };
}
