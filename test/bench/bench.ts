// Owns `npm run bench`: chooses benchmarks, runs them one after the other, tells the figures. Never part of `npm test`.
//   --json          one object on stdout and nothing else there
//   --only a,b      these figures, or all whose names begin so: `--only host`
// Exit code: 0 when every budget is kept, 1 when one is missed or could not be measured, 2 for a wrong call.

import { availableParallelism, loadavg } from 'node:os';
import { inspect, parseArgs } from 'node:util';
import { activation } from './activation.ts';
import { agentReady } from './agentReady.ts';
import { agentStop } from './agentStop.ts';
import { agentStreams } from './agentStreams.ts';
import { archiveScale } from './archiveScale.ts';
import { BenchFolder } from './benchFolder.ts';
import type { Benchmark } from './benchmark.ts';
import { checkpointCost } from './checkpointCost.ts';
import { claimContention } from './claimContention.ts';
import { claimMatrix } from './claimMatrix.ts';
import { claimRate } from './claimRate.ts';
import { drift } from './drift.ts';
import { dashboardPage } from './dashboardPage.ts';
import { dashboardWindow } from './dashboardWindow.ts';
import { editorHeap } from './editorHeap.ts';
import { editorRecovery } from './editorRecovery.ts';
import { handEdit } from './handEdit.ts';
import { hostIdle } from './hostIdle.ts';
import { hostRecovery } from './hostRecovery.ts';
import { sessionRecovery } from './sessionRecovery.ts';
import { hostStart } from './hostStart.ts';
import { importRate } from './importRate.ts';
import { landing } from './landing.ts';
import { ledgerMemory } from './ledgerMemory.ts';
import { ledgerToTree } from './ledgerToTree.ts';
import { packageSize } from './packageSize.ts';
import { search } from './search.ts';
import type { Outcome } from './report.ts';
import { isKept, toJson, toLines } from './report.ts';
import { swarmStopNow } from './swarmStopNow.ts';
import { treeExpansion } from './treeExpansion.ts';
import { treeRow } from './treeRow.ts';
import { worktrees } from './worktrees.ts';

const benchmarks: readonly Benchmark[] = [
	claimRate,
	claimContention,
	claimMatrix,
	ledgerToTree,
	treeRow,
	treeExpansion,
	dashboardPage,
	dashboardWindow,
	editorHeap,
	handEdit,
	activation,
	hostStart,
	hostRecovery,
	sessionRecovery,
	editorRecovery,
	hostIdle,
	packageSize,
	importRate,
	search,
	archiveScale,
	ledgerMemory,
	worktrees,
	checkpointCost,
	landing,
	agentReady,
	agentStop,
	swarmStopNow,
	agentStreams,
	drift,
];

const names = benchmarks.flatMap(({ figures }) => Object.keys(figures));

interface Wishes {
	readonly isJson: boolean;
	readonly wanted: ReadonlySet<string>;
}

function readWishes(args: string[]): Wishes {
	const { values } = parseArgs({
		args,
		options: { json: { type: 'boolean' }, only: { type: 'string', multiple: true } },
	});
	const only = (values.only ?? []).flatMap((list) => list.split(',')).filter((word) => word !== '');
	const unknown = only.find((word) => !names.some((name) => name.startsWith(word)));
	if (unknown !== undefined) {
		throw new Error(`There is no figure ${unknown}. Known: ${names.join(', ')}`);
	}
	const wanted = names.filter((name) => only.length === 0 || only.some((word) => name.startsWith(word)));
	return { isJson: values.json === true, wanted: new Set(wanted) };
}

async function run(benchmark: Benchmark, wanted: ReadonlySet<string>, folder: BenchFolder): Promise<Outcome[]> {
	const chosen = Object.entries(benchmark.figures).filter(([name]) => wanted.has(name));
	try {
		const measured = await folder.measure(benchmark);
		return chosen.map(([name, plan]) => ({
			name,
			plan,
			result: measured[name] ?? { failure: 'The benchmark did not report it.' },
		}));
	} catch (error) {
		const failure = inspect(error).replaceAll('\n', '\n      ');
		return chosen.map(([name, plan]) => ({ name, plan, result: { failure } }));
	}
}

/** A busy machine makes every time longer; ratios suffer less. Who reads the figures has to know. */
function sayMachine(say: (line: string) => void): void {
	const cores = availableParallelism();
	const [load = 0] = loadavg();
	const note = load > cores / 2 ? ': busy with something else, so times are too long' : '';
	say(`Node ${process.versions.node}, ${cores} cores, load ${load.toFixed(1)}${note}`);
}

async function main(): Promise<number> {
	const { isJson, wanted } = readWishes(process.argv.slice(2));
	const say = (line: string) => void process.stderr.write(`${line}\n`);
	const tell = isJson ? say : (line: string) => void process.stdout.write(`${line}\n`);
	sayMachine(say);
	const outcomes: Outcome[] = [];
	const folder = await BenchFolder.make(say);
	// Ctrl-C leaves nothing behind either.
	process.once('SIGINT', () => void folder.remove().finally(() => process.exit(130)));
	try {
		for (const benchmark of benchmarks) {
			if (Object.keys(benchmark.figures).some((name) => wanted.has(name))) {
				const some = await run(benchmark, wanted, folder);
				some.flatMap(toLines).forEach(tell);
				outcomes.push(...some);
			}
		}
	} finally {
		await folder.remove();
	}
	if (isJson) {
		process.stdout.write(`${toJson(outcomes)}\n`);
	}
	return outcomes.every(isKept) ? 0 : 1;
}

try {
	process.exitCode = await main();
} catch (error) {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 2;
}
