// Owns what can be done with worktrees: see what there is, and get back what nobody needs.

import * as z from 'zod';
import { DreamError } from '../../base/errors.ts';
import { countOf, formatBytes } from '../../base/words.ts';
import type { DefinedAction } from './action.ts';
import { defineAction } from './action.ts';

const list = defineAction({
	id: 'worktree.list',
	title: 'List Worktrees',
	description: 'Lists the git worktrees of agents with owner, age and size: in use, made ahead, and left over.',
	effect: 'read',
	input: z.object({}),
	run: (context) => context.worktrees.list(),
});

const reclaim = defineAction({
	id: 'worktree.reclaim',
	title: 'Reclaim Worktree',
	description:
		'Removes a worktree nobody works in; work that is nowhere else is kept under a rescue reference first.',
	effect: 'danger',
	input: z.object({
		worktree: z.string().min(1).optional().describe('Id of the worktree, as in the list'),
		all_abandoned: z.boolean().default(false).describe("All that are nobody's any more"),
	}),
	terminal: { positionals: ['worktree'] },
	async run(context, { worktree, all_abandoned: isAll }) {
		if ((worktree === undefined) !== isAll) {
			throw new DreamError('action.badInput', 'Reclaim Worktree needs one worktree, or all that are abandoned.', {
				advice: 'Name one, or say --all-abandoned.',
			});
		}
		const answer = await context.worktrees.reclaim(worktree === undefined ? 'abandoned' : { id: worktree });
		if (answer.reclaimed.length > 0) {
			await context.ledger.write(context.actor, (transaction) =>
				transaction.append({
					type: 'worktree.reclaimed',
					message: `${countOf(answer.reclaimed.length, 'worktree')} reclaimed (${formatBytes(
						answer.reclaimed.reduce((sum, { bytes }) => sum + bytes, 0),
					)})${answer.reclaimed
						.flatMap(({ rescued }) => rescued ?? [])
						.map((name) => `; work kept at ${name}`)
						.join('')}`,
					data: { reclaimed: answer.reclaimed.map((each) => ({ ...each })) },
				}),
			);
		}
		return { reclaimed: [...answer.reclaimed], kept: [...answer.kept] };
	},
});

export const worktreeActions: readonly DefinedAction[] = [list, reclaim];
