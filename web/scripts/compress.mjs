/** Puts a .br beside every text file over 1 kB that the build wrote; the server hands it out when accepted. */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';

const OUT = fileURLToPath(new URL('../../src/comingclean/web/', import.meta.url));
const TEXT = /\.(js|mjs|css|json|svg)$/;
const compress = promisify(brotliCompress);

const files = readdirSync(OUT, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && TEXT.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name));

// Brotli runs in libuv's threads: all files at once.
await Promise.all(
  files.map(async (file) => {
    const bytes = readFileSync(file);
    if (bytes.length <= 1000) return;
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    };
    writeFileSync(`${file}.br`, await compress(bytes, { params }));
  }),
);
