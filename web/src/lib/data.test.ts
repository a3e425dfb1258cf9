import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Server } from './data';

const asked: string[] = [];
let answer: () => Promise<Response>;
const json = (content: unknown) => Promise.resolve(new Response(JSON.stringify(content)));

beforeEach(() => {
  asked.length = 0;
  answer = () => json([]);
  vi.stubGlobal('fetch', (address: string) => {
    asked.push(address);
    return answer();
  });
});
afterEach(() => vi.unstubAllGlobals());

it.each([
  ['/', 'en', '/', '/'],
  ['/es/', 'es', '/', '/es/'],
  ['/es/', 'en', '/', '/'],
  ['/pages/', 'es', '/pages/', '/pages/es/'],
  ['/pages/es/', 'es', '/pages/', '/pages/es/'],
  ['/notes/es/es/', 'es', '/notes/es/', '/notes/es/es/'],
  ['es/', 'es', '', 'es/'],
] as const)('finds the root of a site below %s in %s', (base, lang, root, pages) => {
  const server = new Server(base, lang);
  expect([server.root, server.pages]).toEqual([root, pages]);
});

it('asks once for what was asked twice', async () => {
  const server = new Server('/', 'en');
  await Promise.all([server.spots('gary'), server.spots('gary'), server.spots('lake')]);
  expect(asked).toEqual(['/data/find.json?q=gary', '/data/find.json?q=lake']);
});

it('asks again for what failed, and for what was refused', async () => {
  const server = new Server('/', 'en');
  answer = () => Promise.reject(new Error('offline'));
  await expect(server.spots('gary')).rejects.toThrow('offline');
  answer = () => Promise.resolve(new Response('{}', { status: 503 }));
  await expect(server.spots('gary')).rejects.toThrow('503');
  answer = () => json([{ label: 'Gary, IN' }]);
  expect(await server.spots('gary')).toEqual([{ label: 'Gary, IN' }]);
  expect(asked).toHaveLength(3);
});

it('keeps what was asked for last and forgets what was not asked for long', async () => {
  const server = new Server('/', 'en');
  await server.spots('first');
  for (let n = 0; n < 59; n++) await server.spots(`place ${n}`);
  await server.spots('first');
  await server.spots('one more');
  expect(asked).toHaveLength(61);
  await server.spots('first');
  expect(asked).toHaveLength(61);
  await server.spots('place 0');
  expect(asked).toHaveLength(62);
});
