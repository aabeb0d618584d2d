// Owns how a chart stands among the figures: its heading, what its colours mean, and the way to it as a picture.

import * as l10n from '@vscode/l10n';
import type { Chart, ChartData } from '../../shared/chart.ts';
import { element } from '../../shared/dom.ts';
import type { PicturedChart } from './chartPicture.ts';

export interface ChartSection extends PicturedChart {
	readonly element: HTMLElement;
	show(data: ChartData): void;
}

export function createChartSection(title: string, chart: Chart, onExport: () => void): ChartSection {
	const legend = element('ul', { className: 'legend' });
	const exports = l10n.t('Export {0} as PNG', title);
	return {
		title,
		chart,
		element: element('section', { className: 'figures' }, [
			element('div', { className: 'chartHead' }, [
				element('h2', { text: title }),
				element('button', {
					className: 'link',
					text: 'PNG',
					attributes: { 'aria-label': exports, title: exports },
					onClick: onExport,
				}),
				legend,
			]),
			chart.element,
		]),
		show(data) {
			chart.show(data);
			legend.replaceChildren(
				...chart.legend().map(({ label, colour }) => {
					const swatch = element('span', { className: 'swatch', attributes: { 'aria-hidden': 'true' } });
					swatch.style.background = `var(${colour})`;
					return element('li', {}, [swatch, document.createTextNode(label)]);
				}),
			);
		},
	};
}
