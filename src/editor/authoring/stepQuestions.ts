// Owns questions that are asked one after the other in one place: each can be gone back from, and all that are left can be skipped.
// Left with Esc, nothing has happened.

import type { InputBox, QuickInputButton, QuickPick, QuickPickItem } from 'vscode';
import { InputBoxValidationSeverity, QuickInputButtons, ThemeIcon, window } from 'vscode';
import { DisposableStore } from '../../base/disposable.ts';

/** `done` skips what is not asked yet. */
export type StepOutcome<Value> =
	| { readonly kind: 'next' | 'done'; readonly value: Value }
	| { readonly kind: 'back' | 'left' };

export interface StepFrame {
	readonly title: string;
	readonly step: number;
	readonly totalSteps: number;
	/** Tooltip of the button that skips the questions left; without it there is none. */
	readonly finish?: string;
}

/** Asks one question with what was answered so far as its beginning. */
export type Step<Draft> = (draft: Draft, frame: StepFrame) => Promise<StepOutcome<Draft>>;

/** Asks all of them; undefined when the person leaves. */
export async function askSteps<Draft>(
	frame: Pick<StepFrame, 'title' | 'finish'>,
	begin: Draft,
	steps: readonly Step<Draft>[],
): Promise<Draft | undefined> {
	let draft = begin;
	let index = 0;
	for (let step = steps[0]; step !== undefined; step = steps[index]) {
		const isFirst = index === 0;
		const outcome = await step(draft, {
			title: frame.title,
			step: index + 1,
			totalSteps: steps.length,
			...(isFirst || frame.finish === undefined ? {} : { finish: frame.finish }),
		});
		if (!('value' in outcome)) {
			if (outcome.kind === 'left') {
				return undefined;
			}
			index = Math.max(0, index - 1);
			continue;
		}
		draft = outcome.value;
		if (outcome.kind === 'done') {
			return draft;
		}
		index += 1;
	}
	return draft;
}

export interface LineQuestion {
	readonly prompt: string;
	readonly placeholder: string;
	readonly value: string;
	/** Why this cannot be taken; asked before it is. */
	readonly refuse?: (text: string) => string | undefined;
	/** Said below the box while one types; it may come late, and stops nobody. */
	readonly hint?: (text: string) => Promise<string | undefined>;
}

/** Asks for a line of text, trimmed. */
export function askLine(frame: StepFrame, question: LineQuestion): Promise<StepOutcome<string>> {
	const box = window.createInputBox();
	const { refuse, hint } = question;
	box.prompt = question.prompt;
	box.placeholder = question.placeholder;
	box.value = question.value;
	const look = async (text: string) => {
		const said = await hint?.(text);
		// What was typed meanwhile is looked at by its own call.
		if (box.value === text && refuse?.(text.trim()) === undefined) {
			box.validationMessage =
				said === undefined ? undefined : { message: said, severity: InputBoxValidationSeverity.Info };
		}
	};
	const changed = (text: string) => {
		box.validationMessage = undefined;
		look(text).catch(() => undefined);
	};
	box.onDidChangeValue(changed);
	if (question.value !== '') {
		changed(question.value);
	}
	return untilAnswered(box, frame, () => {
		const text = box.value.trim();
		const refusal = refuse?.(text);
		if (refusal !== undefined) {
			box.validationMessage = { message: refusal, severity: InputBoxValidationSeverity.Error };
			return undefined;
		}
		return { value: text };
	});
}

export interface ChoiceItem<Value> extends QuickPickItem {
	readonly value: Value;
}

/** Asks for one of several; the one chosen before is active. */
export function askChoice<Value>(
	frame: StepFrame,
	placeholder: string,
	items: readonly ChoiceItem<Value>[],
	chosen: Value,
): Promise<StepOutcome<Value>> {
	const pick = createPick(placeholder, items);
	pick.activeItems = pick.items.filter(({ value }) => value === chosen);
	return untilAnswered(pick, frame, () => pick.activeItems[0]);
}

/** Asks for any number of them. */
export function askChoices<Value>(
	frame: StepFrame,
	placeholder: string,
	items: readonly ChoiceItem<Value>[],
	chosen: readonly Value[],
): Promise<StepOutcome<readonly Value[]>> {
	const pick = createPick(placeholder, items);
	pick.canSelectMany = true;
	pick.selectedItems = pick.items.filter(({ value }) => chosen.includes(value));
	return untilAnswered(pick, frame, () => ({ value: pick.selectedItems.map(({ value }) => value) }));
}

function createPick<Value>(placeholder: string, items: readonly ChoiceItem<Value>[]): QuickPick<ChoiceItem<Value>> {
	const pick = window.createQuickPick<ChoiceItem<Value>>();
	pick.placeholder = placeholder;
	pick.matchOnDescription = true;
	pick.items = items;
	return pick;
}

function untilAnswered<Value, Item extends QuickPickItem>(
	input: InputBox | QuickPick<Item>,
	{ title, step, totalSteps, finish }: StepFrame,
	read: () => { readonly value: Value } | undefined,
): Promise<StepOutcome<Value>> {
	const finishButton: QuickInputButton | undefined =
		finish === undefined ? undefined : { iconPath: new ThemeIcon('check-all'), tooltip: finish };
	input.title = title;
	if (totalSteps > 1) {
		input.step = step;
		input.totalSteps = totalSteps;
	}
	input.ignoreFocusOut = true;
	input.buttons = [
		...(step > 1 ? [QuickInputButtons.Back] : []),
		...(finishButton === undefined ? [] : [finishButton]),
	];
	return new Promise((resolve) => {
		const store = new DisposableStore();
		const end = (outcome: StepOutcome<Value>) => {
			resolve(outcome);
			store.dispose();
		};
		const take = (kind: 'next' | 'done') => {
			const answer = read();
			if (answer !== undefined) {
				end({ kind, value: answer.value });
			}
		};
		store.add(input);
		store.add(input.onDidAccept(() => take('next')));
		store.add(
			input.onDidTriggerButton((button) =>
				button === QuickInputButtons.Back ? end({ kind: 'back' }) : take('done'),
			),
		);
		store.add(input.onDidHide(() => end({ kind: 'left' })));
		input.show();
	});
}
