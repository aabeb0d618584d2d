// Owns reading what the TypeScript service answers, in whatever version. Pure.

import { isJsonObject, textOr } from '../../base/json.ts';
import type { EditorProblem } from '../../core/diagnostics/problemReading.ts';

/** What it calls itself where it speaks of itself. */
export const typescriptSource = 'ts';

/** Errors and warnings among what the service said. */
export function readTypescriptAnswer(said: readonly unknown[], path: string): EditorProblem[] {
	return said.flatMap((each): EditorProblem[] => {
		const { category, text, start } = isJsonObject(each) ? each : {};
		const line = isJsonObject(start) ? start['line'] : undefined;
		return category === 'error' || category === 'warning'
			? [
					{
						path,
						line: typeof line === 'number' ? line : 1,
						severity: category,
						message: textOr(text),
						source: typescriptSource,
					},
				]
			: [];
	});
}
