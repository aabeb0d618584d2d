// Owns the note that goes with a hand-off: how far the work is, which files it changed, what is open, and what was said about it.

import { displayLine } from '../../base/text.ts';
import { gateVerdict } from '../gate/gateVerdict.ts';
import type { LedgerReader } from '../ledger.ts';
import type { Run } from './run.ts';

const mostFiles = 30;
const mostReports = 5;

/** What the ledger knows of a run that is handed off, below what was said with it. */
export async function handOffNote(reader: LedgerReader, run: Run, said: string): Promise<string> {
	const events = await reader.events({ run_id: run.run_id });
	const questions = await reader.questions({ run_id: run.run_id, state: 'open' });
	const reports = events.filter(({ type }) => type === 'run.reported' || type === 'run.messaged').slice(-mostReports);
	const failed = run.gates.filter((gate) => gateVerdict(gate) === 'failed');
	const rest = run.files.length - mostFiles;
	return [
		...(said === '' ? [] : [said]),
		`State: attempt ${run.attempt} of ${run.worker}, ${run.state} since ${run.opened_at}.`,
		`Files changed so far: ${run.files.slice(0, mostFiles).join(', ') || 'none'}${rest > 0 ? ` and ${rest} more` : ''}.`,
		...(failed.length === 0
			? []
			: [`Checks that failed: ${failed.map(({ command }) => displayLine(command)).join('; ')}.`]),
		...(questions.length === 0 ? [] : [`Open questions: ${questions.map(({ title }) => title).join('; ')}.`]),
		...(reports.length === 0 ? [] : ['Said lately:', ...reports.map(({ message }) => `- ${message}`)]),
	].join('\n');
}
