// Checks when a run counts as one that burns without changing anything, and that work is not taken for that.

import assert from 'node:assert/strict';
import { nullLogger } from '../../../../src/base/log.ts';
import type { TurnUsage } from '../../../../src/core/budget/usage.ts';
import { RunProgress } from '../../../../src/core/loop/runProgress.ts';
import type { RunProgressParts } from '../../../../src/core/loop/runProgress.ts';
import { defaultSettings } from '../../../../src/core/settings.ts';
import { buildRun } from '../../../support/swarmBuilders.ts';

const turn = (tokens: number): TurnUsage => ({
	run_id: 'run-1',
	task_id: 'A',
	agent_id: 'Agent-1',
	at: '2026-01-01T00:00:00.000Z',
	input_tokens: tokens,
	output_tokens: 0,
	cached_tokens: 0,
	cost: null,
	currency: null,
	milliseconds: 1,
	is_estimated: false,
});

function progressOf(turns: number, tokens: number) {
	const account: { last: TurnUsage | undefined; running: TurnUsage | undefined } = {
		last: undefined,
		running: undefined,
	};
	const look = { version: 0, count: 0, fails: false };
	const parts: RunProgressParts = {
		account,
		log: nullLogger,
		run: buildRun('run-1', { task_id: 'A' }),
		folder: '/w',
		base: () => 'commit-0',
		settings: () => ({ ...defaultSettings, 'budgets.unchangedTurns': turns, 'budgets.unchangedTokens': tokens }),
		git: {
			commitState: async () => {
				look.count += 1;
				if (look.fails) {
					throw new Error('no room');
				}
				return `commit-${look.version}`;
			},
			changes: async (from, to) => (from === to ? [] : [{ kind: 'modified', path: 'a.txt' } as never]),
		},
	};
	const progress = new RunProgress(parts);
	return {
		look,
		during: (tokensSoFar: number) => {
			account.running = turn(tokensSoFar);
			return progress.duringTurn();
		},
		after: (tokensOfTurn: number) => {
			account.running = undefined;
			account.last = turn(tokensOfTurn);
			return progress.afterTurn();
		},
	};
}

describe('the progress of a run', () => {
	it('is none within a turn that took as many tokens as may go by without a change; it looks only then', async () => {
		const { during, look } = progressOf(8, 1000);
		assert.deepEqual([await during(400), await during(999), look.count], [undefined, undefined, 0]);
		assert.match(
			(await during(1200)) ?? '',
			/^a turn with 1,200 tokens changed no file .*unchangedTokens 1,000\)$/u,
		);
	});

	it('begins to count anew at each change that is seen within the turn', async () => {
		const { during, look } = progressOf(8, 1000);
		look.version = 1;
		assert.equal(await during(1500), undefined);
		assert.equal(await during(2400), undefined);
		assert.equal(look.count, 1);
		assert.match((await during(2500)) ?? '', /^a turn with 1,000 tokens/u);
	});

	it('goes over turns: what the turns before took without a change counts, and one with a change is none of them', async () => {
		const { during, after, look } = progressOf(2, 1000);
		assert.equal(await after(700), undefined);
		assert.match((await during(300)) ?? '', /^1 turn and one under way with 1,000 tokens/u);
		const other = progressOf(2, 1000);
		other.look.version = 1;
		assert.equal(await other.during(1500), undefined);
		assert.equal(await other.after(1600), undefined, 'its change was seen within it');
		assert.equal(await other.after(100), undefined);
		assert.match((await other.after(100)) ?? '', /^2 turns with 300 tokens/u);
		assert.ok(look.count > 0);
	});

	it('is taken for granted where it is switched off, and where the worktree cannot be looked at', async () => {
		const off = progressOf(0, 0);
		assert.deepEqual([await off.during(1e9), await off.after(1e9), off.look.count], [undefined, undefined, 0]);
		const blind = progressOf(1, 1);
		blind.look.fails = true;
		assert.deepEqual([await blind.during(50), await blind.after(50)], [undefined, undefined]);
	});
});
