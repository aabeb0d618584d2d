// Owns what was done since midnight and what it took. Each figure shows its tasks on the board; one nobody told is left out, never
// guessed.

import type { toEditor } from '../../../src/protocol/dashboardApi.ts';
import type { Post } from '../../../src/protocol/define.ts';
import type { DashboardModel } from '../../../src/protocol/viewModels.ts';
import { element, setAttribute, setText } from '../../shared/dom.ts';
import type { Section } from './section.ts';

export function createToday(post: Post<typeof toEditor>): Section {
	const door = (of: keyof DashboardModel['today'], label: string) => {
		const figure = element('span', { className: 'figure' });
		const button = element(
			'button',
			{ className: 'count', onClick: () => post('openFigure', { key: `today ${of}` }) },
			// With a space, so that what is seen is what is said.
			[figure, document.createTextNode(' '), element('span', { className: 'label', text: label })],
		);
		button.dataset['outcome'] = of;
		const item = element('li', {}, [button]);
		return {
			item,
			show(text: string | undefined) {
				setText(figure, text ?? '');
				setAttribute(button, 'aria-label', `${text ?? ''} ${label} today. Show on the board`);
				button.disabled = text === '0';
				item.classList.toggle('hidden', text === undefined);
			},
		};
	};
	const [completed, failed] = [door('completed', 'Completed'), door('failed', 'Failed')];
	const [tokens, cost] = [door('tokens', 'Tokens'), door('cost', 'Cost')];
	return {
		id: 'today',
		title: 'Today',
		element: element(
			'ul',
			{ className: 'counts today' },
			[completed, failed, tokens, cost].map(({ item }) => item),
		),
		render({ today, workspace }) {
			completed.show(String(today.completed));
			failed.show(String(today.failed));
			tokens.show(today.tokens?.toLocaleString());
			cost.show(today.cost?.toFixed(2));
			return workspace === 'ours' ? '' : undefined;
		},
	};
}
