// Owns the agents: what each does, on which task, for how long, what it takes, and the buttons to steer it. Times tick here; the
// editor is not asked for them.

import * as l10n from '@vscode/l10n';
import type { CommandRequest, toEditor } from '../../../src/protocol/dashboardApi.ts';
import type { Post } from '../../../src/protocol/define.ts';
import { byCount, formatDuration } from '../../../src/base/words.ts';
import type { AgentCard } from '../../../src/protocol/viewModels.ts';
import { createList, element, setAttribute, setText } from '../../shared/dom.ts';
import { sentenceOf } from '../../shared/coreSentences.ts';
import { wordOf } from '../../shared/coreWords.ts';
import type { Section } from './section.ts';

const tickMilliseconds = 1000;

interface Steering {
	readonly title: string;
	/** As a screen reader hears it. */
	readonly name: (agent: string) => string;
	readonly isOffered: (card: AgentCard) => boolean;
	readonly request: (card: AgentCard) => CommandRequest;
}

const ofRun = ({ runId }: AgentCard) => ({ runId: runId ?? undefined });
const steering: readonly Steering[] = [
	{
		title: l10n.t('Watch'),
		name: (agent) => l10n.t('Watch {0}', agent),
		isOffered: ({ runId }) => runId !== null,
		request: (card) => ({ command: 'run.watch', ...ofRun(card) }),
	},
	{
		title: l10n.t('Message'),
		name: (agent) => l10n.t('Message to {0}', agent),
		isOffered: ({ isDriven }) => isDriven,
		request: (card) => ({ command: 'run.message', ...ofRun(card) }),
	},
	{
		title: l10n.t('Pause'),
		name: (agent) => l10n.t('Pause the run of {0}', agent),
		isOffered: ({ isDriven, isPaused }) => isDriven && !isPaused,
		request: (card) => ({ command: 'run.pause', ...ofRun(card) }),
	},
	{
		title: l10n.t('Resume'),
		name: (agent) => l10n.t('Resume the run of {0}', agent),
		isOffered: ({ isPaused }) => isPaused,
		request: (card) => ({ command: 'run.resume', ...ofRun(card) }),
	},
	{
		title: l10n.t('Stop'),
		name: (agent) => l10n.t('Stop {0}: its task goes back to the queue', agent),
		isOffered: ({ isDriven, isPaused }) => isDriven || isPaused,
		request: ({ taskId }) => ({ command: 'task.release', taskId: taskId ?? undefined }),
	},
	{
		title: l10n.t('Pause'),
		name: (agent) => l10n.t('Pause {0}: it takes no new task', agent),
		isOffered: ({ runId, isEnabled }) => runId === null && isEnabled,
		request: ({ id }) => ({ command: 'agent.pause', agentId: id }),
	},
	{
		title: l10n.t('Resume'),
		name: (agent) => l10n.t('Resume {0}: it takes tasks again', agent),
		isOffered: ({ runId, isEnabled }) => runId === null && !isEnabled,
		request: ({ id }) => ({ command: 'agent.resume', agentId: id }),
	},
	{
		title: l10n.t('Log'),
		name: (agent) => l10n.t('Log of {0}', agent),
		isOffered: ({ runId }) => runId !== null,
		request: (card) => ({ command: 'run.log', ...ofRun(card) }),
	},
];

/** `Drifts: 72% · Nothing was changed for 80 steps`. */
const driftText = ({ percent, reasons }: NonNullable<AgentCard['drift']>): string =>
	l10n.t('Drifts: {0}', [`${percent}%`, ...reasons.map((reason) => sentenceOf(reason))].join(' · '));

export function createAgents(post: Post<typeof toEditor>): Section {
	const list = element('ul', { className: 'rows agents' });
	const empty = element('p', {
		className: 'note',
		text: l10n.t('No agents yet. They are listed in runtime/agents.json.'),
	});
	const clocks = new Map<HTMLElement, number>();
	let isWritable = true;

	const createRow = (first: AgentCard) => {
		let card = first;
		const { id } = first;
		const role = element('span', { className: 'note' });
		const activity = element('span', { className: 'activity' });
		const task = element('button', {
			className: 'link',
			onClick: () => card.taskId !== null && post('revealTask', { taskId: card.taskId }),
		});
		const time = element('span', { className: 'time', attributes: { role: 'timer', 'aria-live': 'off' } });
		const usage = element('span', { className: 'note usage' });
		const strays = element('span', { className: 'badge strays' });
		const drift = element('span', { className: 'badge drift' });
		const last = element('span', { className: 'note lastAction' });
		const buttons = steering.map((each) => ({
			...each,
			button: element('button', {
				text: each.title,
				attributes: { 'aria-label': each.name(id) },
				onClick: () => post('perform', each.request(card)),
			}),
		}));
		const row = element('li', {}, [
			element('div', { className: 'who' }, [element('strong', { text: id }), role]),
			element('div', { className: 'what' }, [activity, task, time, usage, strays, drift, last]),
			element(
				'div',
				{ className: 'buttons' },
				buttons.map(({ button }) => button),
			),
		]);
		return {
			element: row,
			update(next: AgentCard) {
				card = next;
				setAttribute(row, 'data-state', next.state);
				setText(role, next.role === next.id ? '' : next.role);
				setText(activity, wordOf(next.activity));
				setText(task, next.taskName ?? '');
				task.classList.toggle('hidden', next.taskName === null);
				setText(usage, next.usage ?? '');
				setText(last, next.lastAction ?? '');
				setText(
					strays,
					next.strays === 0
						? ''
						: byCount(
								next.strays,
								l10n.t('{0} file outside its worktree', next.strays),
								l10n.t('{0} files outside its worktree', next.strays),
							),
				);
				strays.classList.toggle('hidden', next.strays === 0);
				setText(drift, next.drift === null ? '' : driftText(next.drift));
				drift.classList.toggle('hidden', next.drift === null);
				for (const { button, isOffered } of buttons) {
					button.classList.toggle('hidden', !isWritable || !isOffered(next));
				}
				if (next.since === null) {
					clocks.delete(time);
					setText(time, '');
				} else {
					clocks.set(time, next.since);
					setText(time, formatDuration(Date.now() - next.since));
				}
			},
		};
	};
	const render = createList<AgentCard>(list, ({ id }) => id, createRow);
	setInterval(() => {
		for (const [time, since] of clocks) {
			if (time.isConnected) {
				setText(time, formatDuration(Date.now() - since));
			} else {
				clocks.delete(time);
			}
		}
	}, tickMilliseconds);

	return {
		id: 'agents',
		title: l10n.t('Agents'),
		element: element('div', {}, [list, empty]),
		render({ agents, workspace, isTrusted }) {
			isWritable = isTrusted && workspace === 'ours';
			render(agents);
			empty.classList.toggle('hidden', agents.length > 0);
			const working = agents.filter(({ state }) => state === 'working').length;
			return workspace === 'ours' ? l10n.t('{0} of {1} working', working, agents.length) : undefined;
		},
	};
}
