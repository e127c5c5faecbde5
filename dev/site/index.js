import {registerRoot} from 'remotion';
import {Root} from './Root.jsx';

registerRoot(Root);
