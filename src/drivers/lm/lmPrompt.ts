// Owns what a language model is told besides its task: that it has tools and must use them, and how its work ends.

import type { DriverJob } from '../../core/driver/driver.ts';

/** The first words of a run. A model that remembers an earlier attempt has heard the rules. */
export function opening(job: DriverJob, isResumed: boolean): string {
	if (isResumed && job.resume !== undefined) {
		return job.resume.prompt;
	}
	const canFinish = job.tools?.direct.tools.some(({ endsTurn }) => endsTurn) === true;
	return [
		job.prompt.trimEnd(),
		[
			'How you work:',
			'- You change files with your tools only; text you answer with changes nothing. Paths begin at the top of your folder.',
			'- Look before you change: list_files, search_text, read_file. Prefer edit_file to writing whole files anew.',
			...(job.permissions.mayRunCommands
				? ['- Prove your work with run_command where there is something to run, such as the tests.']
				: []),
			canFinish
				? '- When you are done, call run_finish with a summary. If only a person can answer something, call run_ask; if something is missing, task_block. Guessing is worse than asking.'
				: '- When you are done, answer without calling a tool.',
		].join('\n'),
	].join('\n\n');
}

/** Said once to a model that stops without a word on how its work ended. */
export const finishReminder =
	'You called no tool. If the task is done, call run_finish with a summary. If not, go on with your tools now, or say with run_ask or task_block what stands in the way.';
