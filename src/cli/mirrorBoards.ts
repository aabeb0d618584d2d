// Owns how a command brings boards and ledger together. What was done stays done, whatever becomes of the files.

import { isDreamError } from '../base/errors.ts';
import type { OpenWorkspace } from '../workspace/workspaceOptions.ts';
import type { Output } from './output.ts';

/** There is no room, no permission, or too much going on: the next program that looks at the boards catches up. */
const passes = (code: string): boolean =>
	code.startsWith('file.') || code === 'ledger.full' || code === 'ledger.busy' || code === 'ledger.readOnly';

/**
 * Brings boards and ledger together. False when that is not possible now: the ledger has what was done, so no command may count as
 * refused for it, and the boards catch up later. Rejects when the ledger itself is in trouble.
 */
export async function mirrorBoards(workspace: Pick<OpenWorkspace, 'flushBoards'>, output: Output): Promise<boolean> {
	try {
		await workspace.flushBoards();
		return true;
	} catch (error) {
		if (!isDreamError(error) || !passes(error.code)) {
			throw error;
		}
		output.warn(`The boards do not show the ledger yet: ${error.fullMessage}`);
		return false;
	}
}
