// Owns what this machine contains programs with: finds it in the system's own folders, tries once whether it really works here, and makes of
// a plan the words that go before a command. It trusts no PATH, which an agent's worktree or entry could lead astray.

import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { displayLine } from '../base/text.ts';
import { bubblewrapArguments, seatbeltProfile } from '../core/containment/containmentCommand.ts';
import type { ContainmentPlan, PlaceRule } from '../core/containment/containmentPlan.ts';
import type { Container } from '../core/containment/container.ts';
import type { MachineContainment } from '../core/containment/machineContainment.ts';
import type { ProcessRunner } from '../core/ports.ts';
import { findProgram } from './findProgram.ts';

export interface ContainerOptions {
	readonly processes: ProcessRunner;
	readonly platform?: NodeJS.Platform;
	/** Where the program is looked for. */
	readonly folders?: readonly string[];
}

/** Folders that belong to the system: only an administrator puts programs there. */
const systemFolders = ['/usr/bin', '/bin', '/usr/local/bin', '/run/current-system/sw/bin', '/run/wrappers/bin'];
const probeMilliseconds = 10_000;

export function createSystemContainer(options: ContainerOptions): Container {
	const platform = options.platform ?? process.platform;
	let looked: Promise<Found> | undefined;
	const look = () => (looked ??= lookHere(options, platform));
	return {
		look: async () => (await look()).machine,
		async wrap(plan) {
			const { machine, program } = await look();
			if (machine.tool === 'none' || program === undefined) {
				return undefined;
			}
			const real = { ...plan, rules: await realRules(plan.rules) };
			return machine.tool === 'bubblewrap'
				? [program, ...bubblewrapArguments(real)]
				: [program, '-p', seatbeltProfile(real)];
		},
	};
}

interface Found {
	readonly machine: MachineContainment;
	readonly program?: string;
}

async function lookHere({ processes, folders = systemFolders }: ContainerOptions, platform: string): Promise<Found> {
	const none = (reason: string, advice = ''): Found => ({ machine: { tool: 'none', reason, advice } });
	if (platform !== 'linux' && platform !== 'darwin') {
		return none(`there is nothing to contain programs with on ${platform === 'win32' ? 'Windows' : platform}`);
	}
	const isLinux = platform === 'linux';
	const name = isLinux ? 'bwrap' : 'sandbox-exec';
	const program = await findProgram(name, { PATH: folders.join(':') });
	if (program === undefined) {
		return none(`${name} is not installed`, isLinux ? 'apt-get install bubblewrap' : '');
	}
	const trouble = await probe(processes, program, isLinux);
	return trouble === undefined
		? { machine: { tool: isLinux ? 'bubblewrap' : 'sandbox-exec' }, program }
		: none(
				`${name} does not work here: ${trouble}`,
				isLinux ? 'allow user namespaces for bwrap, as its manual says' : '',
			);
}

/** Why it does not hold what it is to hold; undefined when a file inside could be written and one outside could not. */
async function probe(processes: ProcessRunner, program: string, isLinux: boolean): Promise<string | undefined> {
	const folder = await realpath(await mkdtemp(join(tmpdir(), 'dreamos-contain-')));
	try {
		const inside = join(folder, 'inside');
		await mkdir(inside);
		const plan: ContainmentPlan = {
			hasNetwork: true,
			rules: [
				{ access: 'read', path: folder },
				{ access: 'write', path: inside },
			],
		};
		const words = isLinux ? bubblewrapArguments(plan) : ['-p', seatbeltProfile(plan)];
		const script = 'echo x > inside/written || exit 3; (echo x > outside) 2>/dev/null && exit 4; echo held';
		const { output, exitCode } = await processes.run({
			command: { program: '/bin/sh', arguments: ['-c', script] },
			inside: [program, ...words],
			folder,
			timeoutMilliseconds: probeMilliseconds,
			outputLimit: 2_000,
		});
		if (exitCode === 0 && output.trim() === 'held') {
			return undefined;
		}
		return exitCode === 4
			? 'it lets programs write everywhere'
			: displayLine(output.trim() || 'it said nothing', 200).replace(/\.$/u, '');
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** The same rules for what is there, by real paths: a link would otherwise lead out of what is bound. */
async function realRules(rules: readonly PlaceRule[]): Promise<PlaceRule[]> {
	const found = await Promise.all(
		rules.map(async ({ access, path, isMade }) => {
			if (isMade === true) {
				await mkdir(path, { recursive: true, mode: 0o700 }).catch(() => undefined);
			}
			const real = await realpath(path).catch(() => undefined);
			return real === undefined ? [] : [{ access, path: real }];
		}),
	);
	return found.flat();
}
