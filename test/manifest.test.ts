// Owns the comparison of package.json with the code that has to agree with it, and of package.json with itself.

import { strict as assert } from 'node:assert';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { findAction } from '../src/core/actions/catalogue.ts';
import { defaultSettings, notificationKinds, settingsSchema } from '../src/core/settings.ts';
import { boardPath, runtimePaths } from '../src/core/paths.ts';
import type { TaskStatus } from '../src/core/task/taskStatus.ts';
import { boardNames, moveRules, taskStatuses } from '../src/core/task/taskStatus.ts';
import {
	chatParticipantId,
	chatToolActions,
	commandIds as declaredCommandIds,
	contextKeyNames,
	dashboardPanelType,
	rowCommandIds,
	toolProviderId,
	viewIds,
	unsetNotifications,
} from '../src/editor/manifest.ts';
import type { MenuEntry } from './support/manifest.ts';
import { manifest } from './support/manifest.ts';
import { expectedPackage } from './support/packageRules.ts';
import { dashboardCommands } from '../src/protocol/dashboardApi.ts';

const root = path.join(import.meta.dirname, '..');

const readText = (file: string) => readFileSync(path.join(root, file), 'utf8');
const { commands, views, viewsContainers, viewsWelcome, menus, keybindings, configuration } = manifest.contributes;
const commandIds = commands.map(({ command }) => command);
const settings: Readonly<Record<string, Readonly<Record<string, unknown>>>> = Object.assign(
	{},
	...configuration.map(({ properties }) => properties),
);
const steps = manifest.contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps);
const menuEntries = Object.values(menus).flat();
const allViews = Object.values(views).flat();

/** Context keys a `when` clause may use: ours, and those of the editor we rely on. */
const knownKeys: readonly string[] = [
	...contextKeyNames,
	'view',
	'viewItem',
	'isWorkspaceTrusted',
	'workspaceFolderCount',
	'commentController',
	'commentIsEmpty',
	'comment',
	'editorHasSelection',
	'resourceScheme',
	'false',
];

/** The names in a `when` clause that stand for context keys. */
function keysOf(when: string): string[] {
	return when
		.split(/&&|\|\|/u)
		.map((part) => part.trim().replace(/^[!(\s]+/u, ''))
		.map((part) => /^[\w.]+/u.exec(part)?.[0] ?? part);
}

/** Whether an entry's condition on the row holds for a context value; true when it has none. */
function isShownOn({ when = '' }: MenuEntry, viewItem: string): boolean {
	const [, equal, pattern] = /viewItem (?:== ([\w.]+)|=~ \/(.+)\/$)/u.exec(when) ?? [];
	return pattern === undefined ? equal === undefined || equal === viewItem : new RegExp(pattern, 'u').test(viewItem);
}

/** Statuses of tasks on whose rows an entry is shown, while nobody or (`driven`) an agent holds them. */
function statusesOf(entry: MenuEntry, flags = ''): TaskStatus[] {
	return taskStatuses.filter((status) => isShownOn(entry, `task.${status}${flags}`));
}

describe('manifest', () => {
	it('names every command once, with a title and the common category', () => {
		assert.deepEqual(commandIds, [...new Set(commandIds)]);
		for (const { command, title, category } of commands) {
			assert.match(command, /^dreamos\.[a-z]+\.[a-zA-Z]+$/u);
			assert.match(title, /^[A-Z]/u, command);
			assert.equal(category, 'Dream.OS', command);
		}
	});

	it('has exactly the commands, views and panels of the code', () => {
		assert.deepEqual([...commandIds].toSorted(), [...declaredCommandIds].toSorted());
		assert.deepEqual(
			allViews.map(({ id }) => id),
			Object.values(viewIds),
		);
		assert.ok(manifest.activationEvents.includes(`onWebviewPanel:${dashboardPanelType}`));
		assert.deepEqual(
			manifest.contributes.mcpServerDefinitionProviders.map(({ id }) => id),
			[toolProviderId],
		);
	});

	it('offers models the tools of the code, with what their actions take', () => {
		const { languageModelTools, chatParticipants } = manifest.contributes;
		assert.deepEqual(
			languageModelTools.map(({ name }) => name),
			Object.keys(chatToolActions),
		);
		for (const { name, inputSchema } of languageModelTools) {
			const action = findAction(chatToolActions[name as keyof typeof chatToolActions]);
			assert.ok(action !== undefined, name);
			const { $schema: _dialect, ...schema } = z.toJSONSchema(action.input, { io: 'input' });
			assert.deepEqual(inputSchema, JSON.parse(JSON.stringify(schema)), name);
		}
		assert.deepEqual(
			chatParticipants.map(({ id }) => id),
			[chatParticipantId],
		);
	});

	it('has a handler for every command', () => {
		const sources = globSync('src/editor/{commands,views}/**/*.ts', { cwd: root }).map(readText).join('\n');
		for (const id of commandIds) {
			assert.ok(sources.includes(`'${id}':`) || readText('src/editor/contributions.ts').includes(`'${id}':`), id);
		}
	});

	it('hides from the palette what needs a row, and nothing else for good', () => {
		const hidden = (menus['commandPalette'] ?? [])
			.filter(({ when }) => when === 'false')
			.map(({ command }) => command);
		assert.deepEqual(hidden, rowCommandIds);
	});

	it('has every command the dashboard may ask for', () => {
		for (const command of dashboardCommands) {
			assert.ok(commandIds.includes(`dreamos.${command}`), command);
		}
	});

	it('uses icons that exist', () => {
		const css = readText('node_modules/@vscode/codicons/dist/codicon.css');
		const icons = [...css.matchAll(/\.codicon-([\w-]+):before/gu)].map(([, name]) => name);
		for (const icon of [...commands, ...allViews].flatMap((each) => each.icon ?? [])) {
			assert.ok(icons.includes(icon.replace(/^\$\(|\)$/gu, '')), icon);
		}
		for (const { icon } of viewsContainers.activitybar) {
			assert.match(readText(icon), /^<svg /u);
		}
	});

	it('has an icon the marketplace takes', () => {
		const png = readFileSync(path.join(root, manifest.icon));
		assert.equal(png.toString('latin1', 1, 4), 'PNG');
		assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [256, 256]);
	});

	it('puts only its own commands into menus, and inline only those with an icon', () => {
		for (const { command, group = '' } of menuEntries) {
			assert.ok(commandIds.includes(command), command);
			const icon = commands.find((each) => each.command === command)?.icon;
			assert.ok(icon !== undefined || !/^(?:inline|navigation)/u.test(group), `${command} in ${group}`);
		}
	});

	it('uses only known context keys and views in `when` clauses', () => {
		for (const { when } of [
			...menuEntries,
			...viewsWelcome,
			...allViews,
			...manifest.contributes.languageModelTools,
		]) {
			for (const key of keysOf(when ?? 'view')) {
				assert.ok(knownKeys.includes(key), `${key} in ${when}`);
			}
			const view = /\bview == ([\w.]+)/u.exec(when ?? '')?.[1];
			assert.ok(view === undefined || allViews.some(({ id }) => id === view), when);
		}
	});

	it('shows every view always, so that the container never disappears', () => {
		assert.deepEqual(
			allViews.flatMap(({ when }) => when ?? []),
			[],
		);
	});

	it('links only existing commands from welcome texts and the walkthrough', () => {
		const editorCommands = ['vscode.openFolder', 'workbench.trust.manage'];
		for (const { view } of viewsWelcome) {
			assert.ok(
				allViews.some(({ id }) => id === view),
				view,
			);
		}
		for (const text of [
			...viewsWelcome.map(({ contents }) => contents),
			...steps.map((step) => step.description),
		]) {
			const linked = [...text.matchAll(/\(command:([^)]+)\)/gu)];
			for (const [, command = ''] of linked) {
				assert.ok([...commandIds, ...editorCommands].includes(command), command);
			}
		}
	});

	it('has a picture of the product for each step of the walkthrough, light and dark, and a way to be done with it', () => {
		assert.ok(steps.length >= 5);
		for (const { id, media, completionEvents } of steps) {
			assert.deepEqual(Object.keys(media.image).toSorted(), ['dark', 'hc', 'hcLight', 'light'], id);
			for (const file of Object.values(media.image)) {
				assert.equal(readFileSync(path.join(root, file)).toString('latin1', 1, 4), 'PNG', file);
			}
			assert.ok(media.altText.length > 10, id);
			for (const event of completionEvents) {
				const [kind, rest = ''] = event.split(/:(.*)/su);
				assert.ok(
					kind === 'onCommand'
						? commandIds.includes(rest)
						: kind === 'onContext' && keysOf(rest).every((key) => knownKeys.includes(key)),
					event,
				);
			}
		}
	});

	it('offers a move on the rows of exactly those statuses that allow it', () => {
		const entries = menus['view/item/context'] ?? [];
		for (const [name, { from }] of Object.entries(moveRules)) {
			// Starting claims first where nobody holds the task.
			const allowed: readonly string[] = name === 'start' ? [...from, ...moveRules.claim.from] : from;
			const ofMove = entries.filter(({ command }) => command === `dreamos.task.${name}`);
			for (const entry of ofMove) {
				assert.ok(
					statusesOf(entry).every((status) => allowed.includes(status)),
					`${name}: ${statusesOf(entry).join(' ')}`,
				);
			}
			const context = ofMove.filter(({ group = '' }) => !group.startsWith('inline'));
			assert.ok(context.length <= 1, name);
			for (const entry of context) {
				assert.deepEqual(statusesOf(entry, '.tried').toSorted(), allowed.toSorted(), name);
			}
		}
	});

	it('offers no completing by hand while an agent works, and a review only of what an agent made', () => {
		const entries = (menus['view/item/context'] ?? []).filter(({ when = '' }) => when.includes('dreamos.tasks'));
		const of = (command: string) => entries.filter((entry) => entry.command === command);
		for (const entry of of('dreamos.task.complete')) {
			assert.deepEqual(statusesOf(entry, '.driven.tried'), [], entry.when);
		}
		for (const command of ['dreamos.run.review', 'dreamos.run.accept', 'dreamos.run.reject']) {
			assert.ok(of(command).length > 0, command);
			for (const entry of of(command)) {
				assert.deepEqual(
					[statusesOf(entry, '.driven.tried'), statusesOf(entry, '.tried')],
					[['REVIEW'], []],
					command,
				);
			}
		}
	});

	it('offers nothing that changes a task on the rows of boards that are not ours', () => {
		const entries = (menus['view/item/context'] ?? []).filter(({ when = '' }) => when.includes('dreamos.tasks'));
		const shown = entries.filter((entry) => taskStatuses.some((status) => isShownOn(entry, `foreign.${status}`)));
		assert.deepEqual(
			shown.map(({ command }) => command),
			['dreamos.task.openInBoard'],
		);
	});

	it('has the settings of core/settings.ts, with their types, limits and defaults', () => {
		const schema = z.toJSONSchema(settingsSchema, { io: 'input' });
		const compared = [
			'type',
			'enum',
			'default',
			'minimum',
			'maximum',
			'exclusiveMinimum',
			'exclusiveMaximum',
		] as const;
		const pick = (property: object) =>
			Object.fromEntries(
				Object.entries(property).filter(([key]) => (compared as readonly string[]).includes(key)),
			);
		const expected = Object.entries(schema.properties ?? {}).map(([name, property]) => [
			`dreamos.${name}`,
			pick(property as object),
		]);
		const actual = Object.entries(settings).map(([name, property]) => [name, pick(property)]);
		assert.deepEqual(Object.fromEntries(actual), Object.fromEntries(expected));
	});

	it('has shortcuts for existing commands, behind one key of its own, and no two for the same moment', () => {
		for (const { command, key, when } of keybindings) {
			assert.ok(commandIds.includes(command), command);
			assert.match(key, /^ctrl\+alt\+j [a-z]$/u);
			assert.ok(
				keysOf(when).every((each) => knownKeys.includes(each)),
				when,
			);
		}
		const moments = keybindings.map(({ key, when }) => `${key} ${when}`);
		assert.deepEqual(moments, [...new Set(moments)]);
	});

	it('has notifications before a workspace has read its settings as with none of them set', () => {
		const { notifications, mutedNotifications } = defaultSettings;
		assert.deepEqual(unsetNotifications, { notifications, mutedNotifications });
	});

	it('describes every setting and every choice of it', () => {
		for (const [name, property] of Object.entries(settings)) {
			assert.match(String(property['markdownDescription']), /^[A-Z].*\.$/u, name);
			const values = [property, (property['items'] ?? {}) as Readonly<Record<string, unknown>>];
			for (const { enum: choices = [], enumDescriptions: descriptions = [] } of values) {
				assert.equal((descriptions as readonly string[]).length, (choices as readonly string[]).length, name);
			}
		}
	});

	it('lets every kind of notification be muted', () => {
		const { items } = settings['dreamos.mutedNotifications'] as { readonly items: { readonly enum: unknown } };
		assert.deepEqual(items.enum, notificationKinds);
	});

	it('restricts settings that exist, in untrusted workspaces', () => {
		for (const name of manifest.capabilities.untrustedWorkspaces.restrictedConfigurations) {
			assert.ok(name in settings, name);
		}
	});

	it('contributes a schema that ships for the boards and for the agents', () => {
		const patterns = manifest.contributes.jsonValidation.flatMap(({ fileMatch }) => fileMatch);
		const files = [
			...boardNames.map((name) => boardPath(name)),
			runtimePaths.agents,
			`${runtimePaths.archive}/completed_tasks-2026-01.json`,
		];
		for (const file of files) {
			assert.ok(
				patterns.some((pattern) => path.matchesGlob(`folder/${file}`, pattern)),
				file,
			);
		}
		for (const { url } of manifest.contributes.jsonValidation) {
			assert.ok(expectedPackage([], []).includes(`extension/${path.normalize(url)}`), url);
		}
	});

	it('is activated by nothing it does not need', () => {
		// Views and commands activate by themselves. These cannot be derived from contributions.
		assert.deepEqual(manifest.activationEvents, [
			'onWebviewPanel:dreamos.dashboard',
			'onWebviewPanel:dreamos.watch',
			'workspaceContains:runtime/agent_comms/project_boards/*.json',
			'workspaceContains:runtime/dreamos.json',
		]);
	});

	it('takes its types from the oldest editor it supports, and ships no dependencies', () => {
		assert.equal(manifest.engines.vscode, `^${manifest.devDependencies['@types/vscode']}`);
		assert.equal(manifest.dependencies, undefined);
		assert.equal(manifest.main, './dist/extension.cjs');
	});
});
