// Owns how a person is offered the parts of a task that is too big: all of them before anything is made.

import { window } from 'vscode';
import { countOf } from '../../base/words.ts';
import { DreamError } from '../../base/errors.ts';
import type { SplitProposal } from '../../core/task/splitProposal.ts';
import type { Notifier } from '../notify.ts';
import type { Performer } from '../performer.ts';
import { plainMessage } from '../plainText.ts';

/** Fails with `task.notSplit` where there are no parts to offer. */
export async function offerSplit(
	{ performer, notifier }: { readonly performer: Performer; readonly notifier: Notifier },
	task_id: string,
): Promise<void> {
	const { reasons, parts, obstacle } = await performer.perform<SplitProposal>('task.split', { task_id });
	if (parts.length === 0) {
		throw new DreamError('task.notSplit', `${task_id} is not split: ${obstacle ?? 'it has no parts'}.`);
	}
	const size = reasons.length === 0 ? 'It does not look too big.' : `It looks too big: ${reasons.join('; ')}.`;
	const make = `Make ${countOf(parts.length, 'Part')}`;
	const chosen = await window.showInformationMessage(
		plainMessage(`Split ${task_id}?`),
		{
			modal: true,
			detail: [
				plainMessage(size, 400),
				...parts.map(({ name }) => plainMessage(`• ${name}`, 200)),
				'It then waits for all of them.',
			].join('\n'),
		},
		make,
	);
	if (chosen === make) {
		const { created } = await performer.perform<{ created: readonly string[] }>('task.split', {
			task_id,
			accept: true,
		});
		notifier.answer(`${task_id} was split into ${countOf(created.length, 'part')} and waits for them.`);
	}
}
