// Owns what waits for the person: questions of agents, changes to review, blocked and failed tasks, each with the command that helps.

import * as l10n from '@vscode/l10n';
import type { CommandRequest, toEditor } from '../../../src/protocol/dashboardApi.ts';
import type { Post } from '../../../src/protocol/define.ts';
import type { AttentionItem } from '../../../src/protocol/viewModels.ts';
import { createList, element, setAttribute, setText } from '../../shared/dom.ts';
import { formatNumber } from '../../shared/numbers.ts';
import type { Section } from './section.ts';

const kindTexts: Readonly<Record<AttentionItem['kind'], string>> = {
	question: l10n.t('Question'),
	review: l10n.t('To review'),
	blocked: l10n.t('Blocked'),
	failed: l10n.t('Failed'),
};

const commandsOf: Readonly<
	Record<AttentionItem['kind'], readonly { readonly command: CommandRequest['command']; readonly title: string }[]>
> = {
	question: [
		{ command: 'question.answer', title: l10n.t('Answer') },
		{ command: 'run.log', title: l10n.t('Log') },
	],
	review: [
		{ command: 'run.review', title: l10n.t('Review') },
		{ command: 'run.accept', title: l10n.t('Accept') },
		{ command: 'run.reject', title: l10n.t('Reject') },
	],
	blocked: [
		{ command: 'run.log', title: l10n.t('Log') },
		{ command: 'task.unblock', title: l10n.t('Unblock') },
	],
	failed: [
		{ command: 'run.log', title: l10n.t('Log') },
		{ command: 'task.retry', title: l10n.t('Retry') },
		{ command: 'task.split', title: l10n.t('Split') },
	],
};

/** What changes nothing is offered in a folder nobody trusts, too. */
const readingCommands: ReadonlySet<CommandRequest['command']> = new Set(['run.log', 'run.review']);

function detailOf({ kind, by, detail }: AttentionItem): string {
	if (kind === 'question') {
		return l10n.t('{0} asks: {1}', by ?? '', detail);
	}
	if (kind === 'review') {
		return by === null ? l10n.t('by an agent') : l10n.t('by {0}', by);
	}
	return detail;
}

export function createAttention(post: Post<typeof toEditor>): Section {
	const list = element('ul', { className: 'rows' });
	const rest = element('button', {
		className: 'link hidden',
		onClick: () => post('openFigure', { key: 'attention' }),
	});
	let isWritable = true;
	const render = createList<AttentionItem>(
		list,
		({ kind, taskId, runId }) => `${kind} ${taskId} ${runId ?? ''}`,
		({ kind, taskId, runId }) => {
			const name = element('button', { className: 'link name', onClick: () => post('revealTask', { taskId }) });
			const detail = element('span', { className: 'note' });
			const buttons = commandsOf[kind].map(({ command, title }) => {
				const button = element('button', {
					text: title,
					onClick: () =>
						post('perform', {
							command,
							taskId,
							...(kind === 'question' && runId !== null ? { runId } : {}),
						}),
				});
				return { button, title, command };
			});
			return {
				element: element('li', { attributes: { 'data-kind': kind } }, [
					element('span', { className: 'badge', text: kindTexts[kind] }),
					element('div', { className: 'what' }, [name, detail]),
					element(
						'div',
						{ className: 'buttons' },
						buttons.map(({ button }) => button),
					),
				]),
				update(item) {
					setText(name, item.name);
					setText(detail, detailOf(item));
					for (const { button, title, command } of buttons) {
						const isOffered = readingCommands.has(command)
							? command !== 'run.log' || item.hasRuns
							: isWritable;
						button.classList.toggle('hidden', !isOffered);
						setAttribute(button, 'aria-label', l10n.t('{0}: {1}', title, item.name));
					}
				},
			};
		},
	);
	return {
		id: 'attention',
		title: l10n.t('Needs You'),
		element: element('div', {}, [list, rest]),
		render({ attention, attentionTotal, isTrusted }) {
			isWritable = isTrusted;
			render(attention);
			rest.classList.toggle('hidden', attentionTotal <= attention.length);
			setText(rest, l10n.t('and {0} more: show all', formatNumber(attentionTotal - attention.length)));
			return attentionTotal === 0 ? undefined : formatNumber(attentionTotal);
		},
	};
}
