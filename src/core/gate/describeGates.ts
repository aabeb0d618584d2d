// Owns the one line that says how the gates of a run or a task went. A record that was edited by hand may hold anything.

import { isJsonObject, textOr } from '../../base/json.ts';
import { displayLine } from '../../base/text.ts';
import { countOf } from '../../base/words.ts';
import { notRead } from './gateVerdict.ts';

/** Empty where no gate ran. */
export function describeGates(gates: unknown): string {
	const all = (Array.isArray(gates) ? gates : []).filter((gate) => isJsonObject(gate));
	const judged = all.filter(({ kind }) => kind !== 'claim');
	const unread = judged.filter(({ ending }) => ending === notRead);
	const failed = judged.filter(({ exit_code: code, ending }) => code !== 0 && ending !== notRead);
	const claims = all.length - judged.length;
	const [first] = failed;
	return [
		...(judged.length === 0
			? []
			: [
					first === undefined
						? `${countOf(judged.length - unread.length, 'gate')} passed`
						: `${failed.length} of ${countOf(judged.length, 'gate')} failed: ${displayLine(textOr(first['command']), 120)}`,
				]),
		...(unread.length === 0 ? [] : [`${unread.length} not read`]),
		...(claims === 0 ? [] : [`${countOf(claims, 'claim')} of the worker contradicted`]),
	].join('; ');
}
