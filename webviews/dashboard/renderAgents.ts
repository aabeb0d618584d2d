// Owns the agents: what each does, on which task, for how long. Times tick here; the editor is not asked for them.

import type { toEditor } from '../../src/protocol/dashboardApi.ts';
import type { Post } from '../../src/protocol/define.ts';
import { formatDuration } from '../../src/base/words.ts';
import type { AgentCard } from '../../src/protocol/viewModels.ts';
import { createList, element, setAttribute, setText } from '../shared/dom.ts';
import type { Section } from './section.ts';

const tickMilliseconds = 1000;

export function createAgents(post: Post<typeof toEditor>): Section {
	const list = element('ul', { className: 'rows agents' });
	const empty = element('p', { className: 'note', text: 'No agents yet. They are listed in runtime/agents.json.' });
	const clocks = new Map<HTMLElement, number>();

	const render = createList<AgentCard>(
		list,
		({ id }) => id,
		({ id }) => {
			let card: AgentCard | undefined;
			const role = element('span', { className: 'note' });
			const activity = element('span', { className: 'activity' });
			const task = element('button', {
				className: 'link',
				onClick: () =>
					card?.taskId !== null && card !== undefined && post('revealTask', { taskId: card.taskId }),
			});
			const time = element('span', { className: 'time', attributes: { role: 'timer', 'aria-live': 'off' } });
			const log = element('button', {
				text: 'Log',
				onClick: () =>
					card?.runId !== null &&
					card !== undefined &&
					post('perform', { command: 'run.log', runId: card.runId }),
			});
			const row = element('li', {}, [
				element('div', { className: 'who' }, [element('strong', { text: id }), role]),
				element('div', { className: 'what' }, [activity, task, time]),
				log,
			]);
			return {
				element: row,
				update(next) {
					card = next;
					setAttribute(row, 'data-state', next.state);
					setText(role, next.role === next.id ? '' : next.role);
					setText(activity, next.activity);
					setText(task, next.taskName ?? '');
					task.classList.toggle('hidden', next.taskName === null);
					log.classList.toggle('hidden', next.runId === null);
					setAttribute(log, 'aria-label', `Log of ${id}`);
					if (next.since === null) {
						clocks.delete(time);
						setText(time, '');
					} else {
						clocks.set(time, next.since);
						setText(time, formatDuration(Date.now() - next.since));
					}
				},
			};
		},
	);
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
		title: 'Agents',
		element: element('div', {}, [list, empty]),
		render({ agents, workspace }) {
			render(agents);
			empty.classList.toggle('hidden', agents.length > 0);
			const working = agents.filter(({ state }) => state === 'working').length;
			return workspace === 'ours' ? `${working} of ${agents.length} working` : undefined;
		},
	};
}
