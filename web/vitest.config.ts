import { defineConfig, mergeConfig } from 'vitest/config';
import vite from './vite.config.ts';

// Styles as they are: a test reads the colours from them.
export default mergeConfig(vite, defineConfig({ test: { css: true } }));
