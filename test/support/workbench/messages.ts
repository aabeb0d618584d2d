// Owns what the editor tells and asks a person: notification toasts and modal dialogs.
// Toasts are hidden by the smoke-test flag, so start the editor without it.
import type { Locator, Page } from 'playwright-core';
import { describeScreen } from './describeScreen.ts';
import { until } from './until.ts';

/** One toast, as a person reads it. */
export interface Toast {
	readonly severity: 'info' | 'warning' | 'error';
	readonly text: string;
	readonly buttons: readonly string[];
}

/** Drives toasts and dialogs of one page. */
export class Messages {
	readonly #page: Page;
	readonly #toasts: Locator;
	readonly #dialog: Locator;

	constructor(page: Page) {
		this.#page = page;
		this.#toasts = page.locator('.notifications-toasts .notification-toast');
		this.#dialog = page.locator('.monaco-dialog-box');
	}

	/** The toasts on the screen, newest first. */
	async toasts(): Promise<Toast[]> {
		return await this.#toasts.evaluateAll((elements) =>
			elements.map((element) => {
				const icon = element.querySelector('.notification-list-item-icon')?.className ?? '';
				const buttons = element.querySelectorAll('.notification-list-item-buttons-container .monaco-button');
				return {
					severity: icon.includes('codicon-error')
						? ('error' as const)
						: icon.includes('codicon-warning')
							? ('warning' as const)
							: ('info' as const),
					text: (element.querySelector('.notification-list-item-message')?.textContent ?? '').trim(),
					buttons: [...buttons].map((button) => (button.textContent ?? '').trim()),
				};
			}),
		);
	}

	/** Waits for a toast whose text contains or matches. */
	async untilToast(text: string | RegExp, milliseconds?: number): Promise<Toast> {
		return await until(
			`a notification with ${String(text)}`,
			async () => (await this.toasts()).find((toast) => matches(toast.text, text)),
			() => describeScreen(this.#page),
			milliseconds,
		);
	}

	/** Presses a button of the toast with that text. */
	async pressToastButton(text: string | RegExp, button: string): Promise<void> {
		await this.untilToast(text);
		const toast = this.#toasts.filter({
			has: this.#page.locator('.notification-list-item-message', { hasText: text }),
		});
		const buttons = toast.first().locator('.notification-list-item-buttons-container .monaco-button');
		await buttons.filter({ hasText: button }).first().click();
	}

	/** Closes every toast, answering none. */
	async dismissToasts(): Promise<void> {
		await until('the notifications to go', async () => {
			const toast = this.#toasts.first();
			if ((await this.#toasts.count()) === 0) {
				return true;
			}
			await toast.hover({ timeout: 1_000 });
			await toast.locator('.codicon-notifications-clear, .codicon-close').first().click({ timeout: 1_000 });
			return undefined;
		});
	}

	/** Waits for a modal dialog; message and detail as one text. */
	async dialogText(): Promise<string> {
		return await until('a modal dialog', async () => {
			const parts = this.#dialog.locator('.dialog-message-text, .dialog-message-detail');
			const texts = await parts.allInnerTexts();
			return texts.length > 0 && texts.join('\n').trim();
		});
	}

	/** Titles of the dialog's buttons. */
	async dialogButtons(): Promise<string[]> {
		await this.dialogText();
		return await this.#dialog.locator('.dialog-buttons .monaco-button').allInnerTexts();
	}

	/** Presses a button of the modal dialog and waits until the dialog is gone. */
	async pressDialogButton(button: string): Promise<void> {
		await this.dialogText();
		await this.#dialog.locator('.dialog-buttons .monaco-button').filter({ hasText: button }).first().click();
		await until('the dialog to close', async () => (await this.#dialog.count()) === 0);
	}
}

function matches(text: string, expected: string | RegExp): boolean {
	return typeof expected === 'string' ? text.includes(expected) : expected.test(text);
}
