// Owns what waits for the person: questions of agents, changes to review, blocked and failed tasks, each with the command that helps.

import type { CommandRequest, toEditor } from '../../../src/protocol/dashboardApi.ts';
import type { Post } from '../../../src/protocol/define.ts';
import type { AttentionItem } from '../../../src/protocol/viewModels.ts';
import { createList, element, setAttribute, setText } from '../../shared/dom.ts';
import type { Section } from './section.ts';

const kindTexts: Readonly<Record<AttentionItem['kind'], string>> = {
	question: 'Question',
	review: 'To review',
	blocked: 'Blocked',
	failed: 'Failed',
};

const commandsOf: Readonly<
	Record<AttentionItem['kind'], readonly { readonly command: CommandRequest['command']; readonly title: string }[]>
> = {
	question: [
		{ command: 'question.answer', title: 'Answer' },
		{ command: 'run.log', title: 'Log' },
	],
	review: [
		{ command: 'run.review', title: 'Review' },
		{ command: 'run.accept', title: 'Accept' },
		{ command: 'run.reject', title: 'Reject' },
	],
	blocked: [
		{ command: 'run.log', title: 'Log' },
		{ command: 'task.unblock', title: 'Unblock' },
	],
	failed: [
		{ command: 'run.log', title: 'Log' },
		{ command: 'task.retry', title: 'Retry' },
		{ command: 'task.split', title: 'Split' },
	],
};

export function createAttention(post: Post<typeof toEditor>): Section {
	const list = element('ul', { className: 'rows' });
	const rest = element('p', { className: 'note' });
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
					setText(detail, item.detail);
					for (const { button, title, command } of buttons) {
						button.classList.toggle('hidden', command === 'run.log' && !item.hasRuns);
						setAttribute(button, 'aria-label', `${title}: ${item.name}`);
					}
				},
			};
		},
	);
	return {
		id: 'attention',
		title: 'Needs You',
		element: element('div', {}, [list, rest]),
		render({ attention, attentionTotal }) {
			render(attention);
			setText(
				rest,
				attentionTotal > attention.length
					? `and ${attentionTotal - attention.length} more, in the Tasks view`
					: '',
			);
			return attentionTotal === 0 ? undefined : String(attentionTotal);
		},
	};
}
