// Owns the axis of the timeline: as many round moments as have room, each at its place, all of them whole. How long a label is
// depends on the language and the time of day, so it is measured, never assumed.

import { element } from '../../shared/dom.ts';
import type { TimeWindow } from './timeWindow.ts';
import { placeOf, ticksIn } from './timeWindow.ts';

const mostTicks = 7;
/** Pixels that stay free between two labels. */
const gap = 8;

export interface TimeAxis {
	readonly element: HTMLElement;
	draw(time: TimeWindow): void;
}

export function createTimeAxis(): TimeAxis {
	const axis = element('div', { className: 'axis', attributes: { 'aria-hidden': 'true' } });
	let drawn: TimeWindow | undefined;

	/** Puts labels in the axis and tells how wide each is. */
	const lay = (time: TimeWindow, most: number) => {
		const ticks = ticksIn(time, most).map(({ at, label }) => ({ at, label: element('span', { text: label }) }));
		axis.replaceChildren(...ticks.map(({ label }) => label));
		return ticks.map(({ at, label }) => ({ at, label, width: label.getBoundingClientRect().width }));
	};
	const draw = (time: TimeWindow) => {
		drawn = time;
		const room = axis.clientWidth;
		if (room === 0) {
			// Not seen; it is drawn once it has a width.
			axis.replaceChildren();
			return;
		}
		let ticks = lay(time, mostTicks);
		const widest = Math.max(...ticks.map(({ width }) => width));
		// Fewer than two in the window may be none.
		const fitting = Math.max(2, Math.floor(room / (widest + gap)));
		if (fitting < mostTicks) {
			ticks = lay(time, fitting);
		}
		let end = 0;
		for (const { at, label, width } of ticks) {
			const place = placeOf(at, time) * room;
			// The last one stands before its line when the window ends too soon after it.
			const isBefore = place + width > room;
			const start = isBefore ? place - width : place;
			if (start < end || width > room) {
				label.remove();
				continue;
			}
			label.classList.toggle('before', isBefore);
			label.style.left = `${start}px`;
			end = start + width + gap;
		}
	};
	new ResizeObserver(() => {
		if (drawn !== undefined) {
			draw(drawn);
		}
	}).observe(axis);
	return { element: axis, draw };
}
