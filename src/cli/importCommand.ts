// Owns `dreamos boards import`: tells everything an import would do, asks where somebody can answer, and does it. A script that calls it
// means it: there is a dry run for looking.

import { resolve } from 'node:path';
import { canAsk, confirm } from './confirm.ts';
import type { ExitCode } from './exitCodes.ts';
import { exitCodes } from './exitCodes.ts';
import type { CommandContext } from './runCli.ts';

export interface ImportChoices {
	readonly path: string;
	readonly isDryRun: boolean;
	/** The person agreed beforehand (`--yes`). */
	readonly isAgreed: boolean;
}

interface ImportAnswer {
	readonly lines: readonly string[];
	readonly creates: number;
	readonly imported: number;
}

export async function importCommand(
	{ workspace, actor, output }: CommandContext,
	{ path, isDryRun, isAgreed }: ImportChoices,
): Promise<ExitCode> {
	const from = resolve(path);
	const perform = async (dry_run: boolean) =>
		(await workspace.dream.perform('boards.import', { path: from, dry_run }, actor)) as ImportAnswer;
	if (isDryRun) {
		const plan = await perform(true);
		plan.lines.forEach(output.say);
		output.say('\nNothing was written.');
		output.answer(withoutLines(plan));
		return exitCodes.done;
	}
	if (!isAgreed && canAsk(output.isJson)) {
		// What is to be done first in this workspace is said before a long report is.
		if (workspace.state() === 'ours') {
			const plan = await perform(true);
			plan.lines.forEach(output.say);
			if (plan.creates === 0) {
				output.say('\nThere is nothing to import.');
				return exitCodes.done;
			}
			if (!(await confirm('\nImport them?', output.isJson))) {
				output.say('Nothing was changed.');
				return exitCodes.refused;
			}
		}
		const done = await perform(false);
		output.say(`${done.imported} imported.`);
		return exitCodes.done;
	}
	const done = await perform(false);
	done.lines.forEach(output.say);
	output.say(done.imported === 0 ? '\nThere was nothing to import.' : `\n${done.imported} imported.`);
	output.answer(withoutLines(done));
	return exitCodes.done;
}

/** A script reads the figures; the lines say the same to a person. */
function withoutLines({ lines: _lines, ...figures }: ImportAnswer): object {
	return figures;
}
