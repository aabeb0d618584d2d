// Owns the way from the text of `.dreamos/policies.yaml` to rules. Never throws: what cannot be read is a problem on its line, and a
// rule that may forbid something and cannot be read is a doubt, under which nothing is allowed without asking.

import type { JsonValue } from '../../base/json.ts';
import { isJsonObject } from '../../base/json.ts';
import type { BoardProblem } from '../board/boardProblem.ts';
import { policyPath } from '../paths.ts';
import type { YamlPlace } from '../yaml.ts';
import type { PolicyRule } from './policyRule.ts';
import { policyFileSchema, policyRuleSchema, toPolicyRule } from './policyRule.ts';

export interface PolicyReading {
	/** In file order. */
	readonly rules: readonly PolicyRule[];
	readonly problems: readonly BoardProblem[];
	/** Why it is not known what is forbidden; undefined when it is. */
	readonly doubt: BoardProblem | undefined;
}

/** No file: the defaults hold. */
export const noPolicy: PolicyReading = { rules: [], problems: [], doubt: undefined };

/** A file that is there and cannot be read at all. */
export function unreadablePolicy(reason: string, place: YamlPlace = { line: 1, column: 1 }): PolicyReading {
	const problem: BoardProblem = {
		code: 'policy.unreadable',
		severity: 'error',
		message: reason,
		file: policyPath,
		line: place.line,
		column: place.column,
		advice: 'Correct the file; until then every rule counts as missing, and agents are allowed nothing without asking.',
	};
	return { rules: [], problems: [problem], doubt: problem };
}

export async function readPolicy(text: string): Promise<PolicyReading> {
	const { readYamlFile } = await import('../yaml.ts');
	const reading = readYamlFile(text);
	if ('reason' in reading) {
		return unreadablePolicy(`It is not readable YAML: ${reading.reason}`, reading);
	}
	return reading.value === null ? noPolicy : readRules(reading.value, (path) => reading.place(path));
}

function readRules(value: JsonValue, place: (path: readonly (string | number)[]) => YamlPlace): PolicyReading {
	const frame = isJsonObject(value) && Array.isArray(value['rules']) ? { ...value, rules: [] } : value;
	const outside = policyFileSchema.safeParse(frame);
	if (!outside.success) {
		const [issue] = outside.error.issues;
		const path = (issue?.path ?? []).filter((step) => typeof step !== 'symbol');
		const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
		return unreadablePolicy(
			`It is no list of rules: ${[...path, issue?.message ?? ''].join(' ')}`,
			place([...path, ...unknown]),
		);
	}
	const rules: PolicyRule[] = [];
	const problems: BoardProblem[] = [];
	let doubt: BoardProblem | undefined;
	const items = isJsonObject(value) && Array.isArray(value['rules']) ? value['rules'] : [];
	items.forEach((item, index) => {
		const parsed = policyRuleSchema.safeParse(item);
		if (parsed.success) {
			rules.push(toPolicyRule(parsed.data, place(['rules', index]).line));
			return;
		}
		const [issue] = parsed.error.issues;
		const path = (issue?.path ?? []).filter((step) => typeof step !== 'symbol');
		const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
		const isAllowance = isJsonObject(item) && item['decision'] === 'allow';
		const problem: BoardProblem = {
			code: 'policy.badRule',
			severity: 'error',
			message: `This rule cannot be used: ${[path.join('.'), issue?.message ?? ''].filter(Boolean).join(' ')}`,
			file: policyPath,
			...place(['rules', index, ...path, ...unknown]),
			path: ['rules', index, ...path],
			advice: isAllowance
				? 'Correct it; until then it allows nothing.'
				: 'Correct it; until then nothing is allowed without asking, because it may forbid something.',
		};
		problems.push(problem);
		doubt ??= isAllowance ? undefined : problem;
	});
	return { rules, problems, doubt };
}
