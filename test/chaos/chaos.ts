// Owns `npm run chaos`: reads its arguments, gives the run a small disk of its own where the system allows it, and tells the verdict.
//   --minutes M      how long at most (5 unless said)
//   --seed S         decides what befalls whom (1 unless said); timing is the machine's, so two runs of a seed are alike, not equal
//   --operations N   end when the fast writers have done so many operations
//   --calm S         seconds between two things that befall somebody, on average (1.2 unless said)
//   --keep           leave the folder of the run for a look at it
// Exit code: 0 when nothing was found, 1 when something was, 2 for a wrong call.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeRun } from './describeRun.ts';
import { canTakePermissions } from './lives.ts';
import { runChaos } from './runChaos.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const [unshare, ...ownMounts] = ['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c'] as const;
const ownDisk = 'DREAMOS_CHAOS_DISK';

function readWishes(args: string[]) {
	const { values } = parseArgs({
		args,
		options: {
			minutes: { type: 'string', default: '5' },
			seed: { type: 'string', default: '1' },
			operations: { type: 'string' },
			calm: { type: 'string', default: '1.2' },
			keep: { type: 'boolean', default: false },
		},
	});
	const number = (name: 'minutes' | 'seed' | 'operations' | 'calm'): number => {
		const value = Number(values[name]);
		if (!Number.isFinite(value) || value < 0) {
			throw new Error(`--${name} must be a number, and is ${values[name] ?? 'missing'}.`);
		}
		return value;
	};
	return {
		minutes: number('minutes'),
		seed: number('seed'),
		faultMilliseconds: number('calm') * 1000,
		keep: values.keep,
		...(values.operations === undefined ? {} : { operations: number('operations') }),
	};
}

/** Runs this program again where it may mount; undefined where the system allows no such place. */
function runWithDisk(): number | undefined {
	const script = 'mount -t tmpfs -o size=700m tmpfs "$1" && shift && exec "$@"';
	try {
		execFileSync(unshare, [...ownMounts, 'mount -t tmpfs -o size=64k tmpfs /mnt'], { stdio: 'ignore' });
	} catch {
		return undefined;
	}
	const words = [...ownMounts, script, 'sh', '/mnt', process.execPath, ...process.argv.slice(1)];
	return spawnSync(unshare, words, { stdio: 'inherit', env: { ...process.env, [ownDisk]: '/mnt' } }).status ?? 1;
}

async function main(): Promise<number> {
	const { keep, ...wishes } = readWishes(process.argv.slice(2));
	const disk = process.env[ownDisk];
	const status = disk === undefined ? runWithDisk() : undefined;
	if (status !== undefined) {
		return status;
	}
	if (disk === undefined) {
		say('This system allows no mount of our own: no disk is filled in this run.');
	}
	if (!canTakePermissions) {
		say('Root may write everywhere and there is no setpriv here: no permission is taken away in this run.');
	}
	const root = realpathSync(mkdtempSync(join(tmpdir(), 'dreamos-chaos-')));
	const crowd = { writer: 3, window: 1, host: 1, terminal: 1, person: 1, foreign: 1, git: 1 };
	try {
		mkdirSync(root, { recursive: true });
		const report = await runChaos({
			...wishes,
			tasks: 120,
			crowd,
			root,
			say,
			...(disk === undefined ? {} : { disk }),
		});
		describeRun(report).forEach(say);
		return report.findings.length === 0 ? 0 : 1;
	} finally {
		if (keep) {
			if (disk !== undefined) {
				execFileSync('cp', ['-a', join(disk, 'workspace'), root]);
			}
			say(`Everything is in ${root}.`);
		} else {
			rmSync(root, { recursive: true, force: true });
		}
	}
}

try {
	process.exitCode = await main();
} catch (error) {
	process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
	process.exitCode = 2;
}
