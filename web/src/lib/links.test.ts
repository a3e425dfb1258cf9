import { expect, it } from 'vitest';
import { opens } from './links';

const isPlant = (name: string) => name === 'gary-works-in';
const opened = (href: string, pages = 'http://localhost:8017/') => opens(href, pages, isPlant);

it('follows a plant and a report within the map', () => {
  expect(opened('http://localhost:8017/plants/gary-works-in')).toEqual({ plant: 'gary-works-in' });
  expect(opened('/near?at=41.6100,-87.3300')).toEqual({ near: { latitude: 41.61, longitude: -87.33 }, miles: [], at: null });
  expect(opened('/near?at=41.61,-87.33&miles=1,3.7')).toMatchObject({ miles: [1, 3.7] });
  expect(opened('http://h/atlas/es/plants/gary-works-in', 'http://h/atlas/es/')).toEqual({ plant: 'gary-works-in' });
});

it.each([
  'http://elsewhere.org/plants/gary-works-in',
  '/plants/gary-works-in#ghg_scope1',
  '/plants/nobody',
  '/plants/',
  '/near?at=Gary,%20IN',
  '/near',
  '/near?plants=gary-works-in',
  '/companies/u-s-steel',
  '/es/plants/gary-works-in',
  'mailto:someone@example.org',
])('leaves %s to the browser', (href) => expect(opened(href)).toBeNull());
