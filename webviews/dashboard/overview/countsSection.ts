// Owns the figures: how many tasks have which status. Each figure shows its tasks in the sidebar.

import * as l10n from '@vscode/l10n';
import type { toEditor } from '../../../src/protocol/dashboardApi.ts';
import type { Post } from '../../../src/protocol/define.ts';
import type { StatusCount } from '../../../src/protocol/viewModels.ts';
import { createList, element, setAttribute, setText } from '../../shared/dom.ts';
import { formatNumber } from '../../shared/numbers.ts';
import { wordOf } from '../../shared/coreWords.ts';
import type { Section } from './section.ts';

export function createCounts(post: Post<typeof toEditor>): Section {
	const list = element('ul', { className: 'counts' });
	const render = createList<StatusCount>(
		list,
		({ status }) => status,
		({ status, label: word }) => {
			const label = wordOf(word);
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
					setText(figure, formatNumber(count));
					setAttribute(button, 'aria-label', l10n.t('{0} {1}. Show in the Tasks view', count, label));
					button.disabled = count === 0;
				},
			};
		},
	);
	return {
		id: 'tasks',
		title: l10n.t('Tasks'),
		element: list,
		render({ counts, total }) {
			render(counts);
			return formatNumber(total);
		},
	};
}
