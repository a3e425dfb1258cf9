/** The server's own pages work as they are; they only need the styles. */
import './styles/site.css';
