import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { mockApi } from './mock/plugin.js';

// Where `npm run dev` finds the API: a running server if one is named, else the fixtures of mock/.
const server = process.env['MEDALLION_SERVER'];

/** The file of parts that several pages use; undefined for what Vite places by itself. */
function sharedChunk(id: string): string | undefined {
  if (id.includes('/node_modules/svelte/')) return 'shared';
  return /\/src\/(api|lib|live|router|ui)\//.test(id) && !id.includes('?') ? 'shared' : undefined;
}

export default defineConfig({
  plugins: [svelte(), ...(server === undefined ? [mockApi()] : [])],
  server: server === undefined ? {} : { proxy: { '/api': server } },
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    manifest: true,
    // The content security policy allows no inline scripts, and data: only for images.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // ECharts is one lazy chunk of more than Vite's default; scripts/size.js holds the real limits.
    chunkSizeWarningLimit: 1000,
    // What pages share comes in a few files, not in one for each small part: a first visit waits
    // for answers more than for bytes.
    rollupOptions: { output: { manualChunks: sharedChunk } },
  },
  resolve: process.env['VITEST'] === undefined ? {} : { conditions: ['browser'] },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts'],
    css: true,
  },
});
