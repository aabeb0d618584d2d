// Owns what stands above the line of time: who works on what, how long, what it used, its plan, and what can be done about it.

import * as l10n from '@vscode/l10n';
import { formatDuration } from '../../src/base/words.ts';
import type { Post } from '../../src/protocol/define.ts';
import type { toEditor, WatchCommand, WatchHead } from '../../src/protocol/watchApi.ts';
import { wordOf } from '../shared/coreWords.ts';
import { createList, element, setAttribute, setText } from '../shared/dom.ts';

const tickMilliseconds = 1000;

interface Button {
	readonly command: WatchCommand;
	readonly title: string;
	readonly isPrimary?: true;
	isThere(head: WatchHead): boolean;
}

const buttons: readonly Button[] = [
	{
		command: 'question.answer',
		title: l10n.t('Answer…'),
		isPrimary: true,
		isThere: ({ question }) => question !== null,
	},
	{ command: 'run.accept', title: l10n.t('Accept'), isPrimary: true, isThere: ({ state }) => state === 'review' },
	{ command: 'run.review', title: l10n.t('Review Change'), isThere: ({ hasChange }) => hasChange },
	{ command: 'run.reject', title: l10n.t('Reject…'), isThere: ({ state }) => state === 'review' },
	{ command: 'run.message', title: l10n.t('Message…'), isThere: ({ isDriven }) => isDriven },
	{ command: 'run.pause', title: l10n.t('Pause'), isThere: ({ isDriven, isPaused }) => isDriven && !isPaused },
	{ command: 'run.resume', title: l10n.t('Resume'), isThere: ({ isPaused }) => isPaused },
	{ command: 'task.release', title: l10n.t('Stop'), isThere: ({ isOpen, state }) => isOpen && state !== 'review' },
	{ command: 'run.log', title: l10n.t('Open Log'), isThere: () => true },
	{ command: 'run.protocolLog', title: l10n.t('Protocol Log'), isThere: ({ hasProtocolLog }) => hasProtocolLog },
];

const stepWords: Readonly<Record<string, string>> = { completed: l10n.t('done'), in_progress: l10n.t('in work') };

export function createHead(post: Post<typeof toEditor>) {
	let head: WatchHead | undefined;
	const worker = element('h1');
	const task = element('span', { className: 'task' });
	const state = element('span', { className: 'state' });
	const time = element('span', { className: 'figure', attributes: { role: 'timer', 'aria-live': 'off' } });
	const usage = element('span', { className: 'figure usage' });
	const reason = element('p', { className: 'reason' });
	const shown = buttons.map((button) => ({
		button,
		element: element('button', {
			...(button.isPrimary === true ? { className: 'primary' } : {}),
			text: button.title,
			onClick: () => post('perform', { command: button.command }),
		}),
	}));
	const planTitle = element('span');
	const current = element('span', { className: 'now' });
	const steps = element('ol', { className: 'steps' });
	const plan = element('details', { className: 'plan' }, [element('summary', {}, [planTitle, current]), steps]);
	const renderSteps = createList<{ key: string; content: string; status: string }>(
		steps,
		({ key }) => key,
		() => {
			const sign = element('span', { className: 'sign', attributes: { 'aria-hidden': 'true' } });
			const words = element('span');
			const spoken = element('span', { className: 'spoken' });
			const row = element('li', {}, [sign, words, spoken]);
			return {
				element: row,
				update({ content, status }) {
					setAttribute(row, 'data-status', status);
					setAttribute(
						sign,
						'data-sign',
						{ completed: 'pass-filled', in_progress: 'sync' }[status] ?? 'circle',
					);
					setText(words, content);
					setText(spoken, ` (${stepWords[status] ?? l10n.t('to do')})`);
				},
			};
		},
	);
	const tick = () => {
		if (head !== undefined) {
			setText(time, formatDuration((head.closedAt ?? Date.now()) - head.openedAt));
		}
	};
	setInterval(tick, tickMilliseconds);
	return {
		element: element('header', {}, [
			element('div', { className: 'heading' }, [worker, task]),
			element('div', { className: 'facts' }, [state, time, usage]),
			element(
				'div',
				{ className: 'buttons' },
				shown.map((each) => each.element),
			),
			reason,
			plan,
		]),
		render(next: WatchHead) {
			head = next;
			setText(worker, next.worker);
			setText(task, next.taskName === next.taskId ? next.taskId : `${next.taskName} · ${next.taskId}`);
			const isAsking = next.question !== null;
			const stateName = next.isPaused ? 'paused' : next.state;
			const word = wordOf(isAsking ? 'asks you' : stateName);
			setText(state, next.attempt > 1 ? l10n.t('{0}, attempt {1}', word, next.attempt) : word);
			setAttribute(state, 'data-state', isAsking ? 'asking' : stateName);
			setText(usage, next.usage ?? '');
			setText(reason, next.question === null ? next.reason : l10n.t('Asks: {0}', next.question));
			reason.classList.toggle('hidden', reason.textContent === '');
			for (const { button, element: each } of shown) {
				each.classList.toggle('hidden', !button.isThere(next));
			}
			const list = next.plan ?? [];
			plan.classList.toggle('hidden', list.length === 0);
			setText(
				planTitle,
				l10n.t('Plan {0}/{1}', list.filter(({ status }) => status === 'completed').length, list.length),
			);
			setText(current, list.find(({ status }) => status === 'in_progress')?.content ?? '');
			renderSteps(list.map((step, index) => ({ key: String(index), ...step })));
			tick();
		},
	};
}
