// Owns what may ship: the exact files of the .vsix, their sizes, and what their text must not hold. A rule works on
// plain values, so that a bad package can be planted.

import type { BundleMetafile } from './staticImports.ts';
import { staticImports } from './staticImports.ts';

export interface PackedFile {
	readonly name: string;
	readonly bytes: number;
}

export interface PackageFacts {
	readonly files: readonly PackedFile[];
	readonly packageBytes: number;
	readonly expectedFiles: readonly string[];
	readonly metafiles: readonly BundleMetafile[];
	/** Text of every shipped script, style sheet and manifest. */
	readonly texts: Readonly<Record<string, string>>;
	/** What no shipped text may contain, such as the folder it was built in. */
	readonly forbiddenTexts: readonly string[];
}

const kilobyte = 1024;
const megabyte = 1024 * kilobyte;

export const packageBudget = 3 * megabyte;

/** Bytes of a bundle, minified, not compressed. Raise one only together with the reason. */
const fileBudgets: Readonly<Record<string, number>> = {
	// Read and parsed by every window: what can come later is a file of its own.
	'extension/dist/extension.cjs': 256 * kilobyte,
	// Loaded when a folder opens, after activation; it holds all drivers, for Check Agent, and every action: gates, schedule,
	// budgets and the account of runs came to it together.
	'extension/dist/workspace.cjs': 1.1875 * megabyte,
	// Landing, and the validator, which comes with what a task is.
	'extension/dist/attendance.cjs': 200 * kilobyte,
	// Mostly the validator, which checks what the page sends.
	'extension/dist/watch.cjs': 120 * kilobyte,
	'extension/dist/language.cjs': megabyte,
	// Mostly the validator, which checks what the page sends.
	'extension/dist/dashboard.cjs': 200 * kilobyte,
	'extension/dist/authoring.cjs': 40 * kilobyte,
	'extension/dist/mirror.cjs': megabyte,
	// It leads: pool, landings, permissions, sessions and tools are all in it, and it is read once per swarm.
	'extension/dist/host.cjs': 1.3125 * megabyte,
	'extension/dist/cli.cjs': megabyte,
	'extension/dist/mcp.cjs': megabyte,
	// Mostly the validator, which comes with the facts of the swarm.
	'extension/dist/models.cjs': 120 * kilobyte,
	'extension/dist/problems.cjs': 120 * kilobyte,
	'extension/dist/yaml.cjs': 150 * kilobyte,
	'extension/dist/tools.cjs': 600 * kilobyte,
	// Gates, landing plans and worktrees, for whoever works by themselves.
	'extension/dist/person.cjs': 250 * kilobyte,
	'extension/dist/webviews/dashboard.js': 350 * kilobyte,
	'extension/dist/webviews/watch.js': 60 * kilobyte,
};

/** Taken by `npm run pictures`. */
const walkthroughPictures = ['agents', 'create', 'dashboard', 'review', 'tasks'].map(
	(name) => `extension/media/walkthrough/${name}`,
);

/** What people read besides README and changelog. */
const documents = [
	...['boards', 'budgets', 'drift', 'evidence', 'figures', 'mcp', 'permissions', 'scheduling'],
	...[
		...[
			'README',
			'add-agents',
			'answer-and-permit',
			'begin',
			'bring-older-boards',
			'do-it-yourself',
			'limit-the-cost',
		],
		...[
			'order-tasks',
			'prove-the-work',
			'review',
			'run-the-swarm',
			'steer',
			'terminal',
			'watch',
			'when-it-goes-wrong',
		],
		...['write-tasks', 'your-own-agent'],
	].map((name) => `guide/${name}`),
];

/** Names inside the .vsix as vsce writes them. A door that does not exist ships no bundle. */
export function expectedPackage(doors: readonly string[], webviews: readonly string[]): string[] {
	return [
		'[Content_Types].xml',
		'extension.vsixmanifest',
		'extension/LICENSE.txt',
		'extension/changelog.md',
		...documents.map((name) => `extension/docs/${name}.md`),
		'extension/package.json',
		'extension/package.nls.json',
		'extension/package.nls.de.json',
		// English is what the sources say.
		'extension/l10n/bundle.l10n.de.json',
		'extension/readme.md',
		'extension/media/dreamos.svg',
		'extension/media/icon.png',
		...walkthroughPictures.flatMap((name) => [`${name}-dark.png`, `${name}-light.png`]),
		'extension/dist/thirdPartyNotices.txt',
		'extension/dist/workspace.cjs',
		'extension/dist/language.cjs',
		'extension/dist/dashboard.cjs',
		'extension/dist/attendance.cjs',
		'extension/dist/watch.cjs',
		'extension/dist/authoring.cjs',
		'extension/dist/models.cjs',
		'extension/dist/problems.cjs',
		'extension/dist/mirror.cjs',
		'extension/dist/schemas/agents.schema.json',
		'extension/dist/schemas/policies.schema.json',
		'extension/dist/schemas/task-board.schema.json',
		'extension/dist/yaml.cjs',
		'extension/dist/tools.cjs',
		// The editor's own signs, which pages show too.
		'extension/dist/webviews/codicon.ttf',
		'extension/dist/person.cjs',
		...doors.map((door) => `extension/dist/${door}.cjs`),
		...webviews.flatMap((name) => [`extension/dist/webviews/${name}.js`, `extension/dist/webviews/${name}.css`]),
	];
}

const inKilobytes = (bytes: number) => `${(bytes / kilobyte).toFixed(0)} KB`;

/** The inputs that weigh most in a bundle, heaviest first. */
function largestInputs(metafiles: readonly BundleMetafile[], output: string): string {
	const inputs = metafiles.flatMap(({ outputs }) => Object.entries(outputs[output]?.inputs ?? {}));
	return inputs
		.toSorted(([, left], [, right]) => right.bytesInOutput - left.bytesInOutput)
		.slice(0, 5)
		.map(([name, { bytesInOutput }]) => `${inKilobytes(bytesInOutput)} ${name}`)
		.join(', ');
}

/** Making schemas is most of what loading the extension took: they come with what needs them. */
const isValidator = (path: string): boolean => path.includes('node_modules/zod/');

/** Everything that is wrong with a package, one sentence each. */
export function checkPackage(facts: PackageFacts): string[] {
	const shipped = facts.files.map(({ name }) => name);
	const problems = [
		...shipped
			.filter((name) => !facts.expectedFiles.includes(name))
			.map((name) => `${name} ships, and should not.`),
		...facts.expectedFiles.filter((name) => !shipped.includes(name)).map((name) => `${name} is missing.`),
	];
	if (facts.packageBytes > packageBudget) {
		problems.push(`The package has ${inKilobytes(facts.packageBytes)}; ${inKilobytes(packageBudget)} at most.`);
	}
	for (const { name, bytes } of facts.files) {
		const budget = fileBudgets[name];
		if (budget !== undefined && bytes > budget) {
			const largest = largestInputs(facts.metafiles, name.replace(/^extension\//u, ''));
			problems.push(
				`${name} has ${inKilobytes(bytes)}; ${inKilobytes(budget)} at most. Largest inputs: ${largest}`,
			);
		}
	}
	for (const metafile of facts.metafiles) {
		const way = staticImports(metafile, 'dist/extension.cjs', 'src/extension.ts', isValidator);
		if (way !== undefined) {
			problems.push(`Activation makes schemas it does not need, by way of ${way.slice(0, -1).join(' > ')}`);
		}
	}
	for (const [name, text] of Object.entries(facts.texts)) {
		for (const forbidden of facts.forbiddenTexts.filter((each) => text.includes(each))) {
			problems.push(`${name} contains ${forbidden}`);
		}
	}
	return problems;
}
