// Owns the words beside a change under review: what was run to check it, and what no comparison of texts shows. Pure, so that it is
// tested without an editor.

import { displayLine, tailText } from '../../base/text.ts';
import { gateVerdict } from '../../core/gate/gateVerdict.ts';
import type { ChangedFile } from '../../core/ports.ts';
import type { Run } from '../../core/run/run.ts';
import { describeStrays } from '../../core/run/runStrays.ts';

const programMode = '100755';
const linkMode = '120000';

/** Lines of evidence, the most urgent first; empty when there is nothing to say. */
export function changeEvidence(run: Run, changes: readonly ChangedFile[]): readonly string[] {
	return [...describeStrays(run), ...changes.flatMap(describeMode), ...run.gates.flatMap(describeGate)];
}

/** What else than its text is different about a file. */
function describeMode({ path, mode, previousMode }: ChangedFile): string[] {
	const name = displayLine(path, 300);
	if (mode === previousMode || mode === '') {
		return [];
	}
	if (mode === linkMode) {
		return [`${name} is a symbolic link now; its text is where it points to`];
	}
	if (previousMode === linkMode) {
		return [`${name} was a symbolic link and is a file now`];
	}
	if (mode === programMode) {
		return [`${name} can be run as a program now`];
	}
	return previousMode === programMode ? [`${name} can no longer be run as a program`] : [];
}

/** How a check ended, with the end of what it said. */
function describeGate({ kind, command, ending, exit_code, duration_ms, output }: Run['gates'][number]): string[] {
	if (kind === 'claim') {
		return [`CONTRADICTED: ${displayLine(command, 300)}`, displayLine(output, 300)];
	}
	const verdict = gateVerdict({ exit_code, ending });
	const how = verdict === 'failed' ? `FAILED (${ending}, exit code ${exit_code ?? '-'})` : verdict;
	const said = tailText(output, 4000).trim();
	return [`${how} after ${duration_ms} ms: ${command}`, ...(said === '' ? [] : [said])];
}
