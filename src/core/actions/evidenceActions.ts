// Owns the action that tells what shows that the work of a run is done.

import * as z from 'zod';
import { readEvidence } from '../gate/evidence.ts';
import { evidenceMarkdown } from '../gate/evidenceMarkdown.ts';
import type { DefinedAction } from './action.ts';
import { defineAction } from './action.ts';
import { byRun } from './runInput.ts';

const evidence = defineAction({
	id: 'run.evidence',
	title: 'Export Evidence',
	description:
		'Tells what shows that the work of a run is done: its gates with their output and the commit they judged, acceptance, reviews, and claims the evidence contradicts.',
	effect: 'read',
	input: z.object({
		...byRun,
		markdown: z.boolean().default(false).describe('Also as a Markdown document'),
	}),
	terminal: { positionals: ['run_id'] },
	run: ({ ledger }, { run_id, markdown }) =>
		ledger.read(async (reader) => {
			const found = await readEvidence(reader, run_id);
			return markdown ? { evidence: found, markdown: evidenceMarkdown(found) } : { evidence: found };
		}),
});

export const evidenceActions: readonly DefinedAction[] = [evidence];
