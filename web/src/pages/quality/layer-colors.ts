/** The layers have the same colours in all charts of the quality. */
export const LAYER_COLORS = {
  bronze: '--category-9',
  silver: '--category-0',
  difference: '--ink-soft',
} as const;
