/** Public pages: the quick exit and reading aloud. Nothing else needs a script. */

import { installLeave } from '../parts/leave.js';
import { installReadAloud } from '../parts/read_aloud.js';

installLeave();
installReadAloud();
