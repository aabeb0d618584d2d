// A person at a terminal: one command after the other, each a process of its own. Now and then a command is killed in the middle.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DreamError } from '../../src/base/errors.ts';
import type { JsonObject } from '../../src/base/json.ts';
import { isJsonObject, parseJsonOrUndefined } from '../../src/base/json.ts';
import { Random } from '../support/random.ts';
import { Journal } from './journal.ts';
import { LedgerView } from './ledgerView.ts';
import { LedgerWork } from './ledgerWork.ts';
import { endOfLife, readLifeOptions, tellCount } from './lifeOptions.ts';

const { folder, journals, name, seed, tasks } = readLifeOptions();
const signal = endOfLife();
const journal = new Journal(journals, name);
const view = new LedgerView(folder);
const random = new Random(seed);
const command = join(import.meta.dirname, '../../src/cli.ts');

/** What the command answers; undefined when it was killed before it could say so. */
function runCommand(action: string, input: JsonObject): Promise<unknown> {
	const positional = action === 'task.create' ? 'name' : 'task_id';
	const subject = [input[positional]].filter((each) => typeof each === 'string');
	const options = Object.entries(input).flatMap(([key, value]) =>
		key === positional
			? []
			: (Array.isArray(value) ? value : [value]).flatMap((each) => [
					`--${key.replaceAll('_', '-')}`,
					typeof each === 'string' ? each : JSON.stringify(each),
				]),
	);
	const words = [...process.execArgv, command, ...action.split('.'), ...subject, ...options];
	return new Promise((resolve, reject) => {
		const child = execFile(
			process.execPath,
			[...words, '--json', '--workspace', folder],
			{ encoding: 'utf8' },
			(error, stdout, stderr) => {
				// Warnings may stand before the one line that says how it went.
				const said = parseJsonOrUndefined((stdout === '' ? stderr : stdout).trim().split('\n').at(-1) ?? '');
				if (error === null || stdout !== '') {
					resolve(said);
				} else if (child.signalCode !== null) {
					resolve(undefined);
				} else {
					const told = isJsonObject(said) && isJsonObject(said['error']) ? said['error'] : said;
					const code = isJsonObject(told) && typeof told['code'] === 'string' ? told['code'] : undefined;
					reject(
						code === undefined
							? new Error(`${words.slice(-12).join(' ')} said ${stdout}${stderr}`)
							: new DreamError(code as `${string}.${string}`, 'refused'),
					);
				}
			},
		);
		if (random.next() < 0.15) {
			setTimeout(() => child.kill('SIGKILL'), 300 + random.below(1500)).unref();
		}
	});
}

const work = new LedgerWork({ name, random, journal, view, tasks, perform: runCommand });
while (!signal.aborted) {
	await work.step();
	tellCount(work.answered);
	await delay(random.below(300));
}
view.close();
journal.close();
process.disconnect();
