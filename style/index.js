import './base.css';
import './stagecell.css';
