import './base.css';
import './stagecell.css';
import './form.css';
import './faults.css';
import './dataflow.css';
import './graph.css';
import './graph-tools.css';
import './access.css';
