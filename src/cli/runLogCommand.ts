// Owns `dreamos run log`: the log of a run as lines, or its protocol as it was recorded, read part by part and followed on request.

import { setTimeout as delay } from 'node:timers/promises';
import { DreamError } from '../base/errors.ts';
import { parseJsonOrUndefined } from '../base/json.ts';
import { readLogPage } from '../core/run/logPage.ts';
import { renderLogLine } from '../core/run/renderRunLog.ts';
import type { Run } from '../core/run/run.ts';
import { protocolLogPath, runLogPath } from '../core/run/runLogPath.ts';
import type { ExitCode } from './exitCodes.ts';
import { exitCodes } from './exitCodes.ts';
import type { CommandContext } from './runCli.ts';

export interface RunLogChoices {
	readonly follow?: boolean;
	readonly raw?: boolean;
}

const followMilliseconds = 300;

/** Prints the log; with `--json` each line as it is in the file. Fails with `run.unknown`, `run.noLog` or `run.noProtocolLog`. */
export async function runLogCommand(
	{ workspace, actor, output }: CommandContext,
	runId: string,
	{ follow = false, raw = false }: RunLogChoices,
): Promise<ExitCode> {
	const { files } = workspace.ports;
	const show = async () => (await workspace.dream.perform('run.show', { run_id: runId }, actor)) as Run;
	const run = await show();
	const file = files.join(workspace.folder, raw ? protocolLogPath(runId) : (run.log_file ?? runLogPath(runId)));
	if (!follow && (await files.stat(file)) === undefined) {
		throw raw
			? new DreamError('run.noProtocolLog', `The messages of ${runId} were not recorded.`, {
					advice: 'Turn dreamos.agents.protocolLog on; it counts for runs that begin after that.',
				})
			: new DreamError('run.noLog', `${runId} wrote no log.`);
	}
	const print = (line: string) => {
		output.answer(parseJsonOrUndefined(line) ?? line);
		const text = raw ? line : renderLogLine(line);
		if (text !== undefined) {
			output.say(text);
		}
	};
	let after = 0;
	const printNew = async () => {
		for (;;) {
			const page = await readLogPage(files, file, { after });
			page?.lines.forEach(({ text }) => print(text));
			if (page === undefined || page.to === after) {
				return;
			}
			after = page.to;
		}
	};
	for (let isOver = !follow; ;) {
		await printNew();
		if (isOver) {
			return exitCodes.done;
		}
		// The last lines are written before a run is closed, so that one more look has them all.
		isOver = (await show()).closed_at !== null;
		await delay(isOver ? 0 : followMilliseconds);
	}
}
