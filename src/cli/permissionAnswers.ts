// Owns how answers about permission rules and questions of agents read for a person.

import { displayLine } from '../base/text.ts';
import type { BoardProblem } from '../core/board/boardProblem.ts';
import { policyPath } from '../core/paths.ts';
import type { Question } from '../core/question/question.ts';
import type { Output } from './output.ts';
import { sayTable } from './sayTable.ts';

interface ShownRule {
	readonly line: number;
	readonly decision: string;
	readonly reason: string | null;
	readonly [limit: string]: string | number | readonly string[] | null;
}

function describeRule({ line, decision, reason, ...limits }: ShownRule): string {
	const named = Object.entries(limits).flatMap(([name, value]) =>
		value === null ? [] : [`${name} ${Array.isArray(value) ? value.join(' | ') : String(value)}`],
	);
	return `line ${line}: ${decision} ${named.join(', ') || 'everything'}${reason === null ? '' : ` (${reason})`}`;
}

type RuleProblem = Pick<BoardProblem, 'line' | 'column' | 'message' | 'advice'>;
interface PolicyAnswer {
	readonly file: string;
	readonly problems: readonly RuleProblem[];
}

function sayPolicyProblems({ file, problems }: PolicyAnswer, output: Output): void {
	for (const { line, column, message, advice } of problems) {
		output.say(`${file}:${line}:${column}: error: ${message} ${advice}`);
	}
}

export function policyExplain(
	answer: PolicyAnswer & { decision: string; why: string; rule: ShownRule | null },
	output: Output,
): void {
	output.say(`${answer.decision}: ${answer.why}`);
	if (answer.rule !== null) {
		output.say(`${answer.file}, ${describeRule(answer.rule)}`);
	}
	sayPolicyProblems(answer, output);
}

export function policyList(
	answer: PolicyAnswer & { setting: string; rules: readonly ShownRule[] },
	output: Output,
): void {
	sayPolicyProblems(answer, output);
	answer.rules.map(describeRule).forEach(output.say);
	output.say(
		answer.problems.length > 0
			? 'Until that is mended nothing is allowed without asking.'
			: `${answer.rules.length === 0 ? `No rules in ${answer.file}` : 'Where no rule says anything'}: dreamos.agents.permissions is "${answer.setting}".`,
	);
}

export function questionList(questions: readonly Question[], output: Output): void {
	sayTable(
		output,
		['QUESTION', 'AGENT', 'TASK', 'ASKED', 'STATE', 'WHAT'],
		questions.map((question) => [
			question.question_id,
			question.agent_id,
			question.task_id,
			question.asked_at,
			question.state === 'answered' ? `${question.answer} by ${question.decided_by}` : question.state,
			displayLine(question.title, 200),
		]),
		'Nobody asks anything.',
	);
}

function consequence({ kind, answer, agent_id, task_id }: Question): string {
	return kind === 'permission'
		? `${agent_id} goes on with ${task_id}`
		: answer === 'allow'
			? `${task_id} begins in its turn`
			: `${task_id} is blocked until somebody unblocks it`;
}

export function questionAnswer(
	{ question, rules, problem }: { question: Question; rules: readonly unknown[]; problem: string | null },
	output: Output,
): void {
	output.say(`${question.answer === 'allow' ? 'Allowed' : 'Denied'}: ${consequence(question)}.`);
	if (problem !== null) {
		output.warn(problem);
	} else if (rules.length > 0) {
		output.say(`Remembered in ${policyPath}.`);
	}
}
