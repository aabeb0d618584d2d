// A program of its own on a ledger, for tests with several processes. Argument: JSON of what to do; it reports line by line.

import { isDreamError } from '../../src/base/errors.ts';
import { nullLogger } from '../../src/base/log.ts';
import { advanceTask } from '../../src/core/task/advanceTask.ts';
import { BoardMirror } from '../../src/ledger/boardMirror.ts';
import { openLedger } from '../../src/ledger/openLedger.ts';
import { createChokidarWatcher } from '../../src/node/chokidarWatcher.ts';
import { nodeFileSystem } from '../../src/node/nodeFileSystem.ts';
import { systemClock } from '../../src/node/systemClock.ts';
import { finishTasks } from './archivedTasks.ts';
import type { LedgerProcessJob } from './ledgerProcess.ts';

const { path, name, job } = JSON.parse(process.argv[2] ?? '') as LedgerProcessJob;
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const watcher = createChokidarWatcher({ onError: (message) => say(`error ${message}`) });
const neverPolls = job.kind === 'listen' ? { pollMilliseconds: 3_600_000 } : {};
const ledger = await openLedger({ path, clock: systemClock, log: nullLogger, watcher, ...neverPolls });
const actor = { kind: 'agent', id: name } as const;
// Node writes to a pipe before `write` returns, so an acknowledged line is out even when the process is killed next.
const append = (number: number): Promise<number> =>
	ledger.write(actor, async (transaction) => {
		await transaction.setFact(`last:${name}`, number);
		return transaction.append({
			type: 'gate.finished',
			agent_id: name,
			message: String(number),
			data: { filling: 'x'.repeat(500) },
		});
	});

const inputEnds = (): Promise<void> => new Promise((resolve) => process.stdin.once('end', () => resolve()).resume());

switch (job.kind) {
	case 'append': {
		say('ready');
		for (let number = 1; number <= job.count; number += 1) {
			await append(number);
			say(`wrote ${number}`);
		}
		break;
	}
	case 'compete': {
		say('ready');
		// All begin when they are told, so that none has the ledger to itself.
		await inputEnds();
		let number = 0;
		for (const until = Date.now() + job.milliseconds; Date.now() < until; number += 1) {
			await append(number);
		}
		say(`wrote ${number}`);
		break;
	}
	case 'claim': {
		say('ready');
		for (const taskId of job.ids) {
			try {
				const { run } = await ledger.claim(actor, {
					taskId,
					worker: name,
					driver: 'command',
					hostId: null,
					now: Date.now(),
				});
				say(`claimed ${taskId} ${run.run_id}`);
			} catch (error) {
				say(isDreamError(error, 'task.illegalMove') ? `refused ${taskId}` : `error ${String(error)}`);
			}
		}
		break;
	}
	case 'archive': {
		const mirror = new BoardMirror({
			ledger,
			files: nodeFileSystem,
			clock: systemClock,
			log: nullLogger,
			folder: job.folder,
			archive: () => ({ kept: 5, days: 0 }),
		});
		await mirror.flush();
		for (let round = 0; ; round++) {
			await finishTasks(ledger, `${name}-${round}-`, 7, `2026-0${(round % 3) + 1}-01T00:00:00Z`);
			const reopened = `${name}-${round - 5}-0`;
			await ledger.write(actor, async (transaction) => {
				if ((await transaction.task(reopened)) !== undefined) {
					await advanceTask(transaction, { taskId: reopened, move: 'reopen', reason: 'again' });
				}
			});
			await mirror.flush();
			say(`settled ${round}`);
		}
	}
	case 'listen': {
		ledger.onDidChange(({ sequence }) => say(`heard ${sequence} `));
		say('ready');
		await inputEnds();
		break;
	}
}
ledger.dispose();
process.exit(0);
