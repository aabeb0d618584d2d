// Owns how a number is written in a page.

import { locale } from './language.ts';

/** With the signs between its digits that the language has; `digits` behind the decimal sign where it is told. */
export function formatNumber(value: number, digits?: number): string {
	return value.toLocaleString(
		locale,
		digits === undefined ? {} : { minimumFractionDigits: digits, maximumFractionDigits: digits },
	);
}
