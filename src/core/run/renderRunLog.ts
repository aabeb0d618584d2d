// Owns how the log of a run reads: one JSON object a line becomes plain lines a person can follow. Pure; foreign text is made
// harmless, a line that is no JSON is shown as it is.

import { isJsonObject, parseJsonOrUndefined } from '../../base/json.ts';
import type { JsonObject, JsonValue } from '../../base/json.ts';
import { displayText } from '../../base/text.ts';

const marks: Readonly<Record<string, string>> = {
	message: '',
	thought: '(thinks) ',
	tool: '→ ',
	output: '│ ',
	plan: '☐ ',
	permission: '? ',
	usage: '# ',
	note: '· ',
};

const textOf = (value: JsonValue | undefined): string =>
	typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);

function timeOf({ at }: JsonObject): string {
	const date = typeof at === 'string' || typeof at === 'number' ? new Date(at) : undefined;
	return date === undefined || Number.isNaN(date.getTime()) ? '' : `${date.toTimeString().slice(0, 8)} `;
}

/** The line as a person reads it; undefined for one that only says again what was said before. */
export function renderLogLine(line: string): string | undefined {
	const entry = parseJsonOrUndefined(line);
	if (!isJsonObject(entry)) {
		return displayText(line);
	}
	const { data } = entry;
	if (isJsonObject(data) && data['isRepeated'] === true) {
		return undefined;
	}
	const time = timeOf(entry);
	const kind = textOf(entry['kind']);
	const text = displayText(textOf(entry['text'])).replace(/\n$/u, '');
	const mark = marks[kind] ?? `${displayText(kind)}: `;
	const indent = ' '.repeat(time.length);
	return text
		.split('\n')
		.map((part, index) => `${index === 0 ? time : indent}${mark}${part}`)
		.join('\n');
}

/** Text of a log; `isCut` says that its beginning was left out. */
export function renderRunLog(text: string, isCut: boolean): string {
	const lines = text.split('\n').filter((line) => line.trim() !== '');
	// The first line of a cut log is the end of one that is not there.
	const whole = isCut ? lines.slice(1) : lines;
	const head = isCut ? '[The beginning of this log is not shown; the file has all of it.]\n' : '';
	return `${head}${whole.flatMap((line) => renderLogLine(line) ?? []).join('\n')}\n`;
}
