// Owns how a person is offered the parts of a task that is too big: all of them before anything is made.

import { window, l10n } from 'vscode';
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
		throw new DreamError(
			'task.notSplit',
			obstacle === undefined
				? l10n.t('{0} is not split: it has no parts.', task_id)
				: l10n.t('{0} is not split: {1}.', task_id, obstacle),
		);
	}
	const size =
		reasons.length === 0
			? l10n.t('It does not look too big.')
			: l10n.t('It looks too big: {0}.', reasons.join('; '));
	const make = parts.length === 1 ? l10n.t('Make 1 Part') : l10n.t('Make {0} Parts', parts.length);
	const chosen = await window.showInformationMessage(
		plainMessage(l10n.t('Split {0}?', task_id)),
		{
			modal: true,
			detail: [
				plainMessage(size, 400),
				...parts.map(({ name }) => plainMessage(`• ${name}`, 200)),
				l10n.t('It then waits for all of them.'),
			].join('\n'),
		},
		make,
	);
	if (chosen === make) {
		const { created } = await performer.perform<{ created: readonly string[] }>('task.split', {
			task_id,
			accept: true,
		});
		notifier.answer(
			created.length === 1
				? l10n.t('{0} was split into 1 part and waits for it.', task_id)
				: l10n.t('{0} was split into {1} parts and waits for them.', task_id, created.length),
		);
	}
}
