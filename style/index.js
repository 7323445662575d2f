import './base.css';
import './stagecell.css';
import './faults.css';
import './access.css';
