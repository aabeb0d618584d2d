// Owns the words beside a change under review: what was run to check it, and what no comparison of texts shows. Pure, so that it is
// tested without an editor.

import { l10n } from 'vscode';
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
		return [l10n.t('{0} is a symbolic link now; its text is where it points to', name)];
	}
	if (previousMode === linkMode) {
		return [l10n.t('{0} was a symbolic link and is a file now', name)];
	}
	if (mode === programMode) {
		return [l10n.t('{0} can be run as a program now', name)];
	}
	return previousMode === programMode ? [l10n.t('{0} can no longer be run as a program', name)] : [];
}

/** How a check ended, with the end of what it said. */
function describeGate({ kind, command, ending, exit_code, duration_ms, output }: Run['gates'][number]): string[] {
	if (kind === 'claim') {
		return [l10n.t('CONTRADICTED: {0}', displayLine(command, 300)), displayLine(output, 300)];
	}
	const verdict = gateVerdict({ exit_code, ending });
	const said = tailText(output, 4000).trim();
	return [
		verdict === 'passed'
			? l10n.t('passed after {0} ms: {1}', duration_ms, command)
			: verdict === 'not read'
				? l10n.t('not read: {0}', command)
				: l10n.t(
						'FAILED ({0}, exit code {1}) after {2} ms: {3}',
						ending,
						exit_code ?? '-',
						duration_ms,
						command,
					),
		...(said === '' ? [] : [said]),
	];
}
