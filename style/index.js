import './base.css';
import './stagecell.css';
import './faults.css';
import './dataflow.css';
import './access.css';
