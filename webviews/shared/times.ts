// Owns how a moment is written in a page.

import { locale } from './language.ts';

const pad = (value: number) => String(value).padStart(2, '0');

/** The time of day; with the date when it is not today's. */
export function formatTime(at: number, now: Date): string {
	const date = new Date(at);
	const time = `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
	return date.toDateString() === now.toDateString() ? time : `${date.toLocaleDateString(locale)} ${time}`;
}
