// Owns the figures: how many tasks have which status. Each figure shows its tasks in the sidebar.

import type { toEditor } from '../../../src/protocol/dashboardApi.ts';
import type { Post } from '../../../src/protocol/define.ts';
import type { StatusCount } from '../../../src/protocol/viewModels.ts';
import { createList, element, setAttribute, setText } from '../../shared/dom.ts';
import type { Section } from './section.ts';

export function createCounts(post: Post<typeof toEditor>): Section {
	const list = element('ul', { className: 'counts' });
	const render = createList<StatusCount>(
		list,
		({ status }) => status,
		({ status, label }) => {
			const figure = element('span', { className: 'figure' });
			const button = element('button', { className: 'count', onClick: () => post('revealStatus', { status }) }, [
				figure,
				// So that what is seen is what is said.
				document.createTextNode(' '),
				element('span', { className: 'label', text: label }),
			]);
			button.dataset['status'] = status;
			return {
				element: element('li', {}, [button]),
				update({ count }) {
					setText(figure, String(count));
					setAttribute(button, 'aria-label', `${count} ${label}. Show in the Tasks view`);
					button.disabled = count === 0;
				},
			};
		},
	);
	return {
		id: 'tasks',
		title: 'Tasks',
		element: list,
		render({ counts, total }) {
			render(counts);
			return String(total);
		},
	};
}
