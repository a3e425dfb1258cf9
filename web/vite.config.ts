import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

export default defineConfig({
  // Relative, so that the published site may live in any folder of any host:
  // assets find each other by their own address, not by the page's.
  base: './',
  plugins: [svelte()],
  publicDir: false,
  build: {
    outDir: '../src/comingclean/web',
    emptyOutDir: true,
    manifest: true,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // MapLibre alone is 1.1 MB before compression; scripts/sizes.mjs keeps the real budget.
    chunkSizeWarningLimit: 1200,
    rolldownOptions: { input: ['src/map.ts', 'src/site.ts'] },
  },
});
