// Owns charts as a picture file: under each heading the time it shows and what its colours mean, then what is seen, in the colours
// the theme has now.

import type { Chart } from '../../shared/chart.ts';
import { themeColour } from '../../shared/chart.ts';

export interface PicturedChart {
	readonly title: string;
	readonly chart: Chart;
}

/** Pixels of the page; the picture has as many more as the screen has for each. */
const [margin, titleLine, factsLine, swatch, gap] = [16, 24, 22, 10, 16] as const;

/**
 * Draws charts below each other.
 * @param range the time they show, in words
 * @returns a PNG in base64; undefined while none is drawn
 */
export function drawPicture(charts: readonly PicturedChart[], range: string): string | undefined {
	const drawn = charts.flatMap(({ title, chart }) => {
		const canvas = chart.canvas();
		return canvas === undefined ? [] : [{ title, canvas, legend: chart.legend() }];
	});
	const scale = drawn.length === 0 ? 1 : globalThis.devicePixelRatio;
	const picture = document.createElement('canvas');
	picture.width = Math.max(0, ...drawn.map(({ canvas }) => canvas.width)) + 2 * margin * scale;
	picture.height = drawn.reduce(
		(height, { canvas }) => height + canvas.height + (titleLine + factsLine + margin) * scale,
		margin * scale,
	);
	const context = picture.getContext('2d');
	if (drawn.length === 0 || context === null) {
		return undefined;
	}
	// Where it is looked at, nothing of the theme is behind it.
	context.fillStyle = themeColour('--vscode-editor-background');
	context.fillRect(0, 0, picture.width, picture.height);
	const { fontFamily } = getComputedStyle(document.body);
	context.textBaseline = 'middle';
	let top = margin;
	for (const { title, canvas, legend } of drawn) {
		context.setTransform(scale, 0, 0, scale, 0, 0);
		context.fillStyle = themeColour('--vscode-foreground');
		context.font = `600 14px ${fontFamily}`;
		context.fillText(title, margin, top + titleLine / 2);
		let left = margin;
		const middle = top + titleLine + factsLine / 2;
		const write = (text: string) => {
			context.fillStyle = themeColour('--vscode-descriptionForeground');
			context.font = `12px ${fontFamily}`;
			context.fillText(text, left, middle);
			left += context.measureText(text).width + gap;
		};
		write(range);
		for (const { label, colour } of legend) {
			context.fillStyle = themeColour(colour);
			context.fillRect(left, middle - swatch / 2, swatch, swatch);
			left += swatch + gap / 3;
			write(label);
		}
		context.setTransform(1, 0, 0, 1, 0, 0);
		context.drawImage(canvas, margin * scale, (top + titleLine + factsLine) * scale);
		top += titleLine + factsLine + margin + canvas.height / scale;
	}
	return picture.toDataURL('image/png').split(',')[1];
}
