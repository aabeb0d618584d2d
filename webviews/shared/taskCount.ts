// Owns how a number of tasks is said.

import * as l10n from '@vscode/l10n';
import { byCount } from '../../src/base/words.ts';
import { formatNumber } from './numbers.ts';

/** `1 task`, `3 tasks`. */
export const taskCount = (count: number): string =>
	byCount(count, l10n.t('{0} task', formatNumber(count)), l10n.t('{0} tasks', formatNumber(count)));
