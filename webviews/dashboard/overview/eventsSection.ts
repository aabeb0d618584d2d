// Owns the last events: when, who, what. A line about a task shows the task.

import * as l10n from '@vscode/l10n';
import type { toEditor } from '../../../src/protocol/dashboardApi.ts';
import type { Post } from '../../../src/protocol/define.ts';
import type { EventLine } from '../../../src/protocol/eventLine.ts';
import { createList, element, setText } from '../../shared/dom.ts';
import { formatTime } from '../../shared/times.ts';
import type { Section } from './section.ts';

export function createEvents(post: Post<typeof toEditor>): Section {
	const list = element('ol', { className: 'events' });
	const empty = element('p', { className: 'note', text: l10n.t('Nothing has happened yet.') });
	const render = createList<EventLine>(
		list,
		({ sequence }) => String(sequence),
		({ at, actor, text, taskId }) => {
			const time = element('time', { className: 'note', attributes: { datetime: new Date(at).toISOString() } });
			const what =
				taskId === null
					? element('span', { className: 'text', text })
					: element('span', { className: 'text' }, [
							element('button', {
								className: 'link',
								text: taskId,
								onClick: () => post('revealTask', { taskId }),
							}),
							element('span', { text: ` ${text}` }),
						]);
			return {
				element: element('li', {}, [time, element('span', { className: 'note actor', text: actor }), what]),
				update: () => setText(time, formatTime(at, new Date())),
			};
		},
	);
	return {
		id: 'events',
		title: l10n.t('Last Events'),
		element: element('div', {}, [list, empty]),
		render({ events, workspace }) {
			render(events);
			empty.classList.toggle('hidden', events.length > 0);
			return workspace === 'ours' ? '' : undefined;
		},
	};
}
