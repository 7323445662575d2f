import './base.css';
import './stagecell.css';
import './form.css';
import './faults.css';
import './access.css';
