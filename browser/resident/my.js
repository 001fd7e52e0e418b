/** /mijn/: the resident's own page. */

import { installLeave } from '../parts/leave.js';
import { installReadAloud } from '../parts/read_aloud.js';
import { installApp, start } from './app.js';

installLeave();
installReadAloud();
installApp();
void start();
