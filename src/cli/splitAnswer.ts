// Owns how the offer to split a task, and what came of it, read for a person at a terminal.

import { displayLine } from '../base/text.ts';
import { countOf } from '../base/words.ts';
import type { SplitProposal } from '../core/task/splitProposal.ts';
import type { Output } from './output.ts';

export function taskSplit(
	{
		task_id,
		reasons,
		parts,
		obstacle,
		created,
	}: SplitProposal & { readonly task_id: string; readonly created: readonly string[] },
	output: Output,
): void {
	output.say(
		reasons.length === 0
			? `${task_id} does not look too big.`
			: `${task_id} looks too big: ${displayLine(reasons.join('; '), 300)}.`,
	);
	if (parts.length === 0) {
		output.say(`It has no parts to offer: ${obstacle ?? 'none were found'}.`);
		return;
	}
	output.say(`${created.length === 0 ? 'It would have' : 'It now has'} ${countOf(parts.length, 'part')}:`);
	parts.forEach(({ name }, index) => {
		output.say(`  ${[created[index] ?? '', displayLine(name, 200)].filter(Boolean).join('  ')}`);
	});
	if (created.length === 0) {
		output.say(`dreamos task split ${task_id} --accept makes them; ${task_id} then waits for all of them.`);
	}
}
