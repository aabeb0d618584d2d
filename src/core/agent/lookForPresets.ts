// Owns looking which of the known agents are installed here: where, in which version, and what is missing with the command that
// brings it. It installs nothing.

import { displayLine } from '../../base/text.ts';
import type { ProcessRunner } from '../ports.ts';
import type { AgentPreset } from './agentPresets.ts';
import { agentPresets } from './agentPresets.ts';

export interface FoundPreset {
	readonly id: string;
	readonly name: string;
	readonly command: readonly string[];
	readonly install: string;
	/** Where its program is; null when it is not on the PATH. */
	readonly path: string | null;
	/** null when it is not there, or does not say. */
	readonly version: string | null;
	/** What keeps it from working here, with what to do, as one line; null when nothing is known to. */
	readonly problem: string | null;
	/** Of the editor's models: which there are, as an agent names them, and their names for people. */
	readonly models?: readonly { readonly model: string; readonly name: string }[];
}

/** A program that does not tell its version within this many milliseconds has none. */
const versionTimeout = 15_000;
const versionPattern = /\d+\.\d+(?:\.\d+)?(?:[-+.][0-9A-Za-z.-]+)?/u;

type Programs = Pick<ProcessRunner, 'find' | 'run'>;

/** Presets in order, all or the one of that id, each found program asked for its version. */
export async function lookForPresets(programs: Programs, folder: string, only?: string): Promise<FoundPreset[]> {
	let node: Promise<string | null> | undefined;
	const nodeVersion = () => (node ??= askVersion(programs, 'node', ['--version'], folder));
	return Promise.all(
		agentPresets
			.filter(({ id }) => only === undefined || id === only)
			.map((preset) => lookForPreset(preset, programs, folder, nodeVersion)),
	);
}

async function lookForPreset(
	preset: AgentPreset,
	programs: Programs,
	folder: string,
	nodeVersion: () => Promise<string | null>,
): Promise<FoundPreset> {
	const { id, name, command, install } = preset;
	const [program] = command;
	const path = await programs.find(program);
	const facts = { id, name, command, install, path: path ?? null };
	if (path === undefined) {
		return { ...facts, version: null, problem: `${program} is not on the PATH. Install it with: ${install}` };
	}
	const [version, node] = await Promise.all([
		askVersion(programs, program, preset.version, folder),
		preset.node === undefined ? null : nodeVersion(),
	]);
	const isNodeTooOld = preset.node !== undefined && node !== null && compareVersions(node, preset.node) < 0;
	return {
		...facts,
		version,
		problem: isNodeTooOld
			? `${name} needs Node ${preset.node ?? ''} or newer; the node on the PATH is ${node ?? ''}.`
			: null,
	};
}

async function askVersion(
	programs: Programs,
	program: string,
	words: readonly string[],
	folder: string,
): Promise<string | null> {
	const { ending, output } = await programs.run({
		command: { program, arguments: words },
		folder,
		timeoutMilliseconds: versionTimeout,
		outputLimit: 4_000,
	});
	const found = ending === 'exited' ? versionPattern.exec(output)?.[0] : undefined;
	return found === undefined ? null : displayLine(found, 40);
}

/** Below zero when the first is older; only the figures of a release count. */
export function compareVersions(left: string, right: string): number {
	const figures = (text: string) =>
		(versionPattern.exec(text)?.[0] ?? '').split(/[-+.]/u).map((part) => Number.parseInt(part, 10));
	const [first, second] = [figures(left), figures(right)];
	for (let index = 0; index < 3; index += 1) {
		const difference = (first[index] ?? 0) - (second[index] ?? 0);
		if (difference !== 0) {
			return difference;
		}
	}
	return 0;
}
