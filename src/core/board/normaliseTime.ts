// Owns how a time was ever spelled. Three of four times on the older boards are placeholders that nobody filled in: they mean
// "not known" and become null; the raw text stays in the record.

import type { JsonValue } from '../../base/json.ts';

const canonicalTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/u;
const isoTime =
	/^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}:?\d{2})?Z?(?:-MIGRATION)?)?$/iu;
const placeholder =
	/\{\{.*\}\}|^\[.*\]$|^<.*>$|PLACEHOLDER|YYYY|^(?:AUTO_?)?TIMESTAMP$|^(?:NOW|TBD|TODO|UNKNOWN|NONE|NULL|N\/A|UUID)$/iu;

/** True for text that stands for a value nobody filled in: `{{NOW}}`, `[AUTO_TIMESTAMP]`, `YYYY-MM-DDTHH:MM:SSZ_PLACEHOLDER`. */
export function isPlaceholder(text: string): boolean {
	return text.length <= 200 && placeholder.test(text.trim());
}

/** ISO text in UTC; null for "not known"; undefined for what is no time at all. Without a zone, UTC is meant. */
export function normaliseTime(raw: JsonValue | undefined): string | null | undefined {
	if (raw === undefined || raw === null) {
		return null;
	}
	if (typeof raw === 'number') {
		return raw >= 1e8 && raw < 1e14 ? isoOf(raw < 1e11 ? raw * 1000 : raw) : undefined;
	}
	if (typeof raw !== 'string' || raw.length > 200) {
		return undefined;
	}
	if (canonicalTime.test(raw)) {
		return Number.isNaN(Date.parse(raw)) ? undefined : raw;
	}
	const text = raw.trim();
	const parts = isoTime.exec(text);
	if (parts === null) {
		return text === '' || isPlaceholder(text) ? null : undefined;
	}
	const [, date, minutes = '00:00', seconds = '00', fraction = '0', zone = 'Z'] = parts;
	const offset = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase();
	return isoOf(Date.parse(`${date}T${minutes}:${seconds}.${fraction.slice(0, 3).padEnd(3, '0')}${offset}`));
}

function isoOf(milliseconds: number): string | undefined {
	return Number.isFinite(milliseconds) && Math.abs(milliseconds) <= 8.64e15
		? new Date(milliseconds).toISOString()
		: undefined;
}
