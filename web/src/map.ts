import './styles/site.css';
import './styles/precision.css';
import './styles/map.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { Atlas } from './atlas.svelte';
import { Server } from './lib/data';
import { loadWords, Speaker } from './lib/words';

const app = document.getElementById('app')!;
const lang = app.dataset['lang'] === 'es' ? 'es' : 'en';
const server = new Server(app.dataset['base'] ?? '/', lang);

// The map is the heaviest part, and the last to be seen: ask for it at once, while the list is being made.
void Promise.allSettled([import('./map/chart'), server.atlas('lands'), server.atlas('states')]);

try {
  const [words, plants, quantities] = await Promise.all([loadWords(lang), server.plants(), server.quantities()]);
  const atlas = new Atlas(plants, quantities, server, new Speaker(words, lang));
  app.replaceChildren();
  mount(App, { target: app, props: { atlas } });
} catch (error) {
  // The page has the words for it, and the way to the pages that need no script.
  document.getElementById('broken')!.hidden = false;
  throw error;
}
