// Owns tables of figures: each row opens the tasks behind it.

import * as l10n from '@vscode/l10n';
import { element, setText } from '../../shared/dom.ts';

export interface FigureRow {
	readonly key: string;
	readonly label: string;
	/** The cells behind the label. */
	readonly cells: readonly string[];
	/** Share of the largest, 0 to 1, drawn as a bar behind the label. */
	readonly share?: number;
	/** Nothing stands behind it. */
	readonly isEmpty?: boolean;
}

/** `headings` has one for the label and one for each cell. */
export function createFigureTable(title: string, headings: readonly string[], onOpen: (key: string) => void) {
	const body = element('tbody');
	const empty = element('p', { className: 'note', text: l10n.t('Nothing to show.') });
	const table = element('table', { attributes: { 'aria-label': title } }, [
		element('thead', {}, [
			element(
				'tr',
				{},
				headings.map((text) => element('th', { text, attributes: { scope: 'col' } })),
			),
		]),
		body,
	]);
	let drawn = '';
	return {
		element: element('section', { className: 'figures' }, [element('h2', { text: title }), table, empty]),
		show(rows: readonly FigureRow[]) {
			empty.classList.toggle('hidden', rows.length > 0);
			table.classList.toggle('hidden', rows.length === 0);
			const text = JSON.stringify(rows);
			if (text === drawn) {
				return;
			}
			drawn = text;
			const focused =
				document.activeElement instanceof HTMLElement ? document.activeElement.dataset['figure'] : undefined;
			body.replaceChildren(
				...rows.map(({ key, label, cells, share, isEmpty }) => {
					const button = element('button', { className: 'link', text: label, onClick: () => onOpen(key) });
					button.dataset['figure'] = key;
					button.disabled = isEmpty === true;
					const head = element('th', { attributes: { scope: 'row' } }, [button]);
					if (share !== undefined && share > 0) {
						const bar = element('span', { className: 'share', attributes: { 'aria-hidden': 'true' } });
						bar.style.width = `${Math.round(share * 100)}%`;
						head.append(bar);
					}
					return element('tr', {}, [
						head,
						...cells.map((cell) => {
							const data = element('td');
							setText(data, cell);
							return data;
						}),
					]);
				}),
			);
			[...body.querySelectorAll<HTMLElement>('[data-figure]')]
				.find(({ dataset }) => dataset['figure'] === focused)
				?.focus();
		},
	};
}
