// Checks that a command which is done does not count as refused because its boards wait for room.

import assert from 'node:assert/strict';
import { DreamError } from '../../../src/base/errors.ts';
import { mirrorBoards } from '../../../src/cli/mirrorBoards.ts';
import type { Output } from '../../../src/cli/output.ts';

describe('mirrorBoards', () => {
	const said: string[] = [];
	const silent = () => undefined;
	const output: Output = {
		isJson: true,
		say: silent,
		pass: silent,
		answer: silent,
		warn: (line) => said.push(line),
		fail: silent,
	};
	const after = (code: DreamError['code']) =>
		mirrorBoards({ flushBoards: () => Promise.reject(new DreamError(code, 'It is so.')) }, output);

	it('warns where files or ledger have no room, no permission or no time, and rejects where the ledger is in trouble', async () => {
		for (const code of ['file.full', 'file.denied', 'ledger.full', 'ledger.busy'] as const) {
			said.length = 0;
			assert.equal(await after(code), false);
			assert.match(said.join(), /do not show the ledger yet: It is so\./u);
		}
		await assert.rejects(after('ledger.corrupt'), { code: 'ledger.corrupt' });
		assert.equal(await mirrorBoards({ flushBoards: () => Promise.resolve() }, output), true);
	});
});
