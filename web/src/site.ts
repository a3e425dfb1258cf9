/** The server's own pages work as they are; they need the styles, and some tables can be sorted. */
import { makeAllSortable } from './lib/sortable';
import './styles/site.css';
import './styles/precision.css';

makeAllSortable(document);
