// Owns the rules an answer becomes when it is remembered: exactly what was asked for, no more. An allowance covers each command of
// the line by itself, as it is judged; a refusal forbids the whole line and not its harmless parts.

import type { JsonObject } from '../../base/json.ts';
import { isJsonObject } from '../../base/json.ts';
import { commandParts } from '../policy/commandLine.ts';
import { exactPathPattern, exactPattern } from '../policy/policyPattern.ts';
import type { PolicyRuleText, ToolKind } from '../policy/policyRule.ts';
import { policyRuleSchema, toolKinds } from '../policy/policyRule.ts';
import type { Question, QuestionAnswer } from './question.ts';

/** The rules, in the order of the file; undefined when it cannot be said in rules. */
export function answerRules({ request }: Question, answer: QuestionAnswer): PolicyRuleText[] | undefined {
	if (request['hasHidden'] === true) {
		return undefined;
	}
	const { kinds, commands, paths, title, isOutside } = read(request);
	const place = paths.length === 0 ? {} : { path: paths };
	const isCommand = commands.length > 0;
	const rules: PolicyRuleText[] = [];
	if (kinds.includes('execute') && isCommand) {
		const lines =
			answer === 'deny' ? commands : commands.flatMap((line) => commandParts(line).parts.map(({ text }) => text));
		const command = [...new Set(lines)].map(exactPattern);
		rules.push({ decision: answer, kind: ['execute'], command, ...(isOutside ? place : {}) });
	}
	const others = kinds.filter((kind) => kind !== 'execute' || !isCommand);
	if (others.length > 0 && (answer === 'allow' || !isCommand)) {
		const what = paths.length === 0 && !isCommand ? { title: exactPattern(title) } : place;
		rules.push({ decision: answer, kind: others, ...what });
	}
	const parsed = rules.map((rule) => policyRuleSchema.safeParse(rule));
	return rules.length > 0 && parsed.every(({ success }) => success) ? rules.map(simple) : undefined;
}

/** A list of one is written as the one. */
function simple(rule: PolicyRuleText): PolicyRuleText {
	const entries = Object.entries(rule).map(([key, value]) => [
		key,
		Array.isArray(value) && value.length === 1 ? value[0] : value,
	]);
	return policyRuleSchema.parse(Object.fromEntries(entries));
}

function read(request: JsonObject) {
	const texts = (value: unknown) => (Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []);
	const placed = Array.isArray(request['paths']) ? request['paths'].filter(isJsonObject) : [];
	const names = placed.flatMap(({ names: each }) => texts(each).slice(0, 1));
	const kinds = texts(request['kinds']);
	return {
		kinds: toolKinds.filter((kind): kind is ToolKind => kinds.includes(kind)),
		commands: texts(request['commands']),
		paths: [...new Set(names)].map(exactPathPattern),
		title: typeof request['title'] === 'string' ? request['title'] : '',
		isOutside: placed.some(({ place }) => place !== 'inside'),
	};
}
