// Owns charts over time: the library draws, in the colours the theme has now. Another theme draws anew.

import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { element } from './dom.ts';
import { locale } from './language.ts';

const day = 86_400_000;

export interface ChartSeries {
	readonly label: string;
	/** Variable of the theme. */
	readonly colour: string;
	readonly values: readonly (number | null)[];
	readonly kind: 'bars' | 'line';
}

export interface ChartData {
	/** Wall times in milliseconds, one for each value. */
	readonly times: readonly number[];
	readonly series: readonly ChartSeries[];
}

export interface Chart {
	readonly element: HTMLElement;
	show(data: ChartData): void;
	/** What is drawn; undefined before the first drawing. */
	canvas(): HTMLCanvasElement | undefined;
	/** What the colours mean. */
	legend(): readonly Pick<ChartSeries, 'label' | 'colour'>[];
}

/** The colour a variable of the theme has now. */
export const themeColour = (variable: string): string =>
	getComputedStyle(document.body).getPropertyValue(variable).trim() || 'gray';

/** What stands at the lines of the axis of time: the library itself knows English only. A day's beginning is its date. */
const timeLabels: uPlot.Axis.DynamicValues = (_plot, times, _axis, _space, step) => {
	const date = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
	const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
	return times.map((at) => (step >= day || new Date(at).getHours() === 0 ? date : time).format(at));
};

export interface ChartParts {
	/** What a screen reader is told. */
	readonly name: string;
	readonly format: (value: number) => string;
	/** How far apart the lines of the axis may be, the smallest first; its upper end is never less than that. */
	readonly steps: readonly number[];
	/** Gets the place of the value that was clicked. */
	readonly onChoose: (index: number) => void;
}

export function createChart({ name, format, steps, onChoose }: ChartParts): Chart {
	const box = element('div', { className: 'chart', attributes: { role: 'img', 'aria-label': name } });
	let plot: uPlot | undefined;
	let data: ChartData | undefined;
	const draw = () => {
		const width = box.clientWidth;
		if (data === undefined || width === 0) {
			return;
		}
		plot?.destroy();
		const { times } = data;
		const font = `11px ${getComputedStyle(document.body).fontFamily}`;
		const axis = {
			stroke: themeColour('--vscode-descriptionForeground'),
			// Borders of a high contrast would be louder than what is drawn.
			grid: {
				stroke: `color-mix(in srgb, ${themeColour('--vscode-editorWidget-border')} 40%, transparent)`,
				width: 1,
			},
			ticks: { show: false },
			font,
		};
		const bars = uPlot.paths.bars?.({ size: [0.7, 40], align: 1 });
		const options: uPlot.Options = {
			width,
			height: 180,
			ms: 1,
			legend: { show: false },
			cursor: { drag: { x: false, y: false } },
			scales: {
				// The last bar needs its room, too.
				x: { time: true, range: [times[0] ?? 0, (times.at(-1) ?? 0) + ((times[1] ?? 0) - (times[0] ?? 0))] },
				y: { range: (_plot, _least, most) => [0, Math.max(steps[0] ?? 1, (most ?? 0) * 1.1)] },
			},
			axes: [
				// Away from the lowest number of the other axis.
				{ ...axis, gap: 10, size: 54, space: 70, values: timeLabels },
				{ ...axis, size: 74, incrs: [...steps], values: (_plot, values) => values.map(format) },
			],
			series: [
				{},
				...data.series.map(({ label, colour, kind }) => {
					const stroke = themeColour(colour);
					return kind === 'bars' && bars !== undefined
						? {
								label,
								stroke,
								fill: `color-mix(in srgb, ${stroke} 45%, transparent)`,
								paths: bars,
								points: { show: false },
							}
						: { label, stroke, width: 2, spanGaps: true, points: { show: true, size: 5 } };
				}),
			],
		};
		plot = new uPlot(options, [[...data.times], ...data.series.map(({ values }) => [...values])], box);
		plot.over.addEventListener('click', () => {
			const index = plot?.cursor.idx;
			if (typeof index === 'number') {
				onChoose(index);
			}
		});
	};
	let drawnWidth = 0;
	new ResizeObserver(() => {
		if (box.clientWidth !== drawnWidth) {
			drawnWidth = box.clientWidth;
			draw();
		}
	}).observe(box);
	new MutationObserver(draw).observe(document.body, { attributes: true, attributeFilter: ['class'] });
	return {
		element: box,
		show(next) {
			if (JSON.stringify(next) !== JSON.stringify(data)) {
				data = next;
				draw();
			}
		},
		canvas: () => plot?.ctx.canvas,
		legend: () => data?.series ?? [],
	};
}
