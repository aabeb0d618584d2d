// Measures what our activation costs a window, beside that of the git extension every editor ships with.
//
// Method: the packed extension, installed in a served VS Code on a workspace of 10,000 tasks that is a git repository, so that
// both extensions have something to do. Each round reloads the window: a new extension host, nothing warm. The figures are the
// editor's own, those of `Developer: Startup Performance`: it times the loading of the code, the call of `activate` and the wait
// for its promise, for every extension by the same clock in the same host. The ratio compares loading plus call, for that is the
// time in which the extension host can do nothing else, and it is what `Show Running Extensions` tells a person. Our own time
// counts the promise as well.

import { join } from 'node:path';
import { until } from '../support/workbench/until.ts';
import type { Workbench } from '../support/workbench/workbench.ts';
import { defineBenchmark } from './benchmark.ts';
import { openEditorWindow, runCommands } from './editorWindow.ts';
import { seedWorkspace } from './seededWorkspace.ts';
import { median, spread } from './statistics.ts';

const rounds = 7;
const patienceMilliseconds = 60_000;
const ours = 'dreamos.dreamos';
const yardstick = 'vscode.git';
/** So high that the whole report is drawn: the editor draws only lines that are in sight. */
const viewport = { width: 1400, height: 4000 };

interface ActivationTimes {
	readonly load: number;
	readonly call: number;
	readonly finish: number;
}

export const activation = defineBenchmark({
	figures: {
		'activation.ratio': {
			title: "our activation ÷ the built-in git extension's, loading and call",
			unit: 'ratio',
			limit: { atMost: 1 },
		},
		'activation.time': {
			title: 'our activation: loading, call and promise',
			unit: 'ms',
			limit: { atMost: 50 },
		},
	},
	async measure(context) {
		const place = join(context.folder, 'workspace');
		await seedWorkspace(place);
		const { workbench } = await openEditorWindow(context, place);
		await workbench.page.setViewportSize(viewport);

		const times: { readonly own: ActivationTimes; readonly git: ActivationTimes }[] = [];
		for (let round = 0; round < rounds; round += 1) {
			await workbench.reload();
			times.push(await readTimes(workbench));
		}
		const ratios = times.map(({ own, git }) => (own.load + own.call) / (git.load + git.call));
		const totals = times.map(({ own }) => own.load + own.call + own.finish);
		return {
			'activation.ratio': {
				value: median(ratios),
				notes: [
					`rounds ${spread(ratios)}; ours ${describe(times.map(({ own }) => own))}; git ${describe(times.map(({ git }) => git))}`,
				],
			},
			'activation.time': { value: median(totals), notes: [`rounds ${spread(totals, 0)} ms`] },
		};
	},
});

function describe(times: readonly ActivationTimes[]): string {
	const of = (part: keyof ActivationTimes) => median(times.map((each) => each[part])).toFixed(0);
	return `load ${of('load')} + call ${of('call')} + promise ${of('finish')} ms`;
}

/** Opens the editor's report and reads it once both extensions are in it; it follows by itself. */
async function readTimes(workbench: Workbench) {
	const text = () => workbench.editors.text();
	await runCommands(workbench, ['Developer: Startup Performance'], async () =>
		(await text()).includes('System Info'),
	);
	return until(
		'both extensions in the report',
		async () => {
			const report = await text();
			const [own, git] = [timesOf(report, ours), timesOf(report, yardstick)];
			return own !== undefined && git !== undefined && { own, git };
		},
		text,
		patienceMilliseconds,
	);
}

/** One row of the report: name, eager, load, call, finish, event, by whom. */
function timesOf(text: string, extension: string): ActivationTimes | undefined {
	const row = text.split('\n').find((line) => line.split('|')[1]?.trim() === extension);
	const [load, call, finish] = (row?.split('|').slice(3, 6) ?? []).map(Number);
	return load === undefined || call === undefined || finish === undefined ? undefined : { load, call, finish };
}
