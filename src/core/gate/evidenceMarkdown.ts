// Owns how an evidence bundle reads as Markdown. Text of tasks, agents and programs is foreign: it stands in code, never as markup.

import { displayLine, displayText } from '../../base/text.ts';
import { formatTook } from '../../base/words.ts';
import type { Evidence, EvidenceGate } from './evidence.ts';
import { notRead } from './gateVerdict.ts';

/** Foreign text within a line. */
function inline(text: string, limit = 300): string {
	const line = displayLine(text, limit).replaceAll('|', '¦');
	const longest = Math.max(0, ...[...line.matchAll(/`+/gu)].map(([ticks]) => ticks.length));
	const fence = '`'.repeat(longest + 1);
	return line === '' ? '–' : `${fence}${longest > 0 ? ` ${line} ` : line}${fence}`;
}

/** Foreign text as a block. */
function block(text: string): string {
	const shown = displayText(text).trimEnd();
	const longest = Math.max(2, ...[...shown.matchAll(/`+/gu)].map(([ticks]) => ticks.length));
	const fence = '`'.repeat(longest + 1);
	return `${fence}text\n${shown}\n${fence}`;
}

const howGate = ({ ending, exit_code: code }: EvidenceGate): string =>
	ending === 'exited' ? `exit code ${code ?? '–'}` : ending === notRead ? '–' : ending;

function gateLines(gates: readonly EvidenceGate[]): string[] {
	if (gates.length === 0) {
		return ['No gate was run: nothing shows that the work is done.'];
	}
	return [
		'| gate | kind | verdict | how | took |',
		'| --- | --- | --- | --- | --- |',
		...gates.map(
			(gate) =>
				`| ${inline(gate.command)} | ${gate.kind} | ${gate.verdict === 'failed' ? '**FAILED**' : gate.verdict} | ${howGate(gate)} | ${formatTook(gate.duration_ms)} |`,
		),
		...gates
			.filter(({ output }) => output.trim() !== '')
			.flatMap((gate) => ['', `End of the output of ${inline(gate.command)}:`, '', block(gate.output)]),
	];
}

const section = (title: string, lines: readonly string[]): string[] =>
	lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines];

/** The whole bundle as a document. */
export function evidenceMarkdown(evidence: Evidence): string {
	const { task_id: task, run_id: run, result_commit: result, base_commit: base } = evidence;
	return `${[
		`# Evidence for ${inline(task)}`,
		'',
		`- Task: ${inline(evidence.task_name)}`,
		`- Run: ${inline(run)}, attempt ${evidence.attempt}, by ${inline(evidence.worker)}`,
		`- State: ${evidence.state}${evidence.reason === null ? '' : ` (${inline(evidence.reason)})`}`,
		`- From ${evidence.opened_at} to ${evidence.closed_at ?? 'now'}`,
		`- Judged at commit ${result ?? '–'}, made from ${base ?? '–'}`,
		...section('Gates', gateLines(evidence.gates)),
		...section(
			'Acceptance',
			evidence.acceptance.map(
				({ text, state, by }) =>
					`- [${state === 'shown' || state === 'confirmed' ? 'x' : ' '}] ${inline(text)}: ${state}${by === null ? '' : ` by ${inline(by)}`}`,
			),
		),
		...section(
			'Reviews',
			evidence.reviews.map(
				({ at, by, verdict, reason }) =>
					`- ${at} ${inline(by)}: ${verdict}${reason === '' ? '' : `, ${inline(reason, 1000)}`}`,
			),
		),
		...section(
			'Claims',
			evidence.claims.map(
				({ claim, verdict, evidence: found }) =>
					`- ${verdict === 'contradicted' ? '**CONTRADICTED**' : verdict}: ${inline(claim)}${found === '' ? '' : `. ${inline(found)}`}`,
			),
		),
		...section(
			'Contradicted claims',
			evidence.contradicted.map(
				({ claim, evidence: shown }) => `- Said: ${inline(claim)}. Shown: ${inline(shown)}`,
			),
		),
		...section(
			'Altered by gates',
			evidence.altered.map((path) => `- ${inline(path)}`),
		),
		...section(
			'Changed files',
			evidence.files.map((path) => `- ${inline(path)}`),
		),
		...section('What the worker said (not evidence)', evidence.summary === null ? [] : [block(evidence.summary)]),
	].join('\n')}\n`;
}
