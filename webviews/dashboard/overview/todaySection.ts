// Owns what was done since midnight and what it took. A figure nobody told is left out, never guessed.

import type { toEditor } from '../../../src/protocol/dashboardApi.ts';
import type { Post } from '../../../src/protocol/define.ts';
import { element, setAttribute, setText } from '../../shared/dom.ts';
import type { Section } from './section.ts';

export function createToday(post: Post<typeof toEditor>): Section {
	const door = (status: 'COMPLETED' | 'FAILED', label: string) => {
		const figure = element('span', { className: 'figure' });
		const button = element('button', { className: 'count', onClick: () => post('revealStatus', { status }) }, [
			figure,
			document.createTextNode(' '),
			element('span', { className: 'label', text: label }),
		]);
		button.dataset['outcome'] = status;
		return {
			item: element('li', {}, [button]),
			show(count: number) {
				setText(figure, String(count));
				setAttribute(button, 'aria-label', `${count} ${label} today. Show in the Tasks view`);
				button.disabled = count === 0;
			},
		};
	};
	const told = (label: string) => {
		const figure = element('span', { className: 'figure' });
		const item = element('li', { className: 'count told' }, [
			figure,
			element('span', { className: 'label', text: label }),
		]);
		return {
			item,
			show(text: string | undefined) {
				setText(figure, text ?? '');
				item.classList.toggle('hidden', text === undefined);
			},
		};
	};
	const [completed, failed] = [door('COMPLETED', 'Completed'), door('FAILED', 'Failed')];
	const [tokens, cost] = [told('Tokens'), told('Cost')];
	return {
		id: 'today',
		title: 'Today',
		element: element(
			'ul',
			{ className: 'counts today' },
			[completed, failed, tokens, cost].map(({ item }) => item),
		),
		render({ today, workspace }) {
			completed.show(today.completed);
			failed.show(today.failed);
			tokens.show(today.tokens === null ? undefined : today.tokens.toLocaleString());
			cost.show(today.cost === null ? undefined : today.cost.toFixed(2));
			return workspace === 'ours' ? '' : undefined;
		},
	};
}
